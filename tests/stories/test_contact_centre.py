"""The process of a contact centre, step by step, through its pages and its API (C1–C11, C13).

It reads like the published process: over every channel a record is made, the department of its
topic reviews it in a record of its own, the customer hears that the review began, whether the
complaint is justified is decided with a reason, and what is not justified is told and closed. What
is justified leads to an action; the customer is told what was done and asked about the review and
the action; whoever is not satisfied is called, told the results, and gets another action until they
are. All of it in Turkish, English and German.
"""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone, translation

from derman.cases.models import Action, Case
from derman.outbox import expansion, sending
from derman.outbox.models import Message
from derman.words.kinds import Channel, Decision, Language, Priority
from derman.words.life import LIFE, State
from derman.words.rights import Role
from tests import desk
from tests.applicants import Applicant
from tests.desk import sent, work
from tests.factories import make_account, make_customer, preset, published
from tests.systems import System

pytestmark = pytest.mark.django_db

CONDUCT = "conversation.agent_conduct"
DEPARTMENT = "operations_golkent"
EMAIL = "ayse@ornek.example"
PHONE = "0532 123 45 67"
REPORT = {
    "topic": {"topic": CONDUCT},
    "place": {"region": "golkent", "place": ""},
    "description": {"description": "Temsilci sözümü üç kez kesti."},
    "proposal": {"proposal": "Kayıt dinlensin."},
    "contact": {"name": "Ayşe Yılmaz", "phone": PHONE, "email": EMAIL},
    "account": {"account_number": "10442817"},
    "reply": {"reply_channel": "email"},
}
REASON = {
    Language.TURKISH: "Görüşmenin tamamı dinlendi: sözünüz kesilmiş, özür dileriz.",
    Language.ENGLISH: "The whole call was heard: you were interrupted, and we apologise.",
    Language.GERMAN: "Das ganze Gespräch wurde angehört: Man hat Sie unterbrochen.",
}
JUSTIFIED = {"decision": "justified", "reason_code": "agent_error", "evidence": "12:04'teki kayıt."}
UNJUSTIFIED = {
    "decision": "not_justified",
    "reason_code": "done_by_rule",
    "evidence": "Kaydın tamamı dinlendi.",
}
ACTION = {
    Language.TURKISH: "Temsilci ile görüşüldü, sizden özür dilendi.",
    Language.ENGLISH: "We spoke with the agent and apologised to you.",
    Language.GERMAN: "Wir haben mit der Person gesprochen und uns entschuldigt.",
}
OTHER_ACTION = {
    Language.TURKISH: "Hattınız ayrı bir temsilciye bağlandı.",
    Language.ENGLISH: "Your calls now go to another agent.",
    Language.GERMAN: "Ihre Anrufe gehen jetzt an eine andere Person.",
}
REFUSAL = {
    Language.TURKISH: "Görüşmenin tamamı dinlendi; temsilci kurala uygun konuşmuş.",
    Language.ENGLISH: "The whole call was heard; the agent kept to the rules.",
    Language.GERMAN: "Das ganze Gespräch wurde angehört; die Regeln wurden eingehalten.",
}


class Desk(desk.Desk):
    """Somebody of the contact centre, working in one language, called about an agent."""

    caller = {
        "topic": CONDUCT,
        "description": "Temsilci sözümü üç kez kesti.",
        "proposal": "Kayıt dinlensin.",
        "region": "golkent",
    }

    def __init__(self, role: Role, unit: str = "", *, language: str = "tr", name: str = "") -> None:
        super().__init__(role, unit, name=name)
        self.user.language = language
        self.user.save(update_fields=["language"])

    def page(self, path: str) -> str:
        page = super().page(path)
        assert f'<html lang="{self.user.language}"' in page
        return page


@pytest.fixture(autouse=True)
def organisation():
    return published(preset("contact-centre"))


