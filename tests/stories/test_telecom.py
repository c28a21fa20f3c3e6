"""The process of a telephone and internet operator, step by step, through its pages and its API.

It reads like the published process (rows T1-T3, T6, T13, and of T4, T5 and T8 what they touch):
whatever the way, everything ends in one pool; the receipt is confirmed with a number to follow;
what is not settled at the first contact goes to the experts of its topic, who conclude it and say
so themselves.
"""

import re

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape

from derman.cases.models import Case
from derman.outbox.models import Message
from derman.words.kinds import Priority
from derman.words.life import State
from derman.words.rights import Role
from tests import desk
from tests.applicants import Applicant
from tests.desk import sent, texts, work
from tests.factories import make_account, make_customer, preset, published
from tests.systems import System

pytestmark = pytest.mark.django_db

SLOW, EXPERTS = "internet.slow", "internet_quality"
NUMBER = "8505551234"  # of the customer's service
ON_THE_WEB = {
    "topic": {"topic": SLOW},
    "place": {"region": "goksu", "place": "Postane Sokak 3"},
    "description": {"description": "Akşamları film izlenmiyor, sürekli donuyor."},
    "proposal": {"proposal": "Sözleşmedeki hız verilsin."},
    "account": {"account_number": NUMBER, "tckn": "", "relation": "holder"},
}


class Desk(desk.Desk):
    """Somebody of the operator, called about a slow connection."""

    caller = {"topic": SLOW, "description": "Film izlenmiyor, sürekli donuyor."}


@pytest.fixture(autouse=True)
def organisation():
    return published(preset("telecom"))


@pytest.fixture
def customer():
    return make_customer("Gönül Ceylan", phone="+905321112233")


@pytest.fixture
def account(customer):
    return make_account(customer, NUMBER, region="goksu", address="Postane Sokak 3")


@pytest.fixture
def agent():
    return Desk(Role.AGENT, "contact_centre")


@pytest.fixture
def expert():
    return Desk(Role.UNIT, EXPERTS)


def threes(case):
    return " ".join(case.number[at : at + 3] for at in range(0, len(case.number), 3))


def read_aloud(agent, case):
    """The number on the page that the agent reads to the caller."""
    page = agent.page(f"/desk/register/{case.number}/")
    assert case.follow_key in page
    return " ".join(re.search(r"data-read-aloud>([^<]*)<", page)[1].split())


def day_of(moment):
    """The day as a Turkish message writes it."""
    with translation.override("tr"):
        return date_format(timezone.localtime(moment), "j F Y")


def followed(case, key=""):
    """What the tracking page shows to whoever holds the number and this key."""
    applicant = Applicant("tr")
    applicant.track(case.number, key or case.follow_key)
    return applicant.text


# T1, T2: every way, one pool, one centre


def test_every_way_ends_in_one_pool_of_one_centre(agent):
    office = Desk(Role.CLERK, "office_goksu")
    by_desk = [
        agent.register(channel=channel, name=name, phone=f"0532 111 00 {at:02}", nonce=channel)
        for at, (channel, name) in enumerate(
            [
                ("phone", "Adnan Balcı"),
                ("fax", "Belgin Duman"),
                ("social", "Cemal Erdem"),  # social networks and complaint sites
                ("regulator", "Derya Fidan"),  # official institutions
                ("letter", "Ece Gedik"),
            ]
        )
    ]
    at_the_office = office.register(channel="branch", name="Ferhat Hazar", phone="0532 111 00 10")
    number, _ = Applicant("tr").report(**ON_THE_WEB)
    by_systems = [said_by(channel) for channel in ("app", "sms", "email")]

    cases = list(Case.objects.all())
    assert len(cases) == len(by_desk) + 1 + 1 + len(by_systems)
    assert {case.owner_unit for case in cases} == {"complaint_centre"}
    pool = Desk(Role.SUPERVISOR, "complaint_centre").page("/desk/?view=all")
    assert all(case.number in pool for case in cases)

    # An office or dealer registers for all, and sees what it took in.
    own = office.page("/desk/?view=all")
    assert at_the_office.number in own
    assert number not in own


def said_by(channel):
    """What the app, the short number and the mailbox hand over."""
    words = {
        "app": "Uygulamadan yazıyorum, hız düşük.",
        "sms": "YARDIM internetim iki gündür yavaş",
        "email": "Merhaba, internetim akşamları çok yavaş. Yardımcı olur musunuz?",
    }
    made = System().call(
        "open_case",
        channel=channel,
        topic=SLOW,
        description=words[channel],
        applicant={
            "name": "Nihat Oral",
            "phone": "0532 444 55 66",
            "email": "nihat.oral@posta.example",
        },
    )
    assert made.status_code == 201, made.json()
    return Case.objects.get(number=made.json()["number"])


