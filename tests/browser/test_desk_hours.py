"""A day at the desk: who else is here, laying aside, drafts that stay, and a reply called back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from derman.cases import actions
from derman.workplace.models import Draft
from tests import factories
from tests.browser.conftest import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def act():
    profile = factories.published()
    boss = factories.make_user("supervisor", "solution")
    boss.first_name, boss.last_name = "Sevgi", "Yıldız"
    boss.save()
    return {"by": boss, "at": timezone.now(), "profile": profile}


@pytest.fixture
def case(act):
    known = factories.make_customer("Ayşe Yılmaz", email="ayse@ornek.example")
    made = factories.make_case(customer=known, at=act["at"] - timedelta(hours=3))
    actions.take(made, **act)
    return made


def test_two_people_see_each_other_without_a_reload(open_tab, case, act, picture):
    agent = factories.make_user("agent", "call_centre")
    one, other = open_tab(act["by"]), open_tab(agent)
    one.goto(f"/desk/cases/{case.number}/")
    expect(one.locator("[data-presence]")).to_be_attached()
    other.goto(f"/desk/cases/{case.number}/")
    expect(other.locator(".colleague")).to_contain_text("Sevgi Yıldız is looking at this")
    other.locator("#replies_text").fill("Sayın Ayşe Yılmaz")
    expect(one.locator(".colleague")).to_contain_text("is typing")
    assert not violations(one)
    picture(one, "case-presence-1440-light")
    one.goto("/desk/?view=all")
    expect(one.locator(".row .here")).to_have_count(1)
    assert not violations(one)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_case_is_laid_aside_by_keyboard_and_comes_back(open_tab, case, act, picture, narrow):
    tab = open_tab(act["by"], narrow=narrow, scheme="dark" if narrow else "light")
    tab.goto(f"/desk/cases/{case.number}/?view=mine")
    tab.keyboard.press("z")
    expect(tab.locator("#form-snooze")).to_be_visible()
    tab.keyboard.press("Space")
    tab.check("#panel [value=appointment]")
    assert not violations(tab)
    picture(tab, f"snooze-form-{'390-dark' if narrow else '1440-light'}")
    tab.focus("#panel [value=appointment]")
    tab.locator("#panel").get_by_role("button", name="Lay aside", exact=True).press("Enter")
    expect(tab.locator("[data-asleep]")).to_be_visible()
    tab.goto("/desk/?view=mine")
    expect(tab.locator("[data-number]")).to_have_count(0)
    tab.goto("/desk/?view=aside")
    expect(tab.locator("[data-row]")).to_have_count(1)
    assert not violations(tab)
    tab.goto(f"/desk/cases/{case.number}/?view=mine")
    expect(tab.locator("[data-asleep]")).to_be_visible()
    assert not violations(tab)
    picture(tab, f"snoozed-{'390-dark' if narrow else '1440-light'}")


def test_words_are_kept_by_themselves_and_there_again_elsewhere(open_tab, case, act, picture):
    tab = open_tab(act["by"])
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.locator("#replies_text").press_sequentially("Sayın Ayşe Yılmaz, ")
    expect(tab.locator("#kept-replies")).to_contain_text("Kept")
    assert not violations(tab)
    picture(tab, "draft-kept-1440-light")
    elsewhere = open_tab(act["by"], narrow=True)
    elsewhere.goto("/desk/?view=all")
    expect(elsewhere.locator(".row .tags")).to_contain_text("Draft")
    elsewhere.goto(f"/desk/cases/{case.number}/?view=all")
    expect(elsewhere.locator("#replies_text")).to_have_value(re.compile("Sayın Ayşe"))
    elsewhere.locator("#replies_text").focus()
    elsewhere.locator("#kept-replies button").click()
    expect(elsewhere.locator("#replies_text")).to_have_value("")
    assert not Draft.objects.exists()


def test_a_reply_is_called_back_within_its_seconds(open_tab, case, act, picture):
    tab = open_tab(act["by"])
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.locator("#replies_text").fill("Sayın Ayşe Yılmaz, yarın arıyoruz.")
    tab.get_by_role("button", name="Send to applicant").click()
    expect(tab.locator(".undo [data-seconds]")).to_have_text(re.compile(r"\d+ s"))
    assert not violations(tab)
    picture(tab, "undo-1440-light")
    tab.locator(".undo button").click()
    expect(tab.locator("[data-event=reply_withdrawn]")).to_be_visible()
    expect(tab.locator("#replies_text")).to_have_value("Sayın Ayşe Yılmaz, yarın arıyoruz.")
    expect(tab.locator(".undo")).to_have_count(0)
    assert not violations(tab)


def test_a_call_is_kept_while_it_is_typed(open_tab, act, picture):
    tab = open_tab(factories.make_user("agent", "call_centre"))
    tab.goto("/desk/register/")
    tab.locator("#id_description").press_sequentially("Sayaç dönmüyor.")
    expect(tab.locator("#kept-register")).to_contain_text("Kept")
    assert not violations(tab)
    tab.evaluate("sessionStorage.clear()")  # as in another browser
    tab.goto("/desk/register/")
    expect(tab.locator(".call-page")).to_contain_text("A call that you began")
    assert not violations(tab)
    picture(tab, "register-kept-1440-light")
    tab.get_by_role("link", name="Go on with it").click()
    expect(tab.locator("#id_description")).to_have_value("Sayaç dönmüyor.")


@pytest.mark.parametrize("narrow", [False, True])
def test_a_macro_is_looked_at_and_done(open_tab, case, act, picture, narrow):
    tab = open_tab(act["by"], narrow=narrow, scheme="dark" if narrow else "light")
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.keyboard.press("m")
    expect(tab.get_by_role("link", name="Have the reading checked")).to_be_visible()
    assert not violations(tab)
    tab.get_by_role("link", name="Have the reading checked").press("Enter")
    expect(tab.locator(".macro-steps li")).to_have_count(3)
    assert not violations(tab)
    picture(tab, f"macro-{'390-dark' if narrow else '1440-light'}")
    tab.get_by_label("Question to the unit").fill("Okuma kaç?")
    tab.get_by_role("button", name="Do all of it").press("Enter")
    expect(tab.locator("[data-event=referred]")).to_contain_text("Okuma kaç?")
    expect(tab.locator(".undo")).to_be_visible()