def label(word: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(word)


def told(case: Case, template: str, language: str, *words: str) -> Message:
    """The one message of this kind to the applicant, in their language and saying this."""
    found = [m for m in sent(case) if m.template == template and m.recipient == "applicant"]
    assert len(found) == 1
    message = found[0]
    assert message.language == language
    assert all(word in f"{message.subject}\n{message.body}" for word in words), message.body
    return message


def report(language: str, **changes: dict[str, str]) -> Case:
    """A complaint by the web form, in one language from the first page to the last."""
    applicant = Applicant(language)
    applicant.walk(**{**REPORT, **changes})
    assert f'<html lang="{language}"' in applicant.text
    applicant.send()
    number, key = applicant.receipt()
    case = Case.objects.get(number=number)
    assert (case.language, case.follow_key) == (language, key)
    return case


def open_details(case: Case, language: str) -> Applicant:
    """Follow a case with number and key, then with a code to the e-mail address on file."""
    follower = Applicant(language)
    follower.track(case.number, case.follow_key)
    follower.get(f"/track/{case.number}/code/")
    follower.send(way="email")
    code = re.search(r"\d{3} \d{3}", Message.objects.filter(case=case, notice="code").last().body)
    follower.send(code=code[0])
    return follower


def reviewed(case: Case, language: str) -> Desk:
    """C3, C4, C5: the department opens its own record, reviews, and the customer hears of it."""
    department = Desk(Role.UNIT, DEPARTMENT, language=language)
    assert case.number in department.page("/desk/tasks/")
    task = case.tasks.get()
    department.do(case, f"tasks/{task.pk}/start")
    work()
    department.do(case, f"tasks/{task.pk}/answer", text="Kayıt dinlendi, sözü kesilmiş.")
    assert case.number not in department.page("/desk/tasks/")
    return department


def asked(case: Case, language: str) -> Applicant:
    """C9: once the wait is over the customer is asked; they open the link of the last message."""
    case.surveys.filter(cycle=case.cycle).update(next_at=timezone.now())
    work()
    message = [m for m in sent(case) if m.template == "survey_email"][-1]
    assert message.language == language
    applicant = Applicant(language)
    applicant.get(re.search(r"/survey/[^/]+/", message.body)[0])
    questions = preset("contact-centre").survey.questions
    assert f'<html lang="{language}"' in applicant.text
    assert questions.process[language] in applicant.text
    assert questions.action[language] in applicant.text
    return applicant


@pytest.mark.parametrize("language", list(Language))
def test_a_complaint_on_the_web_up_to_the_decision(language):
    """C1–C6, C13: every step, every page and every message in the customer's language."""
    # 01, 02: the web form makes a record by itself, confirmed with its number.
    case = report(language)
    work()
    first = told(case, "opened_email", language, case.follow_key)
    assert first.acknowledges
    assert case.clocks.get(kind="acknowledge").state == "met"

    # 03, 04: it went to the department of its topic and site; the department's own record is open.
    assert (case.state, case.unit, case.owner_unit) == (State.REFERRED, DEPARTMENT, "experience")
    task = case.tasks.get()
    assert (task.unit, task.state) == (DEPARTMENT, "open")
    assert task.due_at < case.due_at
    alert = next(m for m in sent(case) if m.template == "staff_task")
    assert alert.recipient == f"unit:{DEPARTMENT}"
    assert not [m for m in sent(case) if m.template == "review_begun_email"]

    # 05: when its review begins, the customer hears that it arrived and began, and by when.
    reviewed(case, language)
    topic = preset("contact-centre").topic(CONDUCT).label[language]
    told(case, "review_begun_email", language, topic)

    # 06: Customer Experience decides, with the reason, and the customer is told.
    assert (case.state, case.inform_unit) == (State.ANSWERED, "experience")
    owner = Desk(Role.SOLUTION, "experience", language=language)
    assert case.number in owner.page("/desk/?view=call")
    assert f">{label('Justified', language)}<" in owner.page(f"/desk/cases/{case.number}/outcome/")
    owner.do(case, "outcome", text=REASON[language], **JUSTIFIED)
    assert (case.state, case.decision) == (State.RESOLVED, Decision.JUSTIFIED)
    assert case.outcomes.get().text == REASON[language]
    work()
    told(case, "justified_email", language, label("Justified", language), REASON[language])

    # C13: the tracking page says it in the same language, with the decision and why.
    follower = open_details(case, language)
    assert f'<html lang="{language}"' in follower.text
    assert label(LIFE[State.RESOLVED].applicant_reads, language) in follower.text
    assert label("Justified", language) in follower.text
    assert REASON[language] in follower.text
    for event in ("opened", "referred", "task_started", "resolved"):
        assert f'data-event="{event}"' in follower.text


def acted(case: Case, owner: Desk, department: Desk, text: str) -> Action:
    """C6, C7, C8: justified with an action, which the department carries out and proves."""
    language = owner.user.language
    plan = {"action_kind": "remedy", "action_text": text, "action_owner_unit": DEPARTMENT}
    owner.do(case, "outcome", text=REASON[language], **JUSTIFIED, **plan)
    action = case.actions.get(cycle=case.cycle)
    assert (action.kind, action.owner_unit, action.state) == ("remedy", DEPARTMENT, "open")
    work()
    department.do(case, f"actions/{action.pk}/done", proof="Görüşme kaydı 88.")
    work()
    message = [m for m in sent(case) if m.template == "action_done_email"][-1]
    assert (message.language, text in message.body) == (language, True)
    return action


def followed_up(case: Case, owner: Desk) -> None:
    """C11: the results are shared; the customer is still not satisfied, and somebody goes on."""
    assert case.number in owner.page("/desk/follow-ups/?which=mine")
    said = "Sonuç anlatıldı, yeterli bulmadı."
    goes_on = {"outcome": "dissatisfied", "owner": str(owner.user.pk)}
    owner.do(case, "follow-up", note=said, channel="phone", **goes_on)
    assert (case.state, case.cycle, case.owner_user) == (State.IN_REVIEW, 2, owner.user)
    assert case.contacts.filter(note=said, cycle=1).exists()


@pytest.mark.parametrize("language", list(Language))
def test_a_customer_who_is_not_satisfied_is_followed_up_until_they_are(language):
    """C7–C11, C13: an action, its result told, the survey, the follow-up, another action."""
    case = report(language)
    department = reviewed(case, language)
    owner = Desk(Role.SOLUTION, "experience", language=language)
    acted(case, owner, department, ACTION[language])
    told(case, "justified_email", language, REASON[language])

    # 09: the survey asks about two things; 10: the action did not satisfy, and the owner hears it.
    applicant = asked(case, language)
    applicant.send(process="4", action="2", text="")
    assert applicant.path == "/survey/thanks/"
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    work()
    alert = next(m for m in sent(case) if m.template == "staff_follow_up")
    assert (alert.recipient, alert.language) == (f"user:{owner.user.pk}", language)
    followed_up(case, owner)

    # 11: the action that did not satisfy is not tried again; none at all does not do either.
    said = {"text": REASON[language], "version": case.version, **JUSTIFIED}
    again = {"action_kind": "remedy", "action_text": ACTION[language]}
    for plan in (again, {}):
        answer = owner.client.post(f"/desk/cases/{case.number}/outcome/", {**said, **plan})
        assert answer.status_code == 422
    acted(case, owner, department, OTHER_ACTION[language])

    # 09, 10 once more: satisfied, and the process ends.
    asked(case, language).send(process="5", action="5", text="")
    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, "resolved")
    follower = open_details(case, language)
    for event in ("survey_asked", "survey_answered", "follow_up_opened", "followed_up"):
        assert f'data-event="{event}"' in follower.text

    page = Desk(Role.QUALITY, language=language).client.get("/desk/satisfaction/")
    tally = page.context["tally"]
    assert (tally.answered, tally.csat_process, tally.csat_action) == (2, 1.0, 0.5)


