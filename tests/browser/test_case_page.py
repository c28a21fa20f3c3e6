"""A unit answers, somebody calls back and concludes: mouse, keyboard, phone, in the dark."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from derman.cases import actions
from derman.cases.models import Case
from tests import factories
from tests.browser.conftest import _session_of, violations, wait_for_draft

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = (
    "Ayşe Yılmaz", "Mehmet Demir", "Işıl Çelik", "Şükrü Öztürk", "Gül Aydın", "Kemal Doğan",
    "Zeynep Kılıç", "Hasan Arslan",
)  # fmt: skip
TOPICS = (
    ("metering.reading_disputed", "3 Mart okuması sayacın bugün gösterdiğinden yüksek."),
    ("billing.invoice_objection", "Faturam geçen yılın iki katı, bir yanlışlık olmalı."),
    ("supply.no_gas", "Sabahtan beri gaz yok, aynı merdivende üç daire."),
    ("service.staff_conduct", "Gelen görevli kapıyı çarptı ve tutanak bırakmadı."),
)


@pytest.fixture
def act():
    profile = factories.published()
    boss = factories.make_user("supervisor", "solution")
    boss.first_name, boss.last_name = "Sevgi", "Yıldız"
    boss.save()
    return {"by": boss, "at": timezone.now(), "profile": profile}


@pytest.fixture
def unit(act):
    return factories.make_user("unit", "metering")


@pytest.fixture
def case(act):
    """One case with an account, an e-mail address, a question to the unit, and others around it."""
    start = act["at"] - timedelta(days=6)
    for number in range(29):
        topic, said = TOPICS[number % len(TOPICS)]
        name = NAMES[number % len(NAMES)]
        person = factories.make_customer(name, phone=f"+90532123{number:04}")
        made = factories.make_case(
            customer=person, topic=topic, description=said, region="merkez",
            at=start + timedelta(hours=5 * number),
        )  # fmt: skip
        if number % 3 == 0:
            actions.take(made, by=act["by"], at=made.received_at, profile=act["profile"])
    known = factories.make_customer(
        "Ayşe Yılmaz", email="ayse@ornek.example", address="Vişnelik Mahallesi, Gül Sokak 12/4"
    )
    account = factories.make_account(known, "10442817")
    made = factories.make_case(
        customer=known, account=account, region="merkez", at=act["at"] - timedelta(hours=3),
        description="3 Mart okuması sayacın bugün gösterdiğinden yüksek. Fatura 1.240,50 TL.",
        proposal="Faturanın düzeltilmesini istiyorum.",
    )  # fmt: skip
    actions.take(made, **{**act, "at": act["at"] - timedelta(hours=2)})
    actions.refer(
        made, "metering", question="3 Mart'ta hangi endeks okundu?",
        **{**act, "at": act["at"] - timedelta(hours=2)},
    )  # fmt: skip
    return made


def answered(case, act):
    actions.answer_task(case.tasks.get(), "Yanlış okunmuş; 4 812 olarak düzeltildi.", **act)
    case.refresh_from_db()
    return case


def test_a_unit_answers_from_a_phone(open_tab, case, unit, picture):
    tab = open_tab(unit, narrow=True)
    tab.goto("/desk/tasks/")
    assert not violations(tab)
    tab.locator(f"[data-number='{case.number}']").click()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.get_by_role("button", name="Start the work").click()
    tab.get_by_label("The answer", exact=True).fill("Yanlış okunmuş; 4 812 olarak düzeltildi.")
    assert not violations(tab)
    picture(tab, "task-390-light")
    tab.get_by_role("button", name="Send the answer").click()
    tab.wait_for_url("**/desk/tasks/")
    case.refresh_from_db()
    assert case.state == "answered"


def test_call_back_and_conclude_with_the_keyboard(open_tab, case, act, picture):
    answered(case, act)
    tab = open_tab(act["by"])
    tab.goto("/desk/?view=call")
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(r"/desk/cases/\d+/"))
    assert not violations(tab)
    picture(tab, "case-1440-light")

    tab.keyboard.press("c")
    expect(tab.locator("#panel .call-numbers")).to_contain_text("•")
    tab.locator("#panel .call-numbers button").press("Enter")  # in full only when asked for
    expect(tab.locator("#panel .call-numbers")).to_contain_text("0532 123 45 67")
    tab.locator("#panel [value=reached]").press("Space")
    expect(tab.locator("#panel [value=reached]")).to_be_checked()
    tab.fill("#contacts_note", "Sonucu anlattım.")
    assert not violations(tab)
    picture(tab, "case-call-1440-light")
    tab.keyboard.press("Control+Enter")

    tab.wait_for_url(re.compile("do=outcome"))
    expect(tab.locator("#outcome_text")).to_be_visible()
    said = tab.locator(".timeline").get_by_text("4 812 olarak düzeltildi").bounding_box()
    assert said["y"] + said["height"] < tab.locator("#foot").bounding_box()["y"]  # read beside it
    tab.check("#panel [value=justified]")
    tab.fill("#outcome_text", "Okuma düzeltildi, yeni fatura bugün çıkıyor.")
    expect(tab.locator("#preview-outcome")).to_contain_text("Haklı")
    expect(tab.locator("#preview-outcome [data-parts]")).to_be_visible()
    assert not violations(tab)
    picture(tab, "case-outcome-1440-light")
    tab.focus("#outcome_text")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator(".case-head")).to_have_attribute("data-state", "resolved")

    tab.locator("[data-verb=closure]").click()
    tab.locator("#panel").get_by_role("button", name="Close", exact=True).last.click()
    expect(tab.locator(".case-head")).to_have_attribute("data-state", "closed")
    assert Case.objects.get(pk=case.pk).decision == "justified"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_case_page_is_readable_everywhere(open_tab, case, act, picture, scheme, narrow):
    answered(case, act)
    tab = open_tab(act["by"], narrow=narrow, scheme=scheme)
    tab.goto(f"/desk/cases/{case.number}/?view=mine")
    assert not violations(tab)
    width = 390 if narrow else 1440
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert narrow or tab.evaluate("document.documentElement.scrollHeight") <= 900
    picture(tab, f"case-{width}-{scheme}")
    tab.locator(".pane-side .clock-why summary").first.click()
    expect(tab.locator(".derivation").first).to_contain_text("working days are allowed")
    assert not violations(tab)


def test_a_part_of_the_page_can_be_used_the_moment_it_comes(open_tab, case, act):
    answered(case, act)
    tab = open_tab(act["by"])
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.evaluate("""
        new MutationObserver((changes, watcher) => {
            const button = document.querySelector("#panel .call-numbers button");
            if (button) watcher.disconnect() ?? button.click();
        }).observe(document.getElementById("panel"), { childList: true, subtree: true })
    """)
    tab.keyboard.press("c")
    expect(tab.locator("#panel .call-numbers")).to_contain_text("0532 123 45 67")
    expect(tab).to_have_url(re.compile("view=all"))


def test_two_composers_with_drafts_and_an_undo(open_tab, case, act):
    tab = open_tab(act["by"])
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.keyboard.press("i")
    expect(tab.locator("#notes_text")).to_be_focused()
    tab.keyboard.press("Escape")
    tab.locator("#reply-tab").click()
    tab.locator("#starter-replies").select_option(index=1)
    expect(tab.locator("#replies_text")).not_to_have_value("")
    tab.fill("#replies_text", "Sayın Ayşe Yılmaz, okumayı kontrol ediyoruz.")
    wait_for_draft(tab, "kontrol ediyoruz")
    tab.reload()
    expect(tab.locator("#replies_text")).to_have_value(re.compile("kontrol ediyoruz"))
    tab.get_by_role("button", name="Send to applicant").click()
    expect(tab.locator(".undo")).to_be_visible()
    assert not violations(tab)
    tab.locator(".undo button").click()
    expect(tab.locator("#replies_text")).to_have_value(re.compile("kontrol ediyoruz"))
    expect(tab.locator(".undo")).to_have_count(0)


def test_the_second_of_two_people_keeps_what_was_typed(open_tab, case, act, picture):
    tab = open_tab(act["by"])
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.keyboard.press("f")
    tab.locator("#referrals_question").fill("Sayaç mühürlü mü?")
    actions.note(case, "Ben bakıyorum.", **act)
    tab.locator("#panel").get_by_role("button", name="Refer", exact=True).click()
    expect(tab.locator("[data-news]")).to_contain_text("Internal note")
    expect(tab.locator("#referrals_question")).to_have_value("Sayaç mühürlü mü?")
    assert not violations(tab)
    picture(tab, "case-conflict-1440-light")


def test_a_form_and_a_menu_that_a_key_opened_are_gone_through_by_keys(open_tab, case, act):
    tab = open_tab(act["by"])
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.keyboard.press("f")  # its first field is a list that one types into
    expect(tab.locator("#referrals_unit")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("[data-verb=referrals]")).to_be_focused()
    tab.keyboard.press("m")
    expect(tab.locator("summary[data-key=m]")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("details:has(> summary[data-key=m])")).not_to_have_attribute("open", "")


@pytest.mark.parametrize("narrow", [False, True])
def test_every_verb_of_the_menu_is_in_sight_with_and_without_a_form(open_tab, case, act, narrow):
    tab = open_tab(act["by"], narrow=narrow)
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    menu = tab.locator(".verbs > .menu").last
    for form in ("", "contacts"):
        if form:
            tab.locator(f"[data-verb={form}]").click()
            expect(tab.locator(f"#form-{form}")).to_be_visible()
        menu.locator("summary").click()
        for item in menu.locator(".menu-item").all():
            item.scroll_into_view_if_needed()
            item.click(trial=True)  # not covered, not cut off
        inside = menu.locator(".items").bounding_box()
        pane = tab.locator(".pane-main").bounding_box()
        assert pane["x"] <= inside["x"]
        assert inside["x"] + inside["width"] <= pane["x"] + pane["width"]
        tab.keyboard.press("Escape")


def test_pressed_twice_a_form_is_sent_once(open_tab, case, act):
    tab = open_tab(act["by"])
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    sent = []
    tab.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    tab.keyboard.press("c")
    tab.locator("#panel [value=reached]").check()
    tab.locator("#contacts_note").fill("Ulaşıldı.")
    tab.locator("#form-contacts .foot button").first.dblclick()
    expect(tab.locator(".timeline")).to_contain_text("Ulaşıldı.")
    assert sum("/contacts/" in address for address in sent) == 1
    assert case.contacts.count() == 1


def test_a_form_stands_alone_without_scripts(chromium, live_server, case, act):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies([_session_of(act["by"], live_server.url)])
    tab = context.new_page()
    tab.goto(f"/desk/cases/{case.number}/?view=all")
    tab.locator("[data-verb=contacts]").click()
    tab.check("[value=not_reached]")
    tab.get_by_role("button", name="Log the call").click()
    expect(tab.locator("[data-event=contacted]")).to_have_count(1)
    context.close()