def test_a_way_that_is_not_open_yet_opens_with_no_code_but_the_profile(organisation):
    profile = organisation.profile
    whatsapp = profile.channels["whatsapp"]
    assert not whatsapp.enabled
    opened = whatsapp.model_copy(update={"enabled": True})
    channels = {**profile.channels, "whatsapp": opened}
    published(profile.model_copy(update={"channels": channels}))

    case = Desk(Role.AGENT).register(channel="whatsapp", name="Oya Uysal", phone="0532 777 00 11")
    work()
    assert threes(case) in texts(case)[0]


# T3: the receipt is confirmed, the number goes out in writing, the state can be followed


def test_the_number_is_said_aloud_and_sent_all_the_same(agent, customer, account):
    case = agent.register(name="Gönül Ceylan", phone="0532 111 22 33", account_number=NUMBER)
    assert read_aloud(agent, case) == threes(case)

    work()
    [receipt] = sent(case)
    assert receipt.channel == "sms"
    assert threes(case) in receipt.body
    assert case.follow_key in receipt.body
    assert day_of(case.due_at) in receipt.body
    assert "hız" not in receipt.body.lower()  # whoever picks up the phone learns no more
    assert case.clocks.get(kind="acknowledge").state == "met"


def test_who_wrote_is_answered_in_writing():
    case = said_by("email")
    work()
    [receipt] = sent(case)
    assert receipt.channel == "email"
    assert threes(case) in receipt.subject
    assert case.follow_key in receipt.body


def test_who_left_no_way_to_be_reached_hears_the_number_and_no_clock_runs(agent):
    case = agent.register(name="Perihan Öz")
    assert read_aloud(agent, case) == threes(case)
    work()
    assert sent(case) == []
    assert not case.clocks.filter(kind="acknowledge").exists()


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_the_web_form_confirms_and_can_be_followed(language):
    number, key = Applicant(language).report(**ON_THE_WEB)
    case = Case.objects.get(number=number)
    assert (case.channel, case.language, case.follow_key) == ("web", language, key)
    work()
    assert len(texts(case)) == 1
    assert 'data-state="received"' in followed(case)


def test_the_state_is_shown_to_whoever_holds_number_and_key_only(agent, expert):
    case = agent.register(name="Selin Tunç", phone="0532 909 00 11")
    assert 'data-state="received"' in followed(case)
    agent.do(case, "referrals", unit=EXPERTS, question="Hat ölçülsün.")
    page = followed(case)
    assert 'data-state="referred"' in page
    assert EXPERTS not in page
    assert "data-state" not in followed(case, key="ZZZZ")


# T4: the aim is the first contact


def test_what_is_settled_at_the_first_contact_is_confirmed_in_one_message(agent):
    topic = "commitment.term_end"
    sheet = agent.client.post("/desk/register/", agent.call(do="topic", topic=topic))
    script = preset("telecom").topic(topic).script["tr"]
    assert escape(script.split(".")[0]) in sheet.content.decode()

    case = agent.register(
        do="answer",
        topic=topic,
        name="Metin Vural",
        phone="0532 808 00 22",
        decision="not_applicable",
        text="Taahhüdünüz 14 Nisan günü bitiyor.",
    )
    assert (case.state, case.first_contact) == (State.CLOSED, True)
    work()
    [both] = sent(case)
    assert threes(case) in both.body
    assert case.follow_key in both.body


def test_why_a_complaint_was_decided_so_is_asked_on_the_phone_too(agent):
    told = {"topic": "internet.modem", "decision": "not_justified", "text": "Modem kuruldu."}
    who = {"name": "Metin Vural", "phone": "0532 808 00 22", "email": "metin@ornek.example"}
    call = agent.call(do="answer", **who, **told)
    refused = agent.client.post("/desk/register/", call)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"reason_code"}
    refused = agent.client.post("/desk/register/", {**call, "reason_code": "no_fault_found"})
    assert set(refused.context["form"].errors) == {"evidence"}
    grounds = {"reason_code": "no_fault_found", "evidence": "Uzaktan ölçüm temiz."}
    case = agent.register(**{**call, **grounds})
    outcome = case.outcomes.get()
    assert (outcome.reason_code, outcome.evidence) == ("no_fault_found", "Uzaktan ölçüm temiz.")
    assert case.checks.get().findings["reasoned"] == ""


# T5, T6: the experts of the topic conclude it; the applicant knows when and how to follow


