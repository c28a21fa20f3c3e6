"""The process of a consumer brand, step by step, through its pages (rows P1 to P14 of issue 3).

It reads like the published process: people are warned not to send sensitive data, everything is
recorded free of charge and confirmed by e-mail with a number to follow it, experts try to settle it
at the first contact, what needs research goes to an expert group that concludes it, the customer
learns when and how to follow, is contacted with the result, and sees what was decided and why.
"""

import re
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import formats, timezone, translation

from derman.cases.models import Case
from derman.outbox import expansion, sending
from derman.outbox.models import Message
from derman.visits import slots
from derman.words.kinds import Channel, Priority
from derman.words.life import State
from derman.words.rights import Role
from tests import desk
from tests.applicants import Applicant
from tests.calls import hidden
from tests.desk import sent, work
from tests.factories import make_account, make_customer, preset, published
from tests.systems import System

pytestmark = pytest.mark.django_db

LATE = "shipping.late_delivery"
ORDER = "31840227"
EMAIL = "ayse@ornek.example"
SAID = {
    "topic": {"topic": LATE},
    "description": {"description": "Yatak söz verilen gün gelmedi."},
    "proposal": {"proposal": "Kesin bir gün verilsin."},
    "contact": {"name": "Ayşe Yılmaz", "phone": "0532 123 45 67", "email": EMAIL},
    "account": {"account_number": ORDER},
    "reply": {"reply_channel": "email"},
}


class Desk(desk.Desk):
    """Somebody of the brand, called about a delivery that is late."""

    caller = {
        "topic": LATE,
        "description": "Yatak söz verilen gün gelmedi, yerde yatıyoruz.",
        "proposal": "Kesin bir gün verilsin.",
    }


@pytest.fixture(autouse=True)
def organisation():
    return published(preset("consumer"))


@pytest.fixture
def customer():
    return make_customer("Ayşe Yılmaz", email=EMAIL)


@pytest.fixture
def order(customer):
    return make_account(customer, ORDER)


def report(language="tr", **changes):
    """A whole report on the web; the case and the customer who may go on following it."""
    applicant = Applicant(language)
    number, _ = applicant.report(**{**SAID, **changes})
    return Case.objects.get(number=number), applicant


def to_customer(case):
    """What the customer was sent; the units get messages of their own."""
    return [message for message in sent(case) if message.recipient.startswith("applicant")]


def open_details(case, language="tr"):
    """Follow a case with number and key, then with a code to the e-mail address on file."""
    follower = Applicant(language)
    follower.track(case.number, case.follow_key)
    follower.get(f"/track/{case.number}/code/")
    follower.send(way="email")
    code = re.search(r"\d{3} \d{3}", Message.objects.filter(case=case, notice="code").last().body)
    follower.send(code=code[0])
    return follower


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_the_contact_page_warns_and_links_the_privacy_notice(language):
    """P1: where people find the address and before they write, with every kind that is meant."""
    privacy = preset("consumer").privacy
    applicant = Applicant(language)
    applicant.get("/")
    home = applicant.text
    applicant.walk(until="description", **SAID)
    assert privacy.special_categories[language]
    for page in (home, applicant.text):
        assert privacy.special_warning[language] in page
        assert all(f"<li>{kind}</li>" in page for kind in privacy.special_categories[language])
        assert 'href="/privacy/"' in page
    applicant.get("/privacy/")
    assert "kvkk@ornekev.example" in applicant.text
    assert "6698" in applicant.text


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_every_report_is_recorded_free_of_charge_and_confirmed_by_email(language):
    """P3, P4, P8: the number by e-mail on the same day, and with it the case can be followed."""
    applicant = Applicant(language)
    applicant.get("/")
    home = applicant.text
    case, _ = report(language)

    assert preset("consumer").organisation.home[language] in home
    assert (case.channel, case.language, case.owner_unit) == ("web", language, "solution")
    work()
    [receipt] = sent(case)
    assert (receipt.channel, receipt.address) == ("email", EMAIL)
    number = f"{case.number[:3]} {case.number[3:6]} {case.number[6:]}"
    assert number in receipt.body
    assert case.follow_key in receipt.body
    acknowledged = case.clocks.get(kind="acknowledge")
    assert acknowledged.state == "met"
    zone = ZoneInfo("Europe/Istanbul")
    assert timezone.now().astimezone(zone).date() <= acknowledged.due_at.astimezone(zone).date()

    follower = Applicant(language)
    follower.track(case.number, case.follow_key)
    assert 'data-state="received"' in follower.text


