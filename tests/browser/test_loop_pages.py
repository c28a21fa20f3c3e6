"""What follows an answer, in the browser: every page with rows in it, wide and narrow, by keyboard.

Root causes, improvements, the planner and the maps are looked at in files of their own.
"""

from datetime import timedelta
from decimal import Decimal as Amount

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from derman.cases import access_codes, actions, escalating
from derman.cases.actions import Plan
from derman.cases.actions._core import Act
from derman.cases.models import Case
from derman.outbox import expansion
from derman.quality import answering, asking
from derman.quality.answering import Given
from derman.quality.models import Survey
from derman.visits import planning, slots
from derman.words.kinds import Channel, Decision
from derman.words.loop import ActionKind, LinkKind, OfferState, Trigger
from tests import factories
from tests.browser.conftest import violations

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(False, "light"), (True, "dark")]
HOURS, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def boss():
    return factories.make_user("supervisor", name="boss")


@pytest.fixture
def given(boss):
    return {"by": boss, "at": timezone.now() - 2 * HOURS, "profile": factories.published()}


def opened(given, **more) -> Case:
    """A complaint of somebody with a phone and an address, in review."""
    customer = factories.make_customer(
        email="ayse@ornek.example", address="Vişnelik Mahallesi, Gül Sokak 12/4"
    )
    case = factories.make_case(
        customer=customer, at=given["at"] - 20 * HOURS, kind="complaint", **more
    )
    actions.take(case, **given)
    return case


@pytest.fixture
def offered(given):
    case = opened(given)
    actions.promise(case, given["at"] + HOURS, **given)
    actions.offer(case, "Sayacınızı ücretsiz değiştiririz.", **given)
    return case


@pytest.fixture
def waiting(given):
    """A decision above the limit of the one who made it, and what was raised meanwhile."""
    case = opened(given)
    expert = factories.make_user("solution", "solution")
    escalating.trigger(
        case, Trigger.BOUNCED, Act(None, given["at"], given["profile"]), channel="sms"
    )
    act = {**given, "by": expert}
    actions.outcome(case, Decision.JUSTIFIED, "Haklısınız.", compensation=Amount(9000), **act)
    return case


