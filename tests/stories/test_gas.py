"""The process of a city gas company, step by step, through its pages (rows G1–G21 of the spine).

It reads like the published process: the customer calls, every call is recorded with a form, the
topic names unit and time, what can be answered is answered at once, the rest goes to the solution
group, the unit resolves it, and the unit's own people tell the customer the result.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from derman.cases.models import Case
from derman.outbox import expansion, sending
from derman.outbox.models import Message
from derman.people.models import Correction, Customer
from derman.words.kinds import Priority
from derman.words.life import State
from derman.words.rights import Role
from tests import desk
from tests.applicants import Applicant
from tests.calls import hidden
from tests.desk import sent, texts, told_of, work
from tests.factories import TCKN, make_account, make_case, make_customer, published

pytestmark = pytest.mark.django_db

READING = "metering.reading_disputed"


class Desk(desk.Desk):
    """Somebody of the gas company, called about a disputed reading."""

    caller = {
        "topic": READING,
        "description": "Sayacım yanlış okunmuş, faturam iki katı geldi.",
        "proposal": "Sayaç yeniden okunsun.",
    }


@pytest.fixture(autouse=True)
def organisation():
    return published()


@pytest.fixture
def customer():
    return make_customer("Ayşe Yılmaz", tckn=TCKN, address="Vişnelik Mahallesi 12/4")


@pytest.fixture
def account(customer):
    return make_account(customer, "10442817")


def test_a_subscriber_calls_and_the_unit_brings_the_result(customer, account):
    agent = Desk(Role.AGENT, "call_centre")
    solution = Desk(Role.SOLUTION, "solution")
    metering = Desk(Role.UNIT, "metering")

    # 1, 2, 6 (G13): with the account number the customer's data fill the form by themselves.
    found = agent.look_up("10442817")
    assert "Ayşe Yılmaz" in found.content.decode()

    # 3, 4 (G10, G11): name and address are read back, a changed phone number is put right.
    case = agent.register(
        customer=hidden(found, "customer"),
        account_number="10442817",
        read_back="on",
        file_phone="0533 765 43 21",
    )
    assert Correction.objects.get().field == "phone"

    # G6, G7: the topic sets unit and time; the customer's own proposal is kept.
    assert (case.unit, case.owner_unit) == ("metering", "solution")
    assert case.due_at > case.received_at
    assert case.proposal == "Sayaç yeniden okunsun."
    assert (case.customer, case.applicant, case.account) == (customer, customer, account)

    # T3, P4: the number is confirmed in writing, and nothing more than it may say.
    work()
    receipt = told_of(case, "opened").body
    assert case.follow_key in receipt
    assert "Ayşe" not in receipt
    assert "sayac" not in receipt.lower()

    # 9, 10 (G15, G16): the solution group looks at it and sends it to the unit.
    assert case.number in solution.page("/desk/?view=new")
    solution.do(case, "ownership")
    solution.do(case, "referrals", unit="metering", question="3 Mart okuması doğru mu?")
    assert case.state == State.REFERRED
    work()
    # T6: told that it was sent on, and by when
    passed_on = [m.body for m in sent(case) if m.event.type == "referred"]
    assert any(case.follow_key in body for body in passed_on)

    # 11 (G17): the unit resolves it, and its own people call the customer.
    task = case.tasks.get()
    assert case.number in metering.page("/desk/tasks/")
    metering.do(case, f"tasks/{task.pk}/start")
    metering.do(case, f"tasks/{task.pk}/answer", text="Yanlış okunmuş, düzeltildi.")
    assert (case.state, case.inform_unit) == (State.ANSWERED, "metering")
    assert case.number in metering.page("/desk/?view=call")
    metering.do(case, "contacts", channel="phone", outcome="reached")
    metering.do(case, "outcome", decision="justified", text="Sayaç yeniden okundu.")
    assert case.state == State.RESOLVED
    work()
    solution.do(case, "closure", reason="resolved")
    assert case.state == State.CLOSED

    follow(case)


def follow(case):
    """E10: whoever holds number and key can follow it, in plain words; nobody else."""
    applicant = Applicant("tr")
    applicant.get("/track/")
    applicant.send(number=case.number, follow_key=case.follow_key)
    assert f'data-number="{case.number}"' in applicant.text
    assert 'data-state="closed"' in applicant.text
    assert "metering" not in applicant.text
    applicant.get("/track/")
    applicant.send(number=case.number, follow_key="ZZZZ")
    assert "data-state" not in applicant.text


def test_who_accepts_no_solution_is_told_where_else_to_turn(customer, account):
    agent = Desk(Role.AGENT, "call_centre")
    solution = Desk(Role.SOLUTION, "solution")
    found = agent.look_up("10442817")
    case = agent.register(
        customer=hidden(found, "customer"),
        account_number="10442817",
        read_back="on",
        file_phone="0532 765 43 21",
        reply_channel="letter",
    )
    solution.do(case, "ownership")

    # G18: a solution is offered by a link; the customer opens it, refuses, and says why.
    first = "Faturanızı üç taksitte öderseniz sayacı da kontrol ederiz."
    solution.do(case, "offers", text=first, channel="")
    work()
    message = told_of(case, "offered")
    assert first not in message.body
    applicant = Applicant("tr")
    applicant.get("/offer/" + message.body.split("/offer/")[1].split("/")[0] + "/")
    assert first in applicant.text
    applicant.send(answer="refuse", reason="Taksit değil, düzeltme istiyorum.")
    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)
    assert "düzeltme istiyorum" in solution.page(f"/desk/cases/{case.number}/")

    # C11: not the same again, but an alternative, this time on the phone.
    said = {"version": case.version, "text": first, "channel": "phone"}
    again = solution.client.post(f"/desk/cases/{case.number}/offers/", said)
    assert again.status_code == 422
    solution.do(case, "offers", text="Sayacınızı ücretsiz değiştiririz.", channel="phone")
    solution.do(case, "offer-refusal", reason="Eski borç yine durur.", channel="phone")
    assert (case.state, case.cycle) == (State.IN_REVIEW, 3)

    # G19: every reasonable way was refused; the letter names the right bodies, and is posted.
    solution.do(
        case,
        "external-referral",
        decision="not_justified",
        text="Sayaç laboratuvarda doğru ölçtü; okuma fotoğrafı da endeksi doğruluyor.",
        bodies=["arbitration", "consumer_court", "epdk"],
    )
    assert case.state == State.RESOLVED
    letter = case.letters.get()
    assert case.number in solution.page("/desk/letters/")
    paper = solution.client.get(f"/desk/cases/{case.number}/attachments/{letter.attachment_id}/")
    assert b"".join(paper.streaming_content).startswith(b"%PDF-")
    assert solution.client.post(f"/desk/letters/{letter.pk}/post/").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, "referred_externally")

    # The customer reads the same letter behind the link of the text message.
    work()
    link = told_of(case, "referred_externally").body.split("/track/")[1].split("/")[0]
    applicant.get(f"/track/{link}/")
    applicant.send()
    assert f"/track/{case.number}/files/{letter.attachment_id}/" in applicant.text


def test_what_can_be_answered_is_answered_while_the_call_lasts(customer, account):
    """7, 8 (G14): the agent tells what is known of the topic at once and hands nobody on."""
    agent = Desk(Role.AGENT, "call_centre")
    sheet = agent.client.post("/desk/register/", agent.call(do="topic")).content.decode()
    script = published().profile.topic(READING).script["tr"]
    assert script.split(".")[0] in sheet

    found = agent.look_up("10442817")
    case = agent.register(
        do="answer",
        customer=hidden(found, "customer"),
        decision="not_applicable",
        text="Okuma takvimi anlatıldı.",
    )
    assert (case.state, case.first_contact) == (State.CLOSED, True)
    work()
    assert len(texts(case)) == 1  # one message that says both


def test_somebody_else_calls_for_the_customer(customer, account):
    """5 (G12): the caller's own name is kept, and as what; the file stays as it is."""
    agent = Desk(Role.AGENT, "call_centre")
    found = agent.look_up("10442817")
    case = agent.register(
        customer=hidden(found, "customer"),
        account_number="10442817",
        relation="tenant",
        name="Can Öz",
        phone="0555 111 22 33",
    )
    assert case.customer == customer
    assert (case.applicant.name, case.relation) == ("Can Öz", "tenant")
    assert Customer.objects.get(pk=customer.pk).contact_points.count() == 2