def test_the_receipt_is_an_email_whatever_was_wished_for_the_answer():
    """P4: later messages go the way that the customer chose."""
    case, _ = report(reply={"reply_channel": "sms"})
    work()
    assert [message.channel for message in sent(case)] == ["email"]

    Desk(Role.AGENT, "contact_centre").do(
        case, "referrals", unit="delivery", question="Paket nerede?"
    )
    work()
    assert [message.channel for message in to_customer(case)] == ["email", "sms"]


def test_an_order_number_is_asked_for_by_its_name_and_stops_nobody():
    """No contract is needed, and no identity number is asked for."""
    applicant = Applicant("en")
    applicant.walk(until="account", **SAID)
    assert "Which order or membership is it about?" in applicant.text
    assert "Order or membership number" in applicant.text
    assert 'name="tckn"' not in applicant.text
    assert 'name="relation"' not in applicant.text

    case, _ = report(account={"account_number": ""})
    assert case.account is None
    agent = Desk(Role.AGENT, "contact_centre")
    sheet = agent.page("/desk/register/")
    assert "Order or membership number, phone or name" in sheet
    assert 'name="tckn"' not in sheet
    case = agent.register(name="Ece Su", phone="0532 111 00 12", account_number=ORDER, nonce="x")
    page = agent.page(f"/desk/cases/{case.number}/")
    assert "<dt>Order or membership number</dt>" in page


def test_experts_settle_it_at_the_first_contact(order):
    """P5: what can be answered is answered while the customer is on the line, in one message."""
    agent = Desk(Role.AGENT, "contact_centre")
    sheet = agent.client.post("/desk/register/", agent.call(do="topic")).content.decode()
    script = preset("consumer").topic(LATE).script["tr"]
    assert script.split(";")[0] in sheet

    found = agent.look_up(ORDER)
    assert "Ayşe Yılmaz" in found.content.decode()
    case = agent.register(
        do="answer",
        customer=hidden(found, "customer"),
        account_number=ORDER,
        decision="justified",
        text="Paket yarın sabah ilk araçta; gelmezse teslimat ücreti iade edilecek.",
        reply_channel="email",
    )
    assert (case.state, case.first_contact) == (State.CLOSED, True)
    work()
    [message] = sent(case)
    assert message.channel == "email"
    assert "Paket yarın sabah" in message.body
    assert case.follow_key in message.body