def test_a_customer_who_is_satisfied_ends_the_process():
    """C10: nothing more is to be done."""
    case = report("tr")
    reviewed(case, "tr")
    owner = Desk(Role.SOLUTION, "experience")
    action = {"action_kind": "remedy", "action_text": ACTION["tr"]}
    owner.do(case, "outcome", text=REASON["tr"], **JUSTIFIED, **action)
    work()
    asked(case, "tr").send(process="5", action="4", text="Teşekkürler.")
    case.refresh_from_db()
    assert case.state == State.CLOSED
    assert not case.follow_ups.exists()


@pytest.mark.parametrize("language", list(Language))
def test_what_is_not_justified_is_told_and_closed_in_one_act(language):
    """C6, C7: informed by phone, the record closes with the decision; it can be opened again."""
    case = report(language)
    reviewed(case, language)
    owner = Desk(Role.SOLUTION, "experience", language=language)
    owner.do(case, "contacts", channel="phone", outcome="reached")
    owner.do(case, "outcome", text=REFUSAL[language], **UNJUSTIFIED)

    assert (case.state, case.closing_reason) == (State.CLOSED, "resolved")
    work()
    told(case, "not_justified_email", language, label("Not justified", language), REFUSAL[language])
    follower = open_details(case, language)
    assert REFUSAL[language] in follower.text
    owner.do(case, "reopening", reason="Başvuru sahibi gerekçeyi kabul etmiyor.")
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)