def test_the_experts_of_the_topic_conclude_what_needs_research(agent, expert, customer, account):
    found = agent.look_up(NUMBER)
    assert "Gönül Ceylan" in found.content.decode()
    case = agent.register(name="Gönül Ceylan", phone="0532 111 22 33", account_number=NUMBER)
    assert (case.unit, case.account) == (EXPERTS, account)
    work()

    # The agent sends it straight to the experts; the applicant learns date and way (T6).
    agent.do(case, "ownership")
    agent.do(case, "referrals", unit=EXPERTS, question="Port yoğunluğu nedir?")
    assert case.state == State.REFERRED
    work()
    told = [m for m in sent(case) if m.event.type == "referred" and m.recipient == "applicant"]
    [message] = told
    assert day_of(case.due_at) in message.body
    assert threes(case) in message.body
    assert case.follow_key in message.body
    assert "/track/" in message.body
    [task_mail] = [m for m in sent(case) if m.recipient.startswith("unit")]
    assert "Port yoğunluğu nedir?" in task_mail.body
    assert "Gönül" not in task_mail.body

    # The experts see it as theirs, find the answer, tell the applicant and conclude.
    assert case.number in expert.page("/desk/tasks/")
    task = case.tasks.get()
    expert.do(case, f"tasks/{task.pk}/start")
    expert.do(case, f"tasks/{task.pk}/answer", text="Santral çıkışı dolu, kapasite artırıldı.")
    assert (case.state, case.inform_unit) == (State.ANSWERED, EXPERTS)
    expert.do(case, "contacts", channel="phone", outcome="reached")
    expert.do(
        case,
        "outcome",
        decision="justified",
        text="Kapasite artırıldı, hızınız düzeldi.",
        reason_code="network_fault",
        evidence="Hat ölçümü.",
    )
    assert case.state == State.RESOLVED
    work()
    closing = [m for m in sent(case) if m.event.type == "resolved"]
    assert len(closing) == 1
    assert 'data-state="resolved"' in followed(case)


def test_experts_may_conclude_without_an_answer_to_anybody_else(agent, expert):
    """T5: the result that they tell is their answer; the centre need not say it again."""
    case = agent.register(name="Taner Usta", phone="0532 707 00 33")
    agent.do(case, "referrals", unit=EXPERTS, question="Hat ölçülsün.")
    expert.do(case, "contacts", channel="phone", outcome="reached")
    expert.do(
        case,
        "outcome",
        decision="not_justified",
        text="Ölçülen hız sözleşmedeki gibi.",
        reason_code="no_fault_found",
        evidence="Hat ölçümü.",
    )
    assert case.state == State.RESOLVED
    assert case.tasks.get().answer == "Ölçülen hız sözleşmedeki gibi."


def test_experts_of_another_topic_do_not_see_it(agent):
    """T8: what the topic says decides the path, and only those on it look."""
    case = agent.register(name="Leyla Yaman", phone="0532 606 00 44")
    agent.do(case, "referrals", unit=EXPERTS, question="Hat ölçülsün.")
    others = Desk(Role.UNIT, "billing")
    assert case.number not in others.page("/desk/tasks/")
    assert others.client.get(f"/desk/cases/{case.number}/").status_code == 404


def test_another_system_reads_where_it_stands(agent):
    """T3 for the app: the state and the dates by API."""
    case = said_by("app")
    assert System().get(f"cases/{case.number}").json()["state"] == "received"
    agent.do(case, "referrals", unit=EXPERTS, question="Hat ölçülsün.")
    answer = System().get(f"cases/{case.number}").json()
    assert answer["state"] == "referred"
    assert {clock["kind"] for clock in answer["clocks"]} >= {"acknowledge", "resolve", "task"}


# Danger in the street, and who reports fraud


def test_danger_in_the_street_is_never_queued(agent):
    sheet = agent.client.post("/desk/register/", agent.call(do="topic", topic="danger.cable_down"))
    assert "112" in sheet.content.decode()
    case = agent.register(topic="danger.cable_down", name="Ziya Akın", phone="0532 505 00 55")
    assert (case.priority, case.state) == (Priority.EMERGENCY, State.REFERRED)
    assert case.tasks.get().unit == "network_safety"
    work()
    alert = Message.objects.get(case=case, event__type="alerted")
    assert (alert.urgent, alert.recipient.startswith("unit")) == (True, True)


def test_who_reports_fraud_on_the_web_may_stay_unnamed():
    number, _ = Applicant("tr").report(
        **{
            **ON_THE_WEB,
            "topic": {"topic": "trust.fraud_report"},
            "description": {"description": "Kendini bayi tanıtan biri kimlik topluyor."},
            "secrecy": {"secret_reporter": "yes"},
            "contact": {"name": "Kader Mutlu", "phone": "0532 404 00 66", "email": ""},
        }
    )
    case = Case.objects.get(number=number)
    assert case.secret_reporter
    page = Desk(Role.SOLUTION, "complaint_centre").page(f"/desk/cases/{number}/")
    assert "Kader Mutlu" not in page


# T13: the page about complaints


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_the_page_about_complaints_links_the_procedure_and_disclaims(language):
    organisation = preset("telecom").organisation
    text = Client(headers={"accept-language": language}).get("/").content.decode()
    about = text[text.index('id="about-title"') :]
    for regulator in organisation.regulators.values():
        assert f'href="{regulator.url}"' in about
        assert escape(regulator.label[language]) in about
    assert escape(organisation.disclaimer[language]) in about
    assert "YARDIM" in about
