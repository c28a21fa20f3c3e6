"""What a gateway reports later, and who may report."""

from datetime import timedelta

import pytest

from derman.cases import actions
from derman.cases.models import Contact
from derman.outbox import expansion, receipts
from derman.outbox.models import Message
from derman.words.kinds import Decision, MessageState
from derman.words.rights import Role
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

TOKEN = "a-long-shared-secret"
LATER = MONDAY + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def shared_secret(settings):
    settings.SMS_RECEIPT_TOKEN = TOKEN


@pytest.fixture
def message():
    factories.make_case(customer=factories.make_customer(email="ayse@posta.example"))
    expansion.expand(MONDAY, 10)
    made = Message.objects.get()
    Message.objects.update(state=MessageState.ACCEPTED, sent_at=MONDAY, provider_ref="4711")
    return made


def report(client, **said):
    return client.get("/channels/sms/receipt/", {"token": TOKEN, **said})


def state():
    return Message.objects.order_by("queued_at").first().state


@pytest.mark.parametrize("status", ["1", "DELIVRD", "delivered"])
def test_a_report_says_that_it_arrived(client, message, status):
    assert report(client, id=str(message.pk), status=status).status_code == 200

    assert state() == MessageState.DELIVERED
    assert Message.objects.get().delivered_at is not None


def test_a_report_may_name_the_providers_reference(client, message):
    report(client, ref="4711", status="1")

    assert state() == MessageState.DELIVERED


@pytest.mark.parametrize("status", ["2", "16", "UNDELIV", "EXPIRED"])
def test_what_does_not_arrive_takes_the_next_wire(client, message, status):
    report(client, id=str(message.pk), status=status)

    assert state() == MessageState.FAILED
    assert Message.objects.get(channel="email").state == MessageState.QUEUED
    report(client, id=str(message.pk), status=status)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("status", ["4", "8", "ACCEPTD", "", "later"])
def test_a_report_on_the_way_changes_nothing(client, message, status):
    report(client, id=str(message.pk), status=status)

    assert state() == MessageState.ACCEPTED


@pytest.mark.parametrize("token", ["", "wrong", TOKEN.upper(), TOKEN + "é"])
def test_a_stranger_reports_nothing(client, message, token):
    answer = client.get(
        "/channels/sms/receipt/", {"token": token, "id": str(message.pk), "status": "1"}
    )

    assert answer.status_code == 404
    assert state() == MessageState.ACCEPTED


def test_without_a_secret_there_is_no_such_address(client, message, settings):
    settings.SMS_RECEIPT_TOKEN = ""

    assert report(client, id=str(message.pk), status="1").status_code == 404
    assert client.get("/channels/sms/receipt/", {"token": "", "status": "1"}).status_code == 404


@pytest.mark.parametrize("said", [{"id": "x"}, {"ref": "nobody's"}, {}])
def test_a_report_about_nothing_known_is_taken_quietly(client, message, said):
    assert report(client, status="1", **said).status_code == 200
    assert state() == MessageState.ACCEPTED


def test_a_report_ends_the_doubt_about_an_unconfirmed_message(client, message):
    Message.objects.update(state=MessageState.UNKNOWN, sent_at=None)

    client.post(
        "/channels/sms/receipt/", {"token": TOKEN, "id": str(message.pk), "status": "DELIVRD"}
    )

    assert state() == MessageState.DELIVERED
    assert message.case.events.filter(type="acknowledged").exists()


def test_where_delivery_is_the_proof_acceptance_is_not(message):
    profile = factories.published(factories.with_process(message_proves="delivered"))
    agent = factories.make_user(Role.AGENT)
    case = message.case
    actions.take(case, by=agent, at=MONDAY, profile=profile)
    actions.outcome(case, Decision.JUSTIFIED, "Done.", by=agent, at=MONDAY, profile=profile)
    expansion.expand(LATER, 10)
    told = Message.objects.get(concludes=True)
    Message.objects.filter(pk=told.pk).update(state=MessageState.ACCEPTED, sent_at=LATER)
    assert not Contact.objects.exists()

    receipts.delivered(Message.objects.get(pk=told.pk), at=LATER)
    receipts.delivered(Message.objects.get(pk=told.pk), at=LATER)

    assert Contact.objects.get().concludes