def test_what_needs_research_is_concluded_by_the_expert_group_and_told():
    """P6 without the visit, P7, P10, P14."""
    case, _ = report()
    agent = Desk(Role.AGENT, "contact_centre")
    delivery = Desk(Role.UNIT, "delivery")

    # Within limits of authority: the front line sends it to the group whose matter it is.
    agent.do(case, "ownership")
    agent.do(case, "referrals", unit="delivery", question="Paket nerede, neden gecikti?")
    assert (case.state, case.owner_unit) == (State.REFERRED, "solution")

    # P7: the customer learns the expected time and how to follow.
    work()
    told = to_customer(case)[-1]
    due_at = case.due_at.astimezone(ZoneInfo("Europe/Istanbul"))
    with translation.override("tr"):
        assert f"Beklenen sonuç tarihi: {formats.date_format(due_at, 'j F Y')}" in told.body
    assert "Nasıl izlenir" in told.body
    assert case.follow_key in told.body

    # The group concludes it and contacts the customer itself (P10).
    task = case.tasks.get()
    assert case.number in delivery.page("/desk/tasks/")
    delivery.do(case, f"tasks/{task.pk}/start")
    delivery.do(case, f"tasks/{task.pk}/answer", text="Araç arızası, cumartesi ilk sırada.")
    assert (case.state, case.inform_unit) == (State.ANSWERED, "delivery")
    assert case.number in delivery.page("/desk/?view=call")
    delivery.do(case, "contacts", channel="phone", outcome="reached")
    why = "Aracımız arızalandı; yatağınız cumartesi teslim edildi, ücreti iade ettik."
    delivery.do(case, "outcome", decision="justified", text=why)
    assert case.state == State.RESOLVED
    work()
    result = to_customer(case)[-1]
    assert (result.channel, result.address) == ("email", EMAIL)
    assert why in result.body

    # P14: once it is sure who reads, the page shows what was decided and why, and every step.
    follower = open_details(case)
    decided = follower.text.partition('id="result-title"')[2].partition("</section>")[0]
    assert "Haklı" in decided
    assert why in decided
    steps = re.findall(r'data-event="(\w+)"', follower.text)
    expected = ["opened", "taken", "referred", "task_started", "task_answered"]
    assert steps == [*expected, "contacted", "resolved", "contacted"]  # called, then written to
    assert "Araç arızası, cumartesi" not in follower.text  # what units write to us stays with us

    # And the customer has the last word.
    follower.get(f"/track/{case.number}/acceptance/")
    follower.send()
    case.refresh_from_db()
    assert case.state == State.CLOSED


def test_what_needs_a_visit_is_planned_told_looked_at_and_answered():
    """P6 with the visit: the group comes at a time that was told, and its finding is the answer."""
    case, _ = report()
    agent, group = Desk(Role.AGENT, "contact_centre"), Desk(Role.UNIT, "aftersales")
    crew = Desk(Role.FIELD, "aftersales")
    agent.do(case, "ownership")
    agent.do(case, "referrals", unit="aftersales", question="Yatağın dikişi neden açıldı?")

    # The group takes a free time; the customer reads day and hours at once.
    times = slots.offered(preset("consumer"), timezone.now(), units=["aftersales"])
    where = {"address": "Gül Sokak 12/4", "purpose": "Dikişe bakın."}
    group.do(case, "visit", slot=times[0].key, **where)
    work()
    begins = times[0].begins_at.astimezone(ZoneInfo("Europe/Istanbul"))
    with translation.override("tr"):
        day = formats.date_format(begins, "j F Y l H:i")
    assert f"Ziyaret zamanı: {day}-" in to_customer(case)[-1].body

    # The time does not suit: it is moved with a reason, and told again.
    group.do(case, "visit-time", slot=times[1].key, reason="Müşteri sabah evde değil.")
    work()
    assert "Yeni zaman:" in to_customer(case)[-1].body
    assert "evde değil" not in to_customer(case)[-1].body

    # The crew reports on its phone; the finding answers the question that the group was asked.
    visit = case.visits.get()
    said = {"mark": str(uuid4()), "result": "found", "finding": "Dikiş hatalı, yatak değişmeli."}
    answer = crew.client.post(f"/desk/field/{visit.pk}/", {**said, "answers": "on"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.inform_unit) == (State.ANSWERED, "aftersales")
    assert case.tasks.get().answer == said["finding"]

    # P14: every step can be seen, and nothing that was said among us.
    follower = open_details(case)
    steps = re.findall(r'data-event="(\w+)"', follower.text)
    assert steps[-4:] == ["visit_planned", "visit_moved", "visit_reported", "task_answered"]
    assert "Dikiş hatalı" not in follower.text


def test_a_decision_that_is_refused_is_looked_at_again_and_both_are_shown():
    """P14: impartial; what was decided before is not hidden."""
    case, _ = report()
    solution = Desk(Role.SOLUTION, "solution")
    solution.do(case, "ownership")
    first = "Kayıtlara göre teslim edilmiş."
    solution.do(case, "answer", channel="email", decision="not_justified", text=first)
    work()
    case.refresh_from_db()
    assert case.state == State.RESOLVED

    follower = open_details(case)
    follower.get(f"/track/{case.number}/refusal/")
    follower.send(text="Teslim tutanağındaki imza benim değil.")
    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)

    again = "İmza başkasının çıktı; yenisini bugün getirdik, özür dileriz."
    solution.do(case, "answer", channel="email", decision="justified", text=again)
    work()
    follower.get(f"/track/{case.number}/")
    assert first in follower.text
    assert again in follower.text
    assert re.findall(r'data-event="(reopened|resolved)"', follower.text) == [
        "resolved",
        "reopened",
        "resolved",
    ]