def test_what_is_not_justified_closes_when_the_message_with_the_reason_has_left():
    case = report("tr")
    reviewed(case, "tr")
    owner = Desk(Role.SOLUTION, "experience")
    owner.do(case, "outcome", text=REFUSAL["tr"], **UNJUSTIFIED)
    assert case.state == State.RESOLVED

    work()
    case.refresh_from_db()
    assert case.state == State.CLOSED
    assert case.contacts.get().concludes


def test_partly_counts_as_justified():
    case = report("tr")
    reviewed(case, "tr")
    owner = Desk(Role.SOLUTION, "experience")
    owner.do(case, "contacts", channel="phone", outcome="reached")
    owner.do(case, "outcome", text=REASON["tr"], **{**JUSTIFIED, "decision": "partly"})
    assert case.state == State.RESOLVED
    work()
    told(case, "justified_email", "tr", "Kısmen")


@pytest.mark.parametrize("channel", ["phone", "visit", "survey", "social", "email"])
def test_a_record_is_made_whichever_way_a_complaint_comes(channel):
    """C1, C2: staff take it down; it goes to its department like one from the web."""
    case = Desk(Role.AGENT, "contact_desk").register(
        channel=channel, name="Hasan Işık", phone="0532 000 11 22"
    )
    assert (case.channel, case.state, case.unit) == (channel, State.REFERRED, DEPARTMENT)
    assert case.tasks.get().unit == DEPARTMENT
    work()
    assert [m.template for m in sent(case) if m.recipient == "applicant"] == ["opened_sms"]


def test_a_customer_of_a_brand_is_found_by_the_number_the_brand_gave():
    """The form fills itself; without a number it is filled in by hand, and nobody's TCKN asked."""
    customer = make_customer("Ayşe Yılmaz")
    make_account(customer, "10442817", region="golkent")
    agent = Desk(Role.AGENT, "contact_desk")
    found = agent.look_up("10442817").content.decode()
    assert "Ayşe Yılmaz" in found
    key = re.search(r'name="customer" value="([^"]*)"', found)[1]
    case = agent.register(customer=key, account_number="10442817", region="")
    assert (case.customer, case.unit) == (customer, DEPARTMENT)

    applicant = Applicant("tr")
    applicant.walk(until="account", **REPORT)
    assert "Müşteri ya da sözleşme numarası" in applicant.text
    assert 'name="tckn"' not in applicant.text


def test_what_the_desk_knows_is_answered_while_the_call_lasts():
    """No unit is needed: the script is read, and one message says recorded and concluded."""
    agent = Desk(Role.AGENT, "contact_desk")
    question = {"topic": "data.how_recorded", "description": "Neden kayıt alıyorsunuz?"}
    sheet = agent.client.post("/desk/register/", agent.call(do="topic", **question))
    script = preset("contact-centre").topic("data.how_recorded").script["tr"]
    assert script.split(".")[0] in sheet.content.decode()
    case = agent.register(
        do="answer",
        name="Hasan Işık",
        phone="0532 000 11 22",
        decision="not_applicable",
        text="Kayıt süresi ve amacı anlatıldı.",
        **question,
    )
    assert (case.state, case.first_contact) == (State.CLOSED, True)
    work()
    assert [message.template for message in sent(case)] == ["concluded_at_once_sms"]


