"""The process of an electricity distributor, channel by channel (rows E1–E19 of the spine).

It reads like the published process: whatever concerns a team is sent to it, the solution centre
stays the owner, calls the applicant with what the team answered, and that call concludes the
case. Who is told what by text message differs by channel, and is all in the profile.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases.models import Case
from derman.outbox.models import Message
from derman.profile import publishing
from derman.words.kinds import Channel, Priority
from derman.words.life import State
from derman.words.rights import Role
from derman.worker import reconcilers, settle
from tests import desk
from tests.applicants import Applicant
from tests.calls import hidden
from tests.desk import sent, work
from tests.factories import TCKN, make_account, make_customer, preset, published
from tests.systems import System

pytestmark = pytest.mark.django_db

NO_POWER = "outage.no_power"
LEVEL = "voltage.too_low_or_high"
CALLER = {"name": "Nihat Meriç", "phone": "0532 000 11 22"}
RESULT = "Ölçtük; trafonun kademesi ayarlandı, gerilim düzeldi."


class Desk(desk.Desk):
    """Somebody of the electricity company, turned to about a voltage that is too low."""

    caller = {"topic": LEVEL, "description": "Akşamları lambalar sönük, klima çalışmıyor."}


@pytest.fixture(autouse=True)
def organisation():
    return published(preset("electricity"))


@pytest.fixture
def solution():
    return Desk(Role.SOLUTION, "solution")


@pytest.fixture
def agent():
    return Desk(Role.AGENT, "call_centre")


def told(case, channel="sms"):
    """What the applicant was sent, oldest first."""
    return [m.body for m in sent(case) if m.recipient == "applicant" and m.channel == channel]


def answer_of_the_team(case, sender, unit):
    """The case goes to a team, which answers: then it is the solution centre's turn (E2, E3)."""
    team = Desk(Role.UNIT, unit, name=f"team-{case.number}")
    sender.do(case, "referrals", unit=unit, question="Yerinde bakıp sonucu yazar mısınız?")
    assert (case.state, case.owner_unit) == (State.REFERRED, "solution")
    task = case.tasks.get()
    assert case.number in team.page("/desk/tasks/")
    team.do(case, f"tasks/{task.pk}/start")
    team.do(case, f"tasks/{task.pk}/answer", text="Kademe ayarlandı, 228 volt ölçüldü.")
    assert (case.state, case.inform_unit) == (State.ANSWERED, "solution")


def conclude(case, solution):
    """The solution centre calls, tells the result, and that contact concludes the case (E3)."""
    assert case.number in solution.page("/desk/?view=call")
    solution.do(case, "contacts", channel="phone", outcome="reached", note="Sonuç anlatıldı.")
    solution.do(case, "outcome", decision="justified", text=RESULT)
    assert case.state == State.RESOLVED
    work()


# Solution point: E1-E4


def test_at_the_solution_point(agent, solution):
    customer = make_customer("Ayten Ceylan", tckn=TCKN)
    make_account(customer, "10442817", region="yayla")
    clerk = Desk(Role.CLERK, "point_centre")

    # 1 (E1): the clerk opens a case, the applicant gets its number by text message.
    found = clerk.look_up("10442817")
    assert "Ayten Ceylan" in found.content.decode()
    case = clerk.register(
        channel="branch", customer=hidden(found, "customer"), account_number="10442817"
    )
    work()
    assert (case.channel, case.region, case.customer) == ("branch", "yayla", customer)
    [registered] = told(case)
    assert case.follow_key in registered
    assert "Ayten" not in registered
    assert case.clocks.get(kind="acknowledge").state == "met"

    # 2 (E2): it concerns a team and goes there; the solution centre owns it.
    answer_of_the_team(case, clerk, "power_quality")
    work()
    mailed = Message.objects.filter(case=case, recipient__startswith="unit")
    assert {m.template for m in mailed} == {"staff_task", "staff_answered"}
    assert mailed.get(template="staff_answered").recipient == "unit:solution"
    assert told(case) == [registered]  # between registration and conclusion nobody is texted

    # 3 (E3): the solution centre is asked to call, not the desk that took it.
    assert case.number not in clerk.page("/desk/?view=call")
    conclude(case, solution)
    call = case.contacts.get(channel="phone")
    assert (call.outcome, call.by, call.concludes) == ("reached", solution.user, True)

    # 4 (E4): one text message that it is concluded; the result was told on the phone.
    _, concluded = told(case)
    assert "sonuçlandı" in concluded
    assert "Haklı" not in concluded
    assert "trafo" not in concluded

    solution.do(case, "closure", reason="resolved")
    assert case.state == State.CLOSED
    assert len(told(case)) == 2


def test_a_desk_takes_in_cases_and_sees_no_others(agent):
    """The solution point registers; what others took in is none of its business."""
    clerk = Desk(Role.CLERK, "point_centre")
    own = clerk.register(channel="branch", name="Ayten Ceylan", phone="0532 000 11 22")
    other = agent.register(name="Nihat Meriç", phone="0532 000 11 33")
    page = clerk.page("/desk/?view=all")
    assert own.number in page
    assert other.number not in page


