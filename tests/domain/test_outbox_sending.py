"""Handing messages to the wires: claims, results, repeats, and what they prove."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from derman.cases import actions
from derman.cases.models import Case, Contact
from derman.outbox import expansion, handling, results, sending, switch, transports
from derman.outbox.models import Message
from derman.outbox.transports import Accepted, Permanent, Temporary, Unconfirmed
from derman.words.kinds import ClockState, Decision, MessageState
from derman.words.rights import Role
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


class Wire:
    """A transport that does what its script says and keeps a ledger of what it took."""

    def __init__(self, *script, repeatable=False):
        self.repeatable = repeatable
        self.script = list(script)
        self.taken = []
        self.lock = threading.Lock()

    def send(self, message):
        with self.lock:
            self.taken.append(message)
            step = self.script.pop(0) if self.script else Accepted(ref=f"ref-{message.id}")
        if isinstance(step, Exception):
            raise step
        return step


@pytest.fixture(autouse=True)
def no_wires():
    transports.forget()
    sending.forget_failures()
    yield
    transports.forget()
    sending.forget_failures()


@pytest.fixture
def agent():
    return factories.make_user(Role.AGENT)


def connect(*script, wire="sms", repeatable=False):
    made = Wire(*script, repeatable=repeatable)
    transports.register(wire, made)
    return made


def queue(count=1, *, email=""):
    """Cases just opened, their messages queued."""
    for number in range(count):
        factories.make_case(
            customer=factories.make_customer(phone=f"+90532{number:07}", email=email)
        )
    expansion.expand(MONDAY, 1000)
    return list(Message.objects.order_by("queued_at", "id"))


def concluded(agent, *, email=""):
    """A case whose result waits to be told; nothing else does."""
    given = {"by": agent, "at": MONDAY, "profile": factories.published()}
    case = factories.make_case(customer=factories.make_customer(email=email))
    actions.take(case, **given)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **given)
    expansion.expand(MONDAY, 1000)
    Message.objects.filter(concludes=False).delete()
    return case


def look(message):
    return Message.objects.get(pk=message.pk)


def test_a_message_is_sent_once_and_its_receipt_acknowledged():
    wire = connect()
    (message,) = queue()

    assert sending.send_due(MONDAY, 100) == 1
    assert sending.send_due(MONDAY + SECOND, 100) == 0

    message = look(message)
    assert [taken.id for taken in wire.taken] == [message.pk]
    assert wire.taken[0].address == "+905320000000"
    assert message.state == MessageState.ACCEPTED
    assert message.provider_ref == f"ref-{message.pk}"
    assert message.attempts == 1
    assert message.sent_at >= MONDAY
    clock = message.case.clocks.get(kind="acknowledge")
    assert clock.state == ClockState.MET
    assert message.case.events.filter(type="acknowledged").count() == 1


def test_a_wire_without_a_transport_waits():
    connect(wire="email")
    (message,) = queue()

    assert sending.send_due(MONDAY, 100) == 0
    assert look(message).state == MessageState.QUEUED


def test_nothing_leaves_while_paused():
    wire = connect()
    queue()
    switch.pause(MONDAY)

    assert sending.send_due(MONDAY, 100) == 0
    switch.resume()
    assert sending.send_due(MONDAY, 100) == 1
    assert len(wire.taken) == 1


def test_a_temporary_failure_is_tried_again_later():
    connect(Temporary("503 busy"))
    (message,) = queue()

    sending.send_due(MONDAY, 100)

    message = look(message)
    assert message.state == MessageState.QUEUED
    assert timedelta(seconds=24) <= message.next_at - MONDAY <= timedelta(seconds=40)
    assert message.error == "503 busy"
    assert sending.send_due(message.next_at, 100) == 1
    assert look(message).state == MessageState.ACCEPTED
    assert look(message).error == ""


def test_after_the_last_try_it_has_failed():
    connect(*[Temporary("no")] * results.TRIES)
    (message,) = queue()

    for _ in range(results.TRIES):
        sending.send_due(look(message).next_at, 100)

    assert look(message).state == MessageState.FAILED
    assert look(message).attempts == results.TRIES


@pytest.mark.parametrize("attempts", range(1, 12))
def test_waits_grow_up_to_half_an_hour(attempts):
    wait = results.backoff(attempts).total_seconds()

    plain = min(30 * 2 ** (attempts - 1), 1800)
    assert plain * 0.8 <= wait <= min(plain * 1.2, 1800)


def test_what_failed_for_good_takes_the_next_wire():
    connect(Permanent("unknown number"))
    email = connect(wire="email", repeatable=True)
    (message,) = queue(email="ayse@posta.example")

    sending.send_due(MONDAY, 100)
    sending.send_due(MONDAY + SECOND * 30, 100)

    assert look(message).state == MessageState.FAILED
    assert [taken.address for taken in email.taken] == ["ayse@posta.example"]
    assert Message.objects.get(channel="email").notice == message.notice


def test_the_last_wire_has_no_next():
    connect(Permanent("unknown number"))
    connect(Permanent("unknown mailbox"), wire="email")
    queue(email="ayse@posta.example")

    for moment in range(3):
        sending.send_due(MONDAY + SECOND * 30 * moment, 100)

    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.FAILED}
    assert Message.objects.count() == 2


def test_a_result_that_no_wire_carries_asks_for_a_call(agent):
    connect(Permanent("unknown number"))
    connect(Permanent("unknown mailbox"), wire="email")
    case = concluded(agent, email="ayse@posta.example")

    for moment in range(3):
        sending.send_due(MONDAY + SECOND * 30 * moment, 100)

    assert list(Case.objects.to_call()) == [case]
    assert case.events.last().type == "not_told"


@pytest.mark.parametrize("answer", [Accepted("1"), Permanent("unknown number")])
def test_nobody_changes_the_case_while_it_hears_whether_the_result_arrived(agent, answer):
    connect(answer)
    concluded(agent)
    with CaptureQueriesContext(connection) as asked:
        sending.send_due(MONDAY, 100)
    locks = [one["sql"] for one in asked if 'OF "cases_case"' in one["sql"]]
    assert bool(locks) is connection.features.has_select_for_update_of


def test_a_late_yes_ends_the_call_that_was_owed(agent):
    connect(Permanent("unknown number"))
    case = concluded(agent)
    sending.send_due(MONDAY, 100)
    assert Case.objects.to_call().exists()

    connect()
    handling.retry(Message.objects.get(case=case, concludes=True), by=agent, at=MONDAY)
    sending.send_due(MONDAY, 100)
    assert not Case.objects.to_call().exists()


def test_what_nobody_confirmed_is_not_sent_again():
    wire = connect(Unconfirmed("no answer"))
    (message,) = queue()

    for hour in range(5):
        sending.send_due(MONDAY + timedelta(hours=hour), 100)
        sending.recover_leases(MONDAY + timedelta(hours=hour))

    assert look(message).state == MessageState.UNKNOWN
    assert len(wire.taken) == 1


def test_a_wire_that_knows_repeats_is_asked_again():
    wire = connect(Unconfirmed("no answer"), repeatable=True)
    (message,) = queue()

    sending.send_due(MONDAY, 100)
    sending.send_due(look(message).next_at, 100)

    assert look(message).state == MessageState.ACCEPTED
    assert {taken.id for taken in wire.taken} == {message.pk}


def test_an_error_of_our_own_is_no_proof_that_nothing_left(caplog):
    connect(ZeroDivisionError())
    (message,) = queue()

    sending.send_due(MONDAY, 100)

    assert look(message).state == MessageState.UNKNOWN


def test_the_provider_may_ask_for_a_longer_wait():
    connect(Temporary("429", after=600))
    (message,) = queue()

    sending.send_due(MONDAY, 100)

    assert look(message).next_at - MONDAY >= timedelta(seconds=600)


def test_urgent_ones_go_first_and_a_person_hears_things_in_their_order(agent):
    wire = connect()
    (message,) = queue()
    later = factories.make_case()
    profile = factories.published()
    actions.refer(message.case, "metering", by=agent, at=MONDAY + SECOND, profile=profile)
    expansion.expand(MONDAY + SECOND, 100)
    Message.objects.filter(case=later).update(urgent=True)

    sending.send_due(MONDAY + SECOND, 1)
    assert wire.taken[0].case_id == later.pk
    sending.send_due(MONDAY + SECOND, 100)
    sending.send_due(MONDAY + SECOND, 100)

    told = [taken.id for taken in wire.taken if taken.case_id == message.case_id]
    first = Message.objects.get(template="opened_sms", case=message.case)
    assert told[0] == first.pk
    assert len(told) == 2


def test_a_receipt_for_a_case_that_is_closed_is_not_sent(agent):
    wire = connect()
    (message,) = queue()
    actions.close_early(
        message.case, "not_ours", by=agent, at=MONDAY + SECOND, profile=factories.published()
    )
    expansion.expand(MONDAY + SECOND, 100)

    for second in range(3):
        sending.send_due(MONDAY + SECOND * (second + 1), 100)

    assert look(message).state == MessageState.CANCELLED
    assert list(
        Message.objects.filter(state=MessageState.ACCEPTED).values_list("template", flat=True)
    ) == ["closed_early_sms"]
    assert len(wire.taken) == 1


def test_the_concluding_message_proves_that_the_applicant_was_told(agent):
    connect()
    (message,) = queue()
    profile = factories.published()
    case = message.case
    actions.take(case, by=agent, at=MONDAY, profile=profile)
    actions.outcome(case, Decision.JUSTIFIED, "Done.", by=agent, at=MONDAY, profile=profile)
    expansion.expand(MONDAY + SECOND, 100)
    with pytest.raises(actions.CannotDo):
        actions.close(case, by=agent, at=MONDAY + SECOND, profile=profile)

    for second in range(2, 5):
        sending.send_due(MONDAY + SECOND * second, 100)

    assert Contact.objects.get(case=case, concludes=True).channel == "sms"
    case.refresh_from_db()
    actions.close(case, by=agent, at=MONDAY + SECOND * 5, profile=profile)


def test_a_reopened_case_needs_a_proof_of_its_own(agent):
    connect()
    (message,) = queue()
    profile = factories.published()
    case = message.case
    actions.take(case, by=agent, at=MONDAY, profile=profile)
    actions.outcome(case, Decision.JUSTIFIED, "Done.", by=agent, at=MONDAY, profile=profile)
    expansion.expand(MONDAY + SECOND, 100)
    actions.reopen(case, "Not yet.", by=agent, at=MONDAY + SECOND, profile=profile)

    for second in range(2, 5):
        sending.send_due(MONDAY + SECOND * second, 100)

    assert Message.objects.get(concludes=True).state == MessageState.ACCEPTED
    assert not Contact.objects.filter(case=case, concludes=True).exists()


def test_a_provider_that_is_down_is_given_a_rest():
    wire = connect(*[Temporary("refused", down=True)] * 200)
    queue(40)

    sending.send_due(MONDAY, 100)
    called = len(wire.taken)
    assert called <= 20
    assert sending.send_due(MONDAY + SECOND * 10, 100) == 0
    assert len(wire.taken) == called

    later = MONDAY + timedelta(hours=1)
    sending.send_due(later, 100)
    assert len(wire.taken) == called + 1  # one asks whether it is well again
    wire.script.clear()
    for hour in range(1, 4):
        sending.send_due(later + timedelta(hours=hour), 100)
    assert Message.objects.filter(state=MessageState.ACCEPTED).count() == 40


def test_a_dead_workers_claim_goes_back_when_nobody_was_called():
    wire = connect()
    (message,) = queue()
    Message.objects.update(state=MessageState.CLAIMED, lease_until=MONDAY + SECOND)

    assert sending.recover_leases(MONDAY) == 0
    assert sending.recover_leases(MONDAY + SECOND * 2) == 1
    sending.send_due(MONDAY + SECOND * 2, 100)

    assert look(message).state == MessageState.ACCEPTED
    assert len(wire.taken) == 1


@pytest.mark.parametrize(
    ("repeatable", "state"), [(False, MessageState.UNKNOWN), (True, MessageState.QUEUED)]
)
def test_a_dead_workers_call_is_repeated_only_where_that_does_no_harm(repeatable, state):
    connect(repeatable=repeatable)
    (message,) = queue()
    Message.objects.update(
        state=MessageState.CLAIMED, lease_until=MONDAY + SECOND, calling_at=MONDAY
    )

    assert sending.recover_leases(MONDAY + SECOND * 2) == 1

    assert look(message).state == state


def test_a_worker_that_slept_past_its_lease_calls_nobody():
    """SIGSTOP after the claim, SIGCONT after another worker has taken the message over."""
    wire = connect()
    queue(3)
    claim = sending.uuid4()
    claimed = sending._claim(claim, ["sms"], MONDAY, 100)
    sending.recover_leases(MONDAY + timedelta(minutes=1))
    sending.send_due(MONDAY + timedelta(minutes=1), 100)

    sending._Round(claim, MONDAY).run(claimed)

    assert Counter(taken.id for taken in wire.taken).most_common(1)[0][1] == 1
    assert len(wire.taken) == 3


def test_a_late_yes_ends_the_doubt():
    (message,) = queue()

    class Slow(Wire):
        def send(self, message):
            Message.objects.update(state=MessageState.UNKNOWN, claim=None)
            return Accepted("late")

    transports.register("sms", Slow())
    claim = sending.uuid4()
    (claimed,) = sending._claim(claim, ["sms"], MONDAY, 1)
    Message.objects.update(state=MessageState.UNKNOWN, claim=None)
    results.write({claimed: Accepted("late")}, claim=claim, at=MONDAY + SECOND)

    assert look(message).state == MessageState.ACCEPTED
    assert look(message).provider_ref == "late"


def test_what_a_provider_said_outlives_a_busy_database(monkeypatch):
    wire = connect()
    (message,) = queue()
    real, failures = results.write, [OperationalError("locked")]

    def write(*args, **kwargs):
        if failures:
            raise failures.pop()
        real(*args, **kwargs)

    monkeypatch.setattr(results, "write", write)
    monkeypatch.setattr(sending, "WAITS", (0.0, 0.0))

    sending.send_due(MONDAY, 100)

    assert look(message).state == MessageState.ACCEPTED
    assert len(wire.taken) == 1


def test_an_error_does_not_repeat_the_address():
    connect(Permanent("550 <+905320000000> is unknown"))
    (message,) = queue()

    sending.send_due(MONDAY, 100)

    assert look(message).error == "550 <…> is unknown"


def test_people_may_cancel_and_send_again(agent):
    wire = connect()
    (message,) = queue()

    handling.cancel(message, by=agent, at=MONDAY)
    assert sending.send_due(MONDAY, 100) == 0
    with pytest.raises(handling.CannotHandle):
        handling.cancel(message, by=agent, at=MONDAY)
    handling.retry(message, by=agent, at=MONDAY)
    sending.send_due(MONDAY, 100)
    with pytest.raises(handling.CannotHandle):
        handling.retry(message, by=agent, at=MONDAY)

    assert len(wire.taken) == 1


def test_a_typed_text_can_be_called_back_while_its_window_lasts(agent):
    (message,) = queue()
    act = {"by": agent, "profile": factories.published()}
    reply = actions.reply(message.case, "Oops.", at=MONDAY, **act)

    actions.withdraw(reply, at=MONDAY + SECOND * 5, **act)
    expansion.expand(MONDAY + timedelta(minutes=1), 100)

    assert Message.objects.count() == 1
    with pytest.raises(actions.CannotDo):
        actions.withdraw(reply, at=MONDAY + SECOND * 6, **act)
