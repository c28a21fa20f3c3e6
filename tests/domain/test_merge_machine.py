"""Cases in random lives, merged and parted: undoing a merge restores to the letter.

Three cases are merged with one another while more happens to them. One case, with all that may hang
on it, is merged and parted at any moment: every row that names it says afterwards what it said.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from derman.cases import actions
from derman.cases.merged import goes_on_in
from derman.cases.models import (
    Approval,
    Case,
    Check,
    Clock,
    Escalation,
    Event,
    Link,
    Offer,
    Task,
)
from derman.words.kinds import EARLY_CLOSING, OPEN_TASK_STATES, Decision, SnoozeReason
from derman.words.life import State
from derman.words.loop import LinkKind
from tests.factories import MONDAY, make_case, make_customer, make_user, published
from tests.loops import Loop

WHICH = st.integers(min_value=0, max_value=2)
UNITS = st.sampled_from(["metering", "billing", "network"])
PLAIN = ("snooze", "take", "take_back", "ask", "hear", "call", "resolve", "reopen", "note")


class Merging(RuleBasedStateMachine):
    """Three cases, two of them of one person."""

    @initialize()
    def open(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.user, self.at = make_user("supervisor"), MONDAY
        customer = make_customer()
        self.keys = [make_case(customer=customer).pk, make_case(customer=customer).pk]
        self.keys.append(make_case().pk)
        self.before = {}  # what each merged case was like

    def teardown(self):
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def case(self, which):
        return Case.objects.get(pk=self.keys[which])

    def picture(self, key):
        """Every row of the case that has a state or a date, without the version."""
        case = Case.objects.filter(pk=key).values().get()
        del case["version"]
        rows = [
            list(model.objects.filter(case=key).order_by("pk").values())
            for model in (Clock, Task, Offer, Approval, Check, Escalation)
        ]
        return [case, *rows]

    def do(self, verb, case, *args, **more):
        """Try a verb; a refusal must leave no trace."""
        self.at += timedelta(hours=5)
        events = Event.objects.count()
        pictures = [self.picture(key) for key in self.keys]
        try:
            verb(case, *args, by=self.user, at=self.at, profile=published(), **more)
        except actions.CannotDo:
            assert Event.objects.count() == events
            assert [self.picture(key) for key in self.keys] == pictures
            return False
        assert Event.objects.count() > events
        return True

    @rule(which=WHICH, into=WHICH)
    def merge(self, which, into):
        key, before = self.keys[which], self.picture(self.keys[which])
        if self.do(actions.merge, self.case(which), self.case(into)):
            self.before[key] = before

    @precondition(lambda self: getattr(self, "before", None))
    @rule(data=st.data())
    def unmerge(self, data):
        key = data.draw(st.sampled_from([key for key in self.keys if key in self.before]))
        assert self.do(actions.unmerge, Case.objects.get(pk=key))
        assert self.picture(key) == self.before.pop(key)

    @rule(which=WHICH, verb=st.sampled_from(PLAIN))
    def live(self, which, verb):
        case = self.case(which)
        match verb:
            case "snooze":
                self.do(actions.snooze, case, self.at + timedelta(days=3), SnoozeReason.OTHER)
            case "take" | "take_back":
                self.do(getattr(actions, verb), case)
            case "ask" | "hear" | "note" | "reopen":
                self.do(getattr(actions, verb), case, "Bir şey.")
            case "call":
                self.do(actions.contact, case, channel="phone", outcome="reached")
            case "resolve":
                self.do(actions.answer_at_once, case, Decision.JUSTIFIED, "Oldu.", channel="email")

    @rule(which=WHICH, unit=UNITS)
    def refer(self, which, unit):
        self.do(actions.refer, self.case(which), unit)

    @rule(which=WHICH)
    def answer(self, which):
        case = self.case(which)
        task = case.tasks.filter(state__in=OPEN_TASK_STATES).order_by("unit").first()
        if task:
            task.case = case
            self.do(lambda case, *a, **more: actions.answer_task(task, *a, **more), case, "Cevap.")

    @rule(which=WHICH, reason=st.sampled_from(EARLY_CLOSING))
    def close_early(self, which, reason):
        self.do(actions.close_early, self.case(which), reason)

    @rule(which=WHICH, other=WHICH, kind=st.sampled_from(["duplicate", "related", "parent"]))
    def link(self, which, other, kind):
        self.do(actions.link, self.case(which), self.case(other), LinkKind(kind))

    @rule()
    def silence(self):
        self.at += timedelta(days=11)
        for which in range(3):
            with suppress(actions.CannotDo):
                actions.hear_silence(self.case(which), at=self.at, profile=published())

    @invariant()
    def what_is_merged_is_closed_and_owes_nothing(self):
        for case in Case.objects.exclude(merged_into=None):
            assert case.state == State.CLOSED
            assert not case.clocks.filter(state__in=["running", "paused"]).exists()
            assert not case.clocks.filter(next_at__isnull=False).exists()
            assert not case.tasks.filter(state__in=OPEN_TASK_STATES).exists()

    @invariant()
    def every_chain_ends(self):
        for case in Case.objects.exclude(merged_into=None):
            assert goes_on_in(case).merged_into_id is None


@pytest.mark.django_db
def test_no_sequence_of_merges_loses_or_changes_anything():
    run_state_machine_as_test(
        Merging, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
    )


# What only grows: the history says that the case was merged and parted.
GROWING = (Event, Link)


def rows_about(case):
    """Every row of every table that names the case, by table; its own without the version."""
    found = {}
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model is Case
        ]
        if names and model not in GROWING:
            about = models.Q(*[(name, case) for name in names], _connector="OR")
            found[model._meta.label] = list(model.objects.filter(about).order_by("pk").values())
    own = Case.objects.filter(pk=case.pk).values().get()
    del own["version"]
    return {**found, "own": own}


class ThereAndBack(Loop):
    """One case with all that may follow an answer; at any moment it is merged and parted."""

    @rule()
    def merge_and_part(self):
        if self.case.merged_into_id is not None:
            return
        before, others = rows_about(self.case), rows_about(self.other)
        links = list(Link.objects.order_by("pk").values())
        self.do(actions.merge, self.other)
        if self.case.merged_into_id is None:  # refused
            return
        self.do(actions.unmerge)
        self.other.refresh_from_db()
        assert rows_about(self.case) == before
        assert rows_about(self.other) == others
        still = Link.objects.filter(pk__in=[row["id"] for row in links]).order_by("pk")
        assert list(still.values()) == links
        assert not Link.objects.exclude(before={}).exists()

    @invariant()
    def everything_holds(self):
        for one in self.must_hold():
            one()


@pytest.mark.django_db
def test_merging_and_parting_changes_nothing_that_hangs_on_a_case():
    run_state_machine_as_test(
        ThereAndBack, settings=settings(max_examples=6, stateful_step_count=20, deadline=None)
    )