def test_without_a_code_the_page_tells_steps_but_not_the_matter():
    case, _ = report()
    follower = Applicant("tr")
    follower.track(case.number, case.follow_key)
    assert 'data-event="opened"' in follower.text
    assert "Yatak" not in follower.text
    assert EMAIL not in follower.text


def test_every_channel_of_the_process_becomes_a_case_and_no_other():
    """P13: web form, e-mail, telephone, app, social media, letter; all in one list."""
    agent = Desk(Role.AGENT, "contact_centre")
    by_hand = [
        agent.register(channel=channel, name="Ece Su", phone="0532 111 00 12", email=EMAIL)
        for channel in ("phone", "email", "social", "letter")
    ]
    on_web, _ = report()
    answer = System().post(
        "cases",
        {
            "channel": "app",
            "kind": "complaint",
            "topic": "digital.app_fault",
            "description": "Uygulama ödeme sayfasında kapanıyor.",
            "language": "tr",
            "applicant": {"name": "Can Öz", "email": "can@ornek.example"},
        },
    )
    assert answer.status_code == 201
    numbers = [case.number for case in by_hand] + [on_web.number, answer.json()["number"]]
    pool = Desk(Role.SUPERVISOR).page("/desk/?view=all")
    assert all(number in pool for number in numbers)

    offered = re.findall(r'<option value="(\w+)"', agent.page("/desk/register/"))
    home = Applicant("en").get("/").content.decode()
    assert preset("consumer").channels["app"].note["en"] in home
    assert preset("consumer").channels["whatsapp"].note["en"] in home
    off = set(Channel) - {"phone", "email", "social", "letter", "web", "app"}
    assert not off & set(offered)


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_site_and_app_say_which_cookies_they_use_and_set_no_other(language):
    """P12: a link on every page, each cookie by its name, and none beside them."""
    applicant = Applicant(language)
    for path in ("/", "/report/", "/track/", "/privacy/", "/cookies/"):
        applicant.get(path)
        assert 'href="/cookies/"' in applicant.text, path
    listed = preset("consumer").privacy.cookies[language]
    assert listed.splitlines()[0] in applicant.text

    applicant.report(**SAID)
    case = Case.objects.get()
    applicant.track(case.number, case.follow_key)
    applicant.client.post("/language/", {"language": language, "next": "/"})
    applicant.client.post("/theme/", {"theme": "dark", "next": "/"})
    used = {cookie.key for cookie in applicant.client.cookies.values() if cookie.value}
    assert used
    assert all(f"({name})" in listed for name in used), used


def test_a_dangerous_product_is_never_queued():
    """112 and "stop using it" before any form; product safety is told at once."""
    applicant = Applicant("en")
    applicant.get("/report/")
    applicant.send(emergency="yes")
    assert 'href="tel:112"' in applicant.text
    assert "Stop using the product" in applicant.text
    assert Case.objects.count() == 0

    agent = Desk(Role.AGENT, "contact_centre")
    case = agent.register(topic="hazard.fire_smoke", name="Elif Kaya", phone="0532 000 11 22")
    assert (case.priority, case.state) == (Priority.EMERGENCY, State.REFERRED)
    assert case.tasks.get().unit == "product_safety"
    expansion.expand(timezone.now(), 100)
    sending.send_due(timezone.now(), 100)
    alert = Message.objects.get(case=case, event__type="alerted")
    assert alert.urgent
    assert alert.recipient.startswith("unit")
