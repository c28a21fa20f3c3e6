"""A unit's own pages, and the page of messages: right and wrong persons, input and versions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case
from derman.outbox import codes, expansion
from derman.outbox.models import Message
from tests.factories import make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def act():
    return {"by": make_user("solution", "solution"), "at": timezone.now(), "profile": published()}


@pytest.fixture
def unit(act):
    return make_user("unit", "metering")


@pytest.fixture
def task(act):
    case = make_case(customer=make_customer("Ayşe Yılmaz"), at=act["at"])
    return actions.refer(case, "metering", question="Endeks kaç?", **act)


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(task, noun="") -> str:
    return f"/desk/cases/{task.case.number}/tasks/{task.pk}/{noun}"


def send(user, task, noun, **data):
    data.setdefault("version", Case.objects.get(pk=task.case_id).version)
    return sign_in(user).post(address(task, f"{noun}/"), data)


def test_a_unit_sees_its_open_tasks_and_only_those(task, unit):
    page = sign_in(unit).get("/desk/tasks/").content.decode()
    assert f'data-task="{task.pk}"' in page
    assert "Endeks kaç?" in page
    other = make_user("unit", "billing", name="other")
    assert "No open question" in sign_in(other).get("/desk/tasks/").content.decode()
    assert AccessRecord.objects.filter(what="tasks", by=unit).exists()


def test_the_list_of_tasks_takes_at_most_ten_queries(task, unit, django_assert_max_num_queries):
    client = sign_in(unit)
    client.get("/desk/")
    with django_assert_max_num_queries(10):
        client.get("/desk/tasks/")


def test_the_badge_counts_what_the_list_shows(task, unit, act):
    client = sign_in(unit)
    for step, count in ((None, "1"), (actions.start_task, "1"), (actions.answer_task, "0")):
        if step:
            step(task, *(["4 812."] if count == "0" else []), **act)
        assert client.get("/desk/tasks/count/").content.decode().strip() == count
        assert client.get("/desk/tasks/").content.decode().count("data-task=") == int(count)


def test_the_task_page_shows_question_facts_and_due_time(task, unit):
    page = sign_in(unit).get(address(task)).content.decode()
    assert "Endeks kaç?" in page
    assert "Sayaç yanlış okunmuş" in page
    assert "0532 ••• •• 67" in page
    assert 'class="clock"' in page


def test_start_then_answer(task, unit):
    assert send(unit, task, "start").status_code == 302
    task.refresh_from_db()
    assert (task.state, task.started_by) == ("started", unit)
    assert send(unit, task, "answer", text="4812.").url == "/desk/tasks/"
    task.case.refresh_from_db()
    assert task.case.state == "answered"
    assert "4812." in sign_in(unit).get(address(task)).content.decode()


def test_send_back_says_why(task, unit):
    assert send(unit, task, "return", reason=" ").status_code == 422
    assert send(unit, task, "return", reason="Fatura biriminin işi.").status_code == 302
    task.refresh_from_db()
    assert task.state == "sent_back"


def test_a_field_team_starts_and_answers_but_sends_nothing_back(task):
    field = make_user("field", "metering")
    page = sign_in(field).get(address(task)).content.decode()
    assert "Not our question?" not in page
    assert send(field, task, "return", reason="Hayır.").status_code == 403
    assert send(field, task, "answer", text="Değiştirildi.").status_code == 302


def test_an_empty_answer_is_refused_at_its_field(task, unit):
    refused = send(unit, task, "answer", text="  ")
    assert refused.status_code == 422
    assert "answer_text_error" in refused.content.decode()


def test_an_old_version_keeps_the_words(task, unit, act):
    old = task.case.version
    task.case.refresh_from_db()
    actions.note(task.case, "Acele.", **act)
    refused = send(unit, task, "answer", text="Uzun bir yanıt.", version=old)
    assert refused.status_code == 409
    assert "Uzun bir yanıt." in refused.content.decode()
    task.refresh_from_db()
    assert task.state == "open"


@pytest.mark.parametrize(
    ("role", "home", "status"), [("unit", "billing", 404), ("manager", "", 403)]
)
def test_the_wrong_person_answers_nothing(task, role, home, status):
    stranger = make_user(role, home, name="stranger")
    assert send(stranger, task, "answer", text="Ben.").status_code == status


# Messages


@pytest.fixture
def sent(act):
    """A case whose messages were written, and a code."""
    customer = make_customer("Ayşe Yılmaz", email="ayse@ornek.example")
    case = make_case(customer=customer, at=act["at"])
    expansion.expand(act["at"] + timedelta(minutes=1), 100)
    codes.send_code(case, at=act["at"], profile=act["profile"], wire="sms")
    return case


@pytest.fixture
def boss(act):
    return make_user("supervisor")


def test_messages_are_listed_masked_by_state(sent, boss):
    page = sign_in(boss).get("/desk/messages/?state=queued").content.decode()
    assert "0532 ••• •• 67" in page
    assert "1234567" not in page
    assert sent.number in page
    assert "No message" in sign_in(boss).get("/desk/messages/?state=failed").content.decode()
    assert AccessRecord.objects.filter(what="messages", by=boss).exists()


def test_a_code_is_shown_to_nobody(sent, boss):
    code = Message.objects.get(notice="code")
    page = sign_in(boss).get(f"/desk/cases/{sent.number}/messages/").content.decode()
    assert code.body not in page
    assert "One-time code" in page


def test_holding_back_and_sending_again(sent, boss):
    message = Message.objects.exclude(notice="code").first()
    client = sign_in(boss)
    client.post(f"/desk/messages/{message.pk}/cancellation/")
    message.refresh_from_db()
    assert message.state == "cancelled"
    client.post(f"/desk/messages/{message.pk}/retry/", {"back": "case"})
    message.refresh_from_db()
    assert message.state == "queued"
    again = client.post(f"/desk/messages/{message.pk}/retry/", follow=True)
    assert "cannot be sent again" in again.content.decode()


def test_an_agent_reads_but_does_not_resend(sent):
    agent = make_user("agent", "call_centre")
    message = Message.objects.exclude(notice="code").first()
    client = sign_in(agent)
    page = client.get("/desk/messages/").content.decode()
    assert "Hold back" not in page
    assert client.post(f"/desk/messages/{message.pk}/cancellation/").status_code == 403


def test_a_unit_has_no_page_of_messages(sent, unit):
    client = sign_in(unit)
    assert client.get("/desk/messages/").status_code == 403
    assert client.get(f"/desk/cases/{sent.number}/messages/").status_code == 404


def test_the_message_page_takes_few_queries(sent, boss, django_assert_max_num_queries):
    client = sign_in(boss)
    client.get("/desk/")
    with django_assert_max_num_queries(16):
        client.get("/desk/messages/")
