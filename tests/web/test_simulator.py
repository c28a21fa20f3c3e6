"""The demo's phones and mailboxes: pages and JSON, without a sign-in, in a demo only."""

from datetime import UTC, datetime, timedelta

import pytest

from derman import worker
from derman.outbox import codes, expansion, sending, transports
from derman.outbox.models import Message
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten():
    yield
    transports.forget()
    sending.forget_failures()


@pytest.fixture
def case():
    return factories.make_case(customer=factories.make_customer(email="ayse@posta.example"))


def settle(at=MONDAY):
    """What the worker does, until nothing is due."""
    return worker.settle(worker.reconcilers(), at)


def test_what_the_worker_sends_is_read_by_number(client, case):
    settle()

    found = client.get("/simulator/messages.json", {"to": "+905321234567"}).json()

    assert [set(message) for message in found] == [{"to", "channel", "body", "at"}]
    assert found[0]["to"] == "+905321234567"
    assert found[0]["channel"] == "sms"
    assert case.follow_key in found[0]["body"]
    assert datetime.fromisoformat(found[0]["at"]) >= MONDAY


@pytest.mark.parametrize("to", ["?to=+905321234567", "?to=%2B905321234567", "?to=05321234567"])
def test_a_number_is_found_however_it_is_written(client, case, to):
    settle()

    assert len(client.get(f"/simulator/messages.json{to}").json()) == 1


def test_the_newest_is_last_and_others_numbers_are_not_there(client, case):
    settle()
    factories.make_case(customer=factories.make_customer(phone="+905330000000"))
    codes.send_code(case, at=MONDAY + timedelta(minutes=1), profile=factories.published())
    settle(MONDAY + timedelta(minutes=1))

    found = client.get("/simulator/messages.json", {"to": "+905321234567"}).json()

    assert len(found) == 2
    assert found[0]["at"] < found[1]["at"]
    code = Message.objects.get(notice="code").body
    assert found[1]["body"] == code


def test_nobody_is_there_before_anything_was_sent(client, case):
    expansion.expand(MONDAY, 100)

    assert client.get("/simulator/messages.json", {"to": "+905321234567"}).json() == []


def test_the_page_shows_phones_and_mailboxes(client, case):
    factories.make_case(customer=case.applicant, reply_channel="email")
    settle()

    page = client.get("/simulator/").content.decode()

    assert 'data-address="+905321234567"' in page
    assert 'data-address="ayse@posta.example"' in page
    assert case.follow_key in page


def test_the_page_may_show_one_address_and_refreshes_a_part(client, case):
    settle()

    page = client.get("/simulator/", {"to": "nobody@posta.example"}).content.decode()
    part = client.get("/simulator/", headers={"X-Poll": "1"}).content.decode()

    assert "data-address" not in page
    assert "data-address" in part
    assert "<html" not in part


def test_what_was_sent_is_shown_as_text(client):
    factories.make_case(
        customer=factories.make_customer("<img src=x>", phone="", email="x@posta.example")
    )
    settle()

    assert "<img src=x>" not in client.get("/simulator/").content.decode()


@pytest.mark.parametrize("path", ["/simulator/", "/simulator/messages.json"])
def test_outside_a_demo_there_is_no_simulator(client, case, path, settings):
    settings.DEMO = False

    assert client.get(path).status_code == 404


def test_without_a_demo_nothing_is_sent_into_the_void(case, settings):
    settings.DEMO = False
    settle(datetime.now(UTC))

    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}
