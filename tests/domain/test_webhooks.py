"""Telling other systems: signed so that the public library believes it, tried for three days."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import jsonschema_rs
import pytest
from django.test import Client
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from derman.api.models import Delivery, Webhook
from derman.api.webhooks import delivering, hooks, messages, queueing
from derman.api.webhooks.calling import Answer, call
from derman.api.webhooks.delivering import WAITS, Deliveries
from derman.cases.models import Case
from derman.outbox import expansion
from derman.words.kinds import DeliveryState, OffReason
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db


class Receiver(ThreadingHTTPServer):
    """Another system on loopback: keeps what it was told, answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.headers_back: dict[str, str] = {}
        self.holding = threading.Event()
        self.holding.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/derman?from=here"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.server.holding.wait(10)
        self.send_response(self.server.status)
        for name, value in self.server.headers_back.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.holding.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def hook(receiver) -> Webhook:
    return hooks.add("crm", receiver.url, types=[], by=None, at=MONDAY)


@pytest.fixture
def case(hook) -> Case:
    """A case whose opening the worker has seen."""
    case = factories.make_case(profile=factories.published())
    expansion.expand(MONDAY, 100, after=lambda events: queueing.queue(events, at=MONDAY))
    return case


def deliver(at: datetime = MONDAY) -> None:
    """Rounds until nothing is due or in flight at this moment."""
    rounds = Deliveries()
    for _ in range(200):
        if not rounds.run(at, 100):
            return
    raise AssertionError("It does not end.")


def test_the_public_library_believes_what_arrives(receiver, hook, case):
    at = datetime.now(UTC)  # the library compares with the clock
    deliver(at)

    ((headers, body),) = receiver.got
    assert Verifier(hook.secret).verify(body, headers)["type"] == "case.opened"
    delivery = Delivery.objects.get()
    assert headers["webhook-id"] == str(delivery.pk)
    assert (delivery.state, delivery.status, delivery.attempts) == ("delivered", 204, 1)


@pytest.mark.parametrize("change", ["body", "secret", "time"])
def test_a_forged_message_is_not_believed(receiver, hook, case, change):
    at = datetime.now(UTC) - timedelta(minutes=6 if change == "time" else 0)
    deliver(at)

    ((headers, body),) = receiver.got
    secret = hooks.new_secret() if change == "secret" else hook.secret
    body += b" " if change == "body" else b""
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body, headers)


def test_it_names_the_case_and_nobody(receiver, hook, case):
    deliver()

    ((_, body),) = receiver.got
    data = json.loads(body)["data"]
    assert data["number"] == case.number
    assert (data["state"], data["version"]) == ("received", case.version)
    for hidden in (case.applicant.name, case.description, "+90533", case.follow_key):
        assert hidden not in body.decode()


def test_one_delivery_an_event_however_often_it_is_seen(hook, case):
    event = case.events.get(type="opened")

    queueing.queue([event], at=MONDAY)
    queueing.queue([event], at=MONDAY)

    assert Delivery.objects.count() == 1


def test_a_webhook_hears_only_what_it_wants(hook, case):
    Webhook.objects.update(types=["case.closed"])
    Delivery.objects.all().delete()

    queueing.queue([case.events.get(type="opened")], at=MONDAY)

    assert not Delivery.objects.exists()


@pytest.mark.parametrize("status", [500, 404, 301, 302, 429])
def test_what_fails_is_tried_again_for_three_days(receiver, hook, case, status):
    receiver.status = status
    receiver.headers_back = {"Location": "http://127.0.0.1:1/elsewhere"}
    at, tries = MONDAY, 0

    while Delivery.objects.filter(state=DeliveryState.WAITING).exists():
        deliver(at)
        tries += 1
        at = Delivery.objects.get().next_at

    assert tries == len(receiver.got) == len(WAITS) + 1
    assert timedelta(days=2.7) < at - MONDAY < timedelta(days=3.5)
    hook.refresh_from_db()
    assert hook.off_reason == OffReason.FAILING
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_one_message_that_displeases_switches_nothing_off(receiver, hook, case):
    receiver.status = 500
    at = MONDAY
    for _ in WAITS:
        deliver(at)
        at = Delivery.objects.get().next_at
    receiver.status = 204
    queueing.ping(hook, at=at)
    Delivery.objects.filter(type="case.opened").update(next_at=at + timedelta(minutes=1))
    deliver(at)
    receiver.status = 500
    deliver(at + timedelta(minutes=1))

    hook.refresh_from_db()
    assert Delivery.objects.get(type="case.opened").state == DeliveryState.FAILED
    assert hook.off_at is None


