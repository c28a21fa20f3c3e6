"""What the demo holds: all that can be, believable, and silent. The small demo is loaded once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction

from derman.accounts.models import User
from derman.accounts.rights import may
from derman.cases.models import Case, Dispatch, Event
from derman.demo import texts
from derman.demo.hours import Hours
from derman.demo.loading import Demo
from derman.lib.identifiers import is_tckn, is_vkn, parse_phone
from derman.outbox.models import Message
from derman.people.models import Account, Customer, CustomerKind, Holding
from derman.reports.models import DayCount
from derman.words.events import DISPATCHED, EventType
from derman.words.kinds import ClockKind, ClosingReason, Decision, Kind, Relation
from derman.words.life import OPEN_STATES, State, Verb
from derman.words.rights import Role
from tests import factories

TODAY = date(2026, 3, 2)
END = Hours(factories.preset(), TODAY).end
CUSTOMERS, CASES = 60, 80

# Which verb each event is the trace of, where a person did it.
VERBS = {
    EventType.OPENED: Verb.OPEN,
    EventType.TAKEN: Verb.TAKE,
    EventType.ASSIGNED: Verb.ASSIGN,
    EventType.TASK_STARTED: Verb.START_TASK,
    EventType.TASK_ANSWERED: Verb.ANSWER_TASK,
    EventType.TASK_SENT_BACK: Verb.SEND_BACK,
    EventType.TAKEN_BACK: Verb.TAKE_BACK,
    EventType.ASKED: Verb.ASK,
    EventType.APPLICANT_ANSWERED: Verb.HEAR,
    EventType.CONTACTED: Verb.CONTACT,
    EventType.REPLIED: Verb.REPLY,
    EventType.NOTED: Verb.NOTE,
    EventType.PROMISED: Verb.PROMISE,
    EventType.CLOSED_EARLY: Verb.CLOSE_EARLY,
    EventType.REOPENED: Verb.REOPEN,
}


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo, loaded once and taken back at the end: the tests here only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo = Demo(texts.read("gas"), factories.published(), seed=11, today=TODAY)
        assert len(list(demo.load(customers=CUSTOMERS, cases=CASES))) == CASES
        yield
        transaction.set_rollback(True)


def test_every_state_and_every_ending_occurs():
    cases = Case.objects
    assert set(cases.values_list("state", flat=True)) == set(State)
    assert set(cases.values_list("closing_reason", flat=True)) == {"", *ClosingReason}
    assert set(cases.values_list("decision", flat=True)) == {"", *Decision}
    assert set(cases.values_list("kind", flat=True)) == set(Kind)
    assert cases.filter(cycle=2, state__in=OPEN_STATES).exists()
    assert cases.filter(cycle=2, state=State.CLOSED).exists()
    assert cases.filter(first_contact=True).exists()
    assert cases.filter(priority="emergency", state=State.REFERRED).exists()
    assert cases.filter(secret_reporter=True).exists()


def test_work_is_late_due_today_and_promised_for_today():
    today = (END, END + timedelta(days=1))
    waiting = Case.objects.filter(state__in=OPEN_STATES)

    assert waiting.filter(due_at__lt=END).exclude(state=State.AWAITING_APPLICANT).exists()
    assert waiting.filter(due_at__range=today).exists()
    assert waiting.filter(promised_at__range=today).exists()


def test_nobody_is_told():
    assert not Dispatch.objects.exists()
    assert not Message.objects.exists()


def test_the_rollup_counts_the_demo():
    counted: Counter[str] = Counter()
    for row in DayCount.objects.all():
        counted[row.event] += row.count

    happened = Counter(Event.objects.filter(type__in=DISPATCHED).values_list("type", flat=True))
    assert counted == happened


def test_every_role_can_sign_in_by_its_key():
    for role in Role:
        user = User.objects.get(username=role)
        assert user.check_password("derman-demo")
        assert role in {post.role for post in user.posts}
        assert user.get_full_name().count(" ") >= 1


def test_everybody_had_the_right_to_what_they_did():
    done = Event.objects.exclude(by=None).select_related("by").filter(type__in=VERBS)
    wrong = {
        (event.by.username, event.type)
        for event in done
        if event.by and not may(event.by, VERBS[EventType(event.type)])
    }
    assert not wrong


def test_history_happens_in_order_and_before_today():
    for case in Case.objects.all():
        moments = list(case.events.order_by("id").values_list("at", flat=True))
        assert moments == sorted(moments), case
        assert moments[-1] < END, case


def test_what_is_open_waits_for_somebody():
    for case in Case.objects.filter(state__in=OPEN_STATES):
        running = case.clocks.filter(kind=ClockKind.RESOLVE, cycle=case.cycle)
        assert running.get().state == (
            "paused" if case.state == State.AWAITING_APPLICANT else "running"
        )
        asked = case.tasks.filter(state__in=("open", "started"))
        assert asked.exists() or case.state != State.REFERRED


def test_nothing_concluded_is_left_for_the_worker():
    assert not Case.objects.filter(silent_at__lte=END).exists()


def test_customers_are_nobody():
    for customer in Customer.objects.filter(pk__in=Holding.objects.values("customer")):
        organisation = customer.kind == CustomerKind.ORGANISATION
        assert is_vkn(customer.vkn) if organisation else is_tckn(customer.tckn)
        for point in customer.contact_points.all():
            if point.kind == "phone":
                assert point.value.startswith("+90500")
                assert parse_phone(point.value).e164 == point.value
            elif point.kind == "email":
                assert point.value.endswith("@example.com")
    assert Account.objects.count() > CUSTOMERS
    relations = set(Holding.objects.values_list("relation", flat=True))
    assert {Relation.HOLDER, Relation.TENANT, Relation.REPRESENTATIVE} <= relations