def test_who_is_not_a_subscriber_is_taken_down_by_hand():
    """6 (G8, G13): without an account the form is filled in; a missing number stops nobody."""
    case = Desk(Role.AGENT).register(name="Hasan Işık", phone="komşusu Ali")
    assert case.account is None
    assert case.applicant.contact_points.get().value == "komşusu Ali"


def test_an_emergency_is_never_queued():
    """G2: the 187 number at the first word, the unit alerted at once."""
    agent = Desk(Role.AGENT, "call_centre")
    sheet = agent.client.post("/desk/register/", agent.call(do="topic", topic="urgent.gas_smell"))
    assert "187" in sheet.content.decode()

    case = agent.register(topic="urgent.gas_smell", name="Elif Kaya", phone="0532 000 11 22")
    assert (case.priority, case.state) == (Priority.EMERGENCY, State.REFERRED)
    expansion.expand(timezone.now(), 100)
    sending.send_due(timezone.now(), 100)
    alert = Message.objects.get(case=case, event__type="alerted")
    assert alert.urgent
    assert alert.recipient.startswith("unit")

    applicant = Applicant("tr")
    applicant.get("/report/")
    applicant.send(emergency="yes")
    assert "187" in applicant.text
    assert Case.objects.count() == 1


def test_a_case_that_needs_no_work_is_ended_by_the_solution_group():
    """10 (G16): the solution group tells the customer and closes."""
    solution = Desk(Role.SOLUTION, "solution")
    case = Desk(Role.AGENT).register(name="Hasan Işık", phone="0532 000 11 22")
    solution.do(case, "ownership")
    solution.do(
        case, "answer", channel="phone", decision="not_justified", text="Okuma doğru bulundu."
    )
    assert case.state == State.CLOSED


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_the_web_form_becomes_a_case_by_itself(language):
    """The form on the web is recorded by itself (G20), free of charge (P3), in three languages."""
    applicant = Applicant(language)
    number, key = applicant.report()
    case = Case.objects.get(number=number)
    assert (case.channel, case.language, case.follow_key) == ("web", language, key)
    work()
    assert len(texts(case)) == 1
    assert case.clocks.get(kind="acknowledge").state == "met"