# App and web: E6, E18


def test_the_app_opens_a_case_by_itself_and_shows_its_state(agent, solution):
    app = System(Role.AGENT)
    answer = app.post(
        "cases",
        {
            "channel": "app",
            "topic": NO_POWER,
            "description": "Elektrik gitti.",
            "region": "kiyikoy",
            "applicant": {"name": "Bora Tepe", "phone": "0532 123 45 67"},
        },
    )
    assert answer.status_code == 201
    case = Case.objects.get(number=answer.json()["number"])
    assert case.unit == "field_coast"
    work()
    assert case.follow_key in told(case)[0]

    answer_of_the_team(case, agent, "field_coast")
    assert app.get(f"cases/{case.number}").json()["state"] == "answered"
    conclude(case, solution)
    shown = app.get(f"cases/{case.number}").json()
    assert (shown["state"], shown["decision"]) == ("resolved", "justified")
    assert len(told(case)) == 2


@pytest.mark.parametrize(
    ("language", "result"), [("tr", "Haklı"), ("en", "Justified"), ("de", "Berechtigt")]
)
def test_the_web_form_becomes_a_case_and_its_result_comes_by_text_message(
    agent, solution, language, result
):
    applicant = Applicant(language)
    number, key = applicant.report(topic={"topic": LEVEL}, reply={"reply_channel": "phone"})
    case = Case.objects.get(number=number)
    assert (case.channel, case.language, case.follow_key) == ("web", language, key)
    work()
    assert key in told(case)[0]

    answer_of_the_team(case, agent, "power_quality")
    conclude(case, solution)
    assert result.lower() in told(case)[1].lower()
    assert "Kademe" not in told(case)[1]


def test_a_request_on_the_web_has_no_decision_to_name(agent, solution):
    """What was asked for is simply done; the message leads to the answer."""
    number, _ = Applicant("tr").report(topic={"topic": "lighting.new_lamp"})
    case = Case.objects.get(number=number)
    answer_of_the_team(case, agent, "street_lighting")
    solution.do(case, "contacts", channel="phone", outcome="reached")
    solution.do(case, "outcome", decision="not_applicable", text="Lamba programa alındı.")
    work()
    assert "{{" not in told(case)[-1]
    assert "Karar" not in told(case)[-1]
    assert "/track/" in told(case)[-1]


# Switchboard: E14


def test_a_call_that_is_business_of_186_goes_to_the_crews(agent, solution):
    case = agent.register(topic=NO_POWER, region="merkez", **CALLER)
    work()
    assert len(told(case)) == 1
    assert case.unit == "field_centre"
    answer_of_the_team(case, agent, "field_centre")
    conclude(case, solution)
    assert len(told(case)) == 2


def test_a_call_that_only_needed_information_gets_one_message_saying_both(agent):
    case = agent.register(
        do="answer",
        topic="contact.question",
        description="Çözüm noktası kaça kadar açık?",
        **CALLER,
        decision="not_applicable",
        text="Hafta içi 17.00'ye kadar açık.",
    )
    assert (case.state, case.first_contact) == (State.CLOSED, True)
    assert case.closing_reason == "information_given"
    work()
    [both] = told(case)
    assert "kaydedildi ve çözümlendi" in both
    assert not told(case, "email")


def test_danger_is_told_the_number_and_alerts_the_crews(agent):
    sheet = agent.client.post(
        "/desk/register/", agent.call(do="topic", topic="danger.fallen_wire")
    ).content.decode()
    assert "186" in sheet

    case = agent.register(topic="danger.fallen_wire", name="Ece Su", phone="0532 000 11 22")
    assert (case.priority, case.state) == (Priority.EMERGENCY, State.REFERRED)
    assert case.tasks.get().unit == "emergency"
    work()
    alert = Message.objects.get(case=case, event__type="alerted", recipient="unit:emergency")
    assert alert.urgent

    applicant = Applicant("tr")
    applicant.get("/report/")
    applicant.send(emergency="yes")
    assert "186" in applicant.text
    assert Case.objects.count() == 1


# Online meeting: E5


def test_an_online_meeting_informs_on_the_spot(agent):
    """The other units join the meeting by their own means; what was said is recorded and told."""
    case = agent.register(
        do="answer",
        channel="online",
        topic="connect.solar_roof",
        description="Çatıya panel için hangi adımlar var?",
        **CALLER,
        decision="not_applicable",
        text="Proje birimiyle birlikte üç adım anlatıldı.",
    )
    assert (case.state, case.first_contact) == (State.CLOSED, True)
    assert case.contacts.get().channel == "online"
    work()
    assert len(told(case)) == 1


# Social media: E19


def test_somebody_who_writes_on_social_media_is_called(agent, solution):
    case = agent.register(channel="social", name="Defne Uzun", phone="0532 000 11 22")
    work()
    assert told(case) == []  # no message at registration: the call centre calls
    assert "confirmed by a call" in agent.page(f"/desk/register/{case.number}/")
    assert case.clocks.get(kind="acknowledge").state == "running"
    agent.do(case, "contacts", channel="phone", outcome="reached")
    assert case.clocks.get(kind="acknowledge").state == "met"

    answer_of_the_team(case, agent, "power_quality")
    conclude(case, solution)
    [concluded] = told(case)
    assert "sonuçlandı" in concluded