@pytest.fixture
def resolved(given):
    """Justified, with an action, and with an applicant who is not satisfied."""
    case = opened(given)
    actions.plan_action(case, Plan(ActionKind.CORRECTIVE, "Sayaç değişecek."), **given)
    actions.outcome(case, Decision.JUSTIFIED, "Sayaç yanlış okunmuş.", **given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    said = Given(process=4, action=1, text="Yine bozuldu.")
    answering.answer_for(case, said, via=Channel.PHONE, **given)
    return case


@pytest.fixture
def linked(given):
    """With a visit ahead, a repeat beside it and another case merged into it."""
    case, alike, again = opened(given), opened(given), opened(given)
    actions.link(case, alike, LinkKind.RELATED, **given)
    actions.merge(again, case, **given)
    slot = slots.offered(given["profile"].profile, given["at"], units=["network"])[0]
    planning.plan(case, slot.key, address="Gül Sokak 12/4", purpose="Sayaç okunacak.", **given)
    return case


@pytest.fixture
def lettered(given):
    """Refused once, and answered on paper with whom else to turn to."""
    case = opened(given)
    Case.objects.filter(pk=case.pk).update(reply_channel="letter")
    case.refresh_from_db()
    actions.refuse(actions.offer(case, "Sayacı değiştiririz.", **given), "Çok geç.", **given)
    bodies = ["arbitration", "epdk"]
    actions.refer_out(case, "Sayaç doğru çıktı.", bodies, decision="not_justified", **given)
    return case


def link_to(case: Case, purpose: str, about) -> str:
    """The address that an applicant finds in the message."""
    point = case.applicant.contact_points.get(kind="phone")
    token = access_codes.make_link(case, point, timezone.now(), purpose=purpose, about=about)
    return f"/{purpose}/{token}/"


def fits(tab, name: str, picture) -> None:
    """Nothing for axe to say, and nothing to push sideways."""
    assert not violations(tab), name
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    picture(tab, name)


@pytest.mark.parametrize(("narrow", "scheme"), SIZES)
def test_every_page_with_rows_in_it(
    open_tab, boss, offered, waiting, resolved, linked, lettered, picture, narrow, scheme
):
    tab = open_tab(boss, narrow=narrow, scheme=scheme)
    pages = {
        "board": ("board/", "[data-person], [data-unit]"),
        "escalations": ("escalations/", ".raised-list > li"),
        "promises": ("promises/?which=late", "[data-row]"),
        "actions": ("actions/", "[data-row]"),
        "offers": ("offers/", "[data-row]"),
        "letters": ("letters/", "[data-number]"),
        "follow-ups": ("follow-ups/", "[data-row]"),
        "satisfaction": ("satisfaction/", "[data-figure]"),
        "compliance": ("compliance/?days=30", "main h1"),
        "case-offered": (f"cases/{offered.number}/", "[data-offer]"),
        "case-waiting": (f"cases/{waiting.number}/", "[data-approval]"),
        "case-resolved": (f"cases/{resolved.number}/", ".follow-up"),
        "case-linked": (f"cases/{linked.number}/", "[data-part]"),
        "case-lettered": (f"cases/{lettered.number}/", "main"),
    }
    for name, (address, row) in pages.items():
        tab.goto(f"/desk/{address}")
        expect(tab.locator(row).first, name).to_be_attached()
        fits(tab, f"{name}-{390 if narrow else 1440}-{scheme}", picture)


@pytest.mark.parametrize(("narrow", "scheme"), SIZES)
def test_every_form(
    open_tab, boss, given, offered, waiting, resolved, lettered, picture, narrow, scheme
):
    tab = open_tab(boss, narrow=narrow, scheme=scheme)
    free = opened(given)
    forms = {
        "outcome": free,
        "offers": free,
        "links": free,
        "merger": free,
        "actions": resolved,
        "visit": free,
        "offer-acceptance": offered,
        "offer-refusal": offered,
        "approval": waiting,
        "follow-up": resolved,
    }
    for noun, case in forms.items():
        tab.goto(f"/desk/cases/{case.number}/{noun}/")
        expect(tab.locator("main form .button:not(.plain)").last).to_be_visible()
        fits(tab, f"form-{noun}-{390 if narrow else 1440}-{scheme}", picture)


@pytest.mark.parametrize(("narrow", "scheme"), SIZES)
def test_what_the_applicant_opens(open_tab, given, offered, lettered, picture, narrow, scheme):
    asked = opened(given)
    actions.outcome(asked, Decision.JUSTIFIED, "Sayaç yanlış okunmuş.", **given)
    actions.contact(asked, channel="phone", outcome="reached", **given)
    profile, now = given["profile"], timezone.now()
    expansion.expand(now, 100, after=lambda events: asking.plan(events, profile=profile))
    asking.settle(now + 3 * DAY, 100, profile=profile)
    survey = Survey.objects.get(case=asked)
    tab = open_tab(narrow=narrow, scheme=scheme)
    pages = {
        "offer": link_to(offered, "offer", offered.offers.get().pk),
        "survey": link_to(asked, "survey", survey.pk),
    }
    for name, address in pages.items():
        tab.goto(address)
        expect(tab.get_by_role("radio").first).to_be_visible()
        fits(tab, f"portal-{name}-{390 if narrow else 1440}-{scheme}", picture)
    for case in (offered, lettered):
        point = case.applicant.contact_points.get(kind="phone")
        tab.goto(f"/track/{access_codes.make_link(case, point, timezone.now())}/")
        tab.locator("main form .button").click()
        fits(tab, f"portal-track-{case.state}-{390 if narrow else 1440}-{scheme}", picture)


def test_an_offer_is_made_by_keyboard(open_tab, boss, given):
    case = opened(given)
    tab = open_tab(boss)
    tab.goto(f"/desk/cases/{case.number}/offers/")
    tab.locator("main form textarea").first.focus()
    tab.keyboard.type("Sayacınızı ücretsiz değiştiririz.")
    send(tab)
    assert case.offers.get().state == OfferState.OPEN


def test_cases_are_linked_and_an_action_planned_by_keyboard(open_tab, boss, given):
    case, other = opened(given), opened(given)
    tab = open_tab(boss)
    tab.goto(f"/desk/cases/{case.number}/links/")
    tab.locator("main form input[name=suggested]").first.focus()
    tab.keyboard.press("Space")
    send(tab)
    assert case.links.get().other == other

    tab.goto(f"/desk/cases/{case.number}/actions/")
    tab.locator("main form textarea").first.focus()
    tab.keyboard.type("Sayaç değişecek.")
    send(tab)
    assert case.actions.get().text == "Sayaç değişecek."


def test_escape_leads_back_to_where_a_form_was_chosen(open_tab, boss, given):
    case = opened(given)
    tab = open_tab(boss)
    tab.goto(f"/desk/cases/{case.number}/")
    menu = tab.locator(".upward:has([data-verb=offers]) > summary")
    menu.focus()
    tab.keyboard.press("Enter")
    tab.locator("[data-verb=offers]").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#offers_text")).to_be_focused()
    tab.keyboard.type("Sayacınızı değiştiririz.")
    look = tab.locator("#look-offers")
    look.focus()
    with tab.expect_response(lambda got: got.request.method == "POST"):
        tab.keyboard.press("Enter")
    expect(look).to_be_focused()
    tab.keyboard.press("Escape")
    expect(menu).to_be_focused()


def send(tab) -> None:
    """Tab on from where the focus is to the button that sends, and press it."""
    button = tab.locator("main form .foot .button").first
    for _step in range(20):
        if button.evaluate("one => one === document.activeElement"):
            break
        tab.keyboard.press("Tab")
    expect(button).to_be_focused()
    posted = tab.expect_response(lambda got: got.request.method == "POST" and got.status < 400)
    with tab.expect_navigation(), posted:
        tab.keyboard.press("Enter")