def test_danger_heard_on_a_call_is_never_queued():
    agent = Desk(Role.AGENT, "contact_desk")
    danger = {"topic": "danger.harm_heard", "description": "Kendine zarar vereceğini söyledi."}
    sheet = agent.client.post("/desk/register/", agent.call(do="topic", **danger))
    assert "112" in sheet.content.decode()

    case = agent.register(name="Elif Kaya", phone="0532 000 11 22", **danger)
    assert (case.priority, case.unit) == (Priority.EMERGENCY, "duty_manager")
    expansion.expand(timezone.now(), 100)
    sending.send_due(timezone.now(), 100)
    alert = Message.objects.get(case=case, event__type="alerted")
    assert alert.urgent
    assert alert.recipient == "unit:duty_manager"

    applicant = Applicant("de")
    applicant.get("/report/")
    applicant.send(emergency="yes")
    assert "112" in applicant.text
    assert Case.objects.count() == 1


def test_the_ethics_line_keeps_the_name_from_everybody_else():
    case = report(
        "tr",
        topic={"topic": "ethics.favours"},
        secrecy={"secret_reporter": "yes"},
        description={"description": "Olmayan satışları girip prim alıyorlar."},
    )
    assert case.secret_reporter
    assert case.unit == "ethics"
    other = Desk(Role.UNIT, "quality", name="quality-unit")
    assert other.client.get(f"/desk/cases/{case.number}/").status_code in (403, 404)
    seen = Desk(Role.UNIT, "ethics").page(f"/desk/cases/{case.number}/")
    assert "Ayşe Yılmaz" not in seen


def test_another_system_reads_the_same_process_over_the_api():
    """C2–C6 by API: the task is there at once, and the outcome carries the reason."""
    system = System()
    said = {
        "channel": Channel.SURVEY,
        "topic": "feedback.survey_comment",
        "description": "1 verdim, sorunum çözülmeden kapatılmış.",
        "applicant": {"name": "Ayşe Yılmaz", "phone": PHONE},
    }
    case = system.post("cases", said).json()
    task = case["tasks"][0]
    assert (case["state"], case["owner_unit"]) == ("referred", "experience")
    assert (task["unit"], task["state"]) == ("quality", "open")

    path = f"cases/{case['number']}"
    steps = [
        (f"tasks/{task['id']}/start", {}),
        (f"tasks/{task['id']}/answer", {"text": "Kayıt dinlendi."}),
        ("contacts", {"channel": "phone", "outcome": "reached"}),
        ("outcome", {"text": REFUSAL["tr"], **UNJUSTIFIED}),
    ]
    for step, body in steps:
        case = system.post(f"{path}/{step}", body, version=case["version"]).json()
    assert (case["state"], case["decision"]) == ("closed", "not_justified")
    assert case["events"][-1]["type"] == "closed"


@pytest.mark.parametrize("language", list(Language))
def test_the_pages_and_the_topics_speak_the_readers_language(language):
    """C13: home, topics and privacy notice; what is switched off says why."""
    centre = preset("contact-centre")
    page = Client(headers={"accept-language": language})
    home = page.get("/").content.decode()
    assert f'<html lang="{language}"' in home
    assert centre.organisation.home[language].split(".")[0] in home
    assert centre.organisation.lines["complaints"].number in home
    assert centre.channels[Channel.WHATSAPP].note[language] in home

    applicant = Applicant(language)
    applicant.walk(until="topic")
    words = unescape(applicant.text)
    assert all(main.label[language] in words for main in centre.topics.values())
    labels = {t["key"]: t["label"] for t in page_topics(language)}
    assert labels == {key: topic.label[language] for key, topic in centre.topics.items()}


def page_topics(language: str) -> list[dict[str, str]]:
    """The main topics as another system reads them in a language."""
    system = System()
    answer = system.client.get("/api/v1/topics", headers={"accept-language": language})
    return answer.json()