# Written: E7, E9, E17


@pytest.mark.parametrize("channel", ["letter", "email"])
def test_a_written_case_can_be_followed_by_its_bar_code(agent, solution, channel):
    """At the registry's desk; the follow key is what the bar code of the receipt holds."""
    registry = Desk(Role.REGISTRY, "records")
    case = registry.register(
        channel=channel,
        name="Hikmet Orak",
        phone="0532 000 11 22",
        email="hikmet@posta.example",
        reply_channel="letter",
    )
    work()
    [registered] = told(case)
    assert f"barkod {case.follow_key}" in registered
    assert "/track/" in registered
    assert told(case, "email") == []
    followed(case, "received")

    # E9: the answer goes out by letter, as asked; the text message says that it is concluded.
    answer_of_the_team(case, agent, "power_quality")
    solution.do(case, "contacts", channel="letter", outcome="message_left", note="Mektup çıktı.")
    solution.do(case, "outcome", decision="justified", text=RESULT)
    work()
    assert len(told(case)) == 2
    assert told(case, "email") == []
    solution.do(case, "closure", reason="resolved")
    assert case.state == State.CLOSED


def test_who_asked_for_an_answer_by_email_gets_it_there(agent, solution):
    case = agent.register(
        channel="email",
        name="Hikmet Orak",
        phone="0532 000 11 22",
        email="hikmet@posta.example",
        reply_channel="email",
        topic=LEVEL,
    )
    solution.do(case, "ownership")
    solution.do(case, "replies", text="Ölçüm için salı günü geliyoruz.", channel="email")
    settle_typed()
    assert "salı günü" in told(case, "email")[0]

    answer_of_the_team(case, solution, "power_quality")
    conclude(case, solution)
    assert sum(RESULT in body for body in told(case, "email")) == 1
    used = [m.template for m in sent(case) if m.recipient == "applicant"]
    assert sorted(used) == ["answer_email", "concluded_sms", "registered_sms", "replied_email"]


def test_who_left_no_phone_gets_one_email_and_not_two(agent, solution):
    for wish in ("email", ""):
        case = agent.register(
            channel="email", name="Hikmet Orak", email="hikmet@posta.example", reply_channel=wish
        )
        work()
        solution.do(case, "ownership")
        solution.do(case, "answer", channel="email", decision="justified", text=RESULT)
        work()
        registered, answered = told(case, "email")
        assert case.follow_key in registered
        assert RESULT in answered


def settle_typed():
    """What somebody typed leaves after the time in which it can be taken back."""
    settle(reconcilers(), timezone.now() + timedelta(minutes=1))


# Following: E10, E11


def followed(case, state):
    """The state is public to whoever holds number and key, and to nobody else; no detail is."""
    applicant = Applicant("tr")
    applicant.track(case.number, case.follow_key)
    assert f'data-number="{case.number}"' in applicant.text
    assert f'data-state="{state}"' in applicant.text
    assert case.description not in applicant.text
    assert case.applicant.name not in applicant.text
    applicant.track(case.number, "ZZZZ")
    assert "data-state" not in applicant.text


def test_the_web_site_shows_the_state_to_whoever_holds_the_key_and_no_detail(agent, solution):
    case = agent.register(**CALLER)
    followed(case, "received")
    answer_of_the_team(case, agent, "power_quality")
    followed(case, "answered")
    conclude(case, solution)
    followed(case, "resolved")


def test_somebody_else_asks_and_the_file_stays_closed(agent):
    """E11: the caller's own name is kept, and as what; the customer's data are not theirs."""
    customer = make_customer("Ayten Ceylan", tckn=TCKN)
    make_account(customer, "10442817")
    found = agent.look_up("10442817")
    case = agent.register(
        customer=hidden(found, "customer"),
        account_number="10442817",
        relation="third_party",
        name="Can Öz",
        phone="0555 111 22 33",
    )
    assert (case.customer, case.applicant.name) == (customer, "Can Öz")
    assert case.relation == "third_party"
    work()
    assert "Ayten" not in told(case)[0]


# WhatsApp: E16


def test_whatsapp_is_named_and_off_until_the_profile_says_otherwise(agent):
    profile = preset("electricity")
    note = profile.channels[Channel.WHATSAPP].note["tr"]
    home = Applicant("tr").get("/").content.decode()
    assert note in home
    assert 'value="whatsapp"' not in agent.page("/desk/register/")

    on = profile.channels | {
        Channel.WHATSAPP: profile.channels[Channel.WHATSAPP].model_copy(
            update={"enabled": True, "note": None}
        )
    }
    changed = profile.model_copy(update={"channels": on})
    publishing.publish(changed, by=None, at=timezone.now())

    assert note not in Applicant("tr").get("/").content.decode()
    case = agent.register(channel="whatsapp", name="Defne Uzun", phone="0532 000 11 22")
    work()
    assert case.channel == "whatsapp"
    assert len(told(case)) == 1