def test_every_department_records_into_the_one_pool():
    """G3, T2: whoever receives it writes it down, and it stands in the same list."""
    receivers = {
        "call centre": (Desk(Role.AGENT, "call_centre"), "phone"),
        "switchboard": (Desk(Role.SWITCHBOARD, "call_centre"), "phone"),
        "branch": (Desk(Role.CLERK), "branch"),
        "registry": (Desk(Role.REGISTRY), "letter"),
        "solution group": (Desk(Role.SOLUTION, "solution"), "social"),
        "network": (Desk(Role.UNIT, "network", name="network"), "phone"),
        "billing": (Desk(Role.UNIT, "billing", name="billing"), "fax"),
        "legal": (Desk(Role.UNIT, "legal", name="legal"), "letter"),
    }
    cases = {
        where: somebody.register(channel=channel, name="Veli Can", phone="0532 111 00 11")
        for where, (somebody, channel) in receivers.items()
    }
    number, _ = Applicant("tr").report()

    pool = Desk(Role.SUPERVISOR).page("/desk/?view=all")

    assert all(case.number in pool for case in cases.values())
    assert number in pool
    assert {case.owner_unit for case in cases.values()} == {"solution"}
    assert {case.unit for case in cases.values()} == {"metering"}  # as its topic says


def test_a_complaint_is_taken_in_at_any_hour():
    """G21: on a holiday night its clock begins at once; the page says that somebody is there."""
    night = datetime(2026, 4, 23, 3, 10, tzinfo=ZoneInfo("Europe/Istanbul"))

    case = make_case(topic="supply.no_gas", at=night)

    assert case.received_at == night
    assert case.due_at == night + timedelta(hours=24)
    assert case.clocks.get(kind="acknowledge").due_at == night + timedelta(hours=24)
    applicant = Applicant("en")
    applicant.get("/")
    assert "Every day, 24 hours" in applicant.text
