"""The settings in a browser: readable everywhere, a change made and published by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from derman.profile import drafts, editing, publishing
from tests.browser.conftest import violations
from tests.factories import make_case, make_user, published

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = ("topics", "metering", "children", "reading_disputed")


@pytest.fixture
def admin():
    published()
    return make_user("admin")


def change(admin, path, value):
    seen = editing.fingerprint(editing.value_at(drafts.current().document, path))
    drafts.set_value(path, value, seen=seen, by=admin, at=timezone.now())


@pytest.mark.parametrize(("narrow", "scheme"), [(False, "light"), (True, "dark")])
def test_every_kind_of_page_is_readable(open_tab, admin, picture, narrow, scheme):
    make_case(at=timezone.now() - timedelta(days=1))
    change(admin, (*TOPIC, "resolve"), "77 hours")
    change(admin, (*TOPIC, "script", "en"), "We look at your meter and call you back in two days.")
    change(admin, ("process", "owner"), "metering")
    tab = open_tab(admin, narrow=narrow, scheme=scheme)
    width = 390 if narrow else 1440
    pages = {
        "home": "",
        "topics": "profile/topics/",
        "topic": f"profile/{'/'.join(TOPIC)}/",
        "process": "profile/process/",
        "organisation": "profile/organisation/",
        "calendar": "profile/calendar/",
        "notice": "profile/notices/0/",
        "message": "profile/messages/opened_sms/",
        "add": "add/units/",
        "remove": "removal/units/metering/",
        "draft": "draft/",
        "replay": "replay/",
        "versions": "versions/",
        "files": "files/",
    }
    for name, path in pages.items():
        tab.goto(f"/settings/{path}")
        assert violations(tab) == [], name
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
        picture(tab, f"settings-{name}-{width}-{scheme}")


def test_a_change_is_made_tried_and_published_by_keyboard(open_tab, admin):
    case = make_case(at=timezone.now() - timedelta(days=1))
    tab = open_tab(admin)
    tab.goto("/settings/profile/topics/")
    tab.get_by_role("searchbox", name="Search this list").focus()
    tab.keyboard.type("reading_disputed")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**q=reading_disputed")
    tab.locator(".settings-leaves a").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/reading_disputed/")

    tab.locator("[name=resolve_amount]").focus()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("77")
    tab.keyboard.press("Tab")
    tab.keyboard.type("hours")  # Enter in a list would send the form already
    tab.get_by_role("button", name="Save in the draft").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text("Saved in the draft.")

    tab.goto("/settings/replay/")
    expect(tab.locator("[data-replayed]")).to_have_attribute("data-replayed", "1")
    expect(tab.locator(f"tr[data-number='{case.number}']")).to_be_visible()

    tab.goto("/settings/draft/")
    tab.get_by_label("Why").focus()
    tab.keyboard.type("The law changed.")
    tab.get_by_role("button", name="Publish the draft").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/settings/versions/")
    expect(tab.locator("tbody tr").first).to_contain_text("The law changed.")
    publishing.forget()
    topic = publishing.current().profile.topic("metering.reading_disputed")
    assert str(topic.resolve) == "77 hours"


def test_a_message_is_filled_and_counted_while_it_is_typed(open_tab, admin):
    tab = open_tab(admin)
    tab.goto("/settings/profile/messages/opened_sms/")
    field = tab.locator("[name='value.en.text']")
    field.fill("Number {{ number }}.")
    expect(tab.locator("#sample-en")).to_contain_text("Number 264 839 172.")
    expect(tab.locator("#sample-en")).to_contain_text("1 SMS")
    field.fill("Number {{ nobody }}.")
    expect(tab.locator("#sample-en")).to_contain_text("nobody")
    field.fill("A long message. " * 60)
    expect(tab.locator("#sample-en")).to_have_attribute("data-over", "")