def test_for_a_day_the_old_secret_signs_too(receiver, hook, case):
    at = datetime.now(UTC)
    old = hook.secret
    hooks.renew_secret(hook, at=at)
    deliver(at)

    ((headers, body),) = receiver.got
    for secret in (old, hook.secret):
        assert Verifier(secret).verify(body, headers)
    hook.refresh_from_db()
    assert hook.secrets_at(at + timedelta(days=1)) == [hook.secret] != [old]


def test_a_fault_of_ours_is_counted_and_ends(receiver, hook, case, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("ours")

    monkeypatch.setattr(delivering, "call", broken)
    deliver()

    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.error) == (1, "RuntimeError")
    assert delivery.next_at > MONDAY


def test_who_comes_late_changes_nothing_that_was_written(receiver, hook, case):
    (slow,) = delivering.claim(MONDAY, 8, busy=Counter())
    deliver(MONDAY + delivering.LEASE)
    delivering.write(slow, Answer(None, "ReadTimeoutError"), at=MONDAY + 2 * delivering.LEASE)

    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_every_message_is_as_the_document_says(receiver, hook, case):
    document = Client().get("/api/v1/openapi.json").json()
    assert set(document["webhooks"]) == {*messages.TYPES.values(), "ping"}
    queueing.ping(hook, at=MONDAY)
    deliver()

    assert len(receiver.got) == 2
    for headers, body in receiver.got:
        told = json.loads(body)
        operation = document["webhooks"][told["type"]]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        jsonschema_rs.validate({**schema, "components": document["components"]}, told)
        assert {parameter["name"] for parameter in operation["parameters"]} <= set(headers)


def test_a_receiver_that_is_gone_is_called_no_more(receiver, hook, case):
    receiver.status = 410
    deliver()

    hook.refresh_from_db()
    assert (hook.off_reason, hook.off_at) == (OffReason.GONE, MONDAY)
    queueing.queue([case.events.get(type="opened")], at=MONDAY)
    deliver(MONDAY + timedelta(days=1))
    assert len(receiver.got) == 1


def test_a_receiver_may_ask_for_patience(receiver, hook, case):
    receiver.status, receiver.headers_back = 503, {"Retry-After": "3600"}
    deliver()

    assert Delivery.objects.get().next_at == MONDAY + timedelta(hours=1)


def test_it_goes_out_again_by_hand_under_the_same_id(receiver, hook, case):
    deliver()
    delivering.again(Delivery.objects.get(), at=MONDAY)
    deliver()

    first, second = (headers["webhook-id"] for headers, _ in receiver.got)
    assert first == second
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_a_slow_receiver_holds_up_no_round(receiver, hook, case):
    receiver.holding.clear()
    for _ in range(6):
        queueing.ping(hook, at=MONDAY)
    rounds = Deliveries()

    began = time.monotonic()
    rounds.run(MONDAY, 100)
    rounds.run(MONDAY, 100)

    assert time.monotonic() - began < 5
    assert len(rounds.flying) == delivering.EACH
    receiver.holding.set()
    while rounds.run(MONDAY, 100):
        pass
    assert len(receiver.got) == 7


def test_two_workers_do_not_call_twice(receiver, hook, case):
    one, other = Deliveries(), Deliveries()
    one.run(MONDAY, 100)
    other.run(MONDAY, 100)
    while one.run(MONDAY, 100) or other.run(MONDAY, 100):
        pass

    assert len(receiver.got) == 1


def test_what_a_dead_worker_had_is_called_again(receiver, hook, case):
    delivering.claim(MONDAY, 8, busy=Counter())
    deliver(MONDAY + timedelta(seconds=30))
    assert not receiver.got

    deliver(MONDAY + delivering.LEASE)
    assert len(receiver.got) == 1


def test_nobody_there_is_an_answer_without_an_address(settings):
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]

    answer = call("http://127.0.0.1:1/", [hooks.new_secret()], id_="x", body="{}", at=MONDAY)

    assert answer == Answer(None, "NewConnectionError")


def test_old_deliveries_are_dropped(hook, case, receiver):
    deliver()
    delivering.forget(at=MONDAY + timedelta(days=29))
    assert Delivery.objects.exists()
    delivering.forget(at=MONDAY + timedelta(days=31))
    assert not Delivery.objects.exists()
