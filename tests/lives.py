"""Random lives of a case: whatever people do in whatever order, no invariant may break."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from derman.cases import actions
from derman.cases.models import Case, Event
from derman.cases.proof import has_been_told
from derman.words.kinds import (
    EARLY_CLOSING,
    OPEN_TASK_STATES,
    ClosingReason,
    ContactOutcome,
    Decision,
    SnoozeReason,
)
from derman.words.life import LIFE, OPEN_STATES, ResolveClock, State
from tests.factories import MONDAY, make_case, make_user, preset, published

DECISIONS = st.sampled_from([d for d in Decision if d != Decision.NOT_APPLICABLE])


class Life(RuleBasedStateMachine):
    """One case and everything that may be done to it."""

    preset = "gas"

    @initialize()
    def open(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.profile = published(preset(self.preset))
        document = self.profile.profile
        self.units = [key for key, unit in document.units.items() if unit.kind == "expert"]
        self.topics = [key for key, topic in document.leaves().items() if topic.kind == "complaint"]
        self.user = make_user("supervisor")
        self.at = MONDAY
        self.case = make_case(topic=self.topics[0], profile=self.profile)

    def now(self):
        """The case as the database has it."""
        return Case.objects.get(pk=self.case.pk)

    def teardown(self):
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def do(self, verb, *args, **more):
        """Try a verb; a refusal must leave no trace."""
        self.at += timedelta(hours=7)
        before = (self.case.version, Event.objects.count(), self.now().state)
        try:
            verb(self.case, *args, by=self.user, at=self.at, profile=self.profile, **more)
        except actions.CannotDo:
            self.case = self.now()
            after = (self.case.version, Event.objects.count(), self.case.state)
            assert after == before
        else:
            self.case = self.now()
            assert Event.objects.count() > before[1]

    def do_task(self, verb, *args):
        task = self.case.tasks.filter(state__in=OPEN_TASK_STATES).first()
        if task:
            task.case = self.case
            self.do(lambda case, *a, **more: verb(task, *a, **more), *args)

    @rule()
    def take(self):
        self.do(actions.take)

    @rule(days=st.integers(min_value=0, max_value=100))
    def snooze(self, days):
        self.do(actions.snooze, self.at + timedelta(days=days), SnoozeReason.OTHER)

    @rule()
    def wake(self):
        self.do(actions.wake)

    @rule(number=st.integers(min_value=0, max_value=2))
    def refer(self, number):
        self.do(actions.refer, self.units[number % len(self.units)])

    @rule()
    def start(self):
        self.do_task(actions.start_task)

    @rule()
    def answer(self):
        self.do_task(actions.answer_task, "Cevap.")

    @rule()
    def send_back(self):
        self.do_task(actions.send_back, "Bizim değil.")

    @rule()
    def take_back(self):
        self.do(actions.take_back)

    @rule()
    def ask(self):
        self.do(actions.ask, "Hangi daire?")

    @rule()
    def hear(self):
        self.do(actions.hear, "On iki.")

    @rule(outcome=st.sampled_from(ContactOutcome))
    def contact(self, outcome):
        self.do(actions.contact, channel="phone", outcome=outcome)

    def why(self, decision):
        """A reason that fits, with what it rests on."""
        fitting = self.profile.profile.decisions.fitting(decision, self.case.topic)
        return {"reason_code": next(iter(fitting), ""), "evidence": "Kayıt dinlendi."}

    @rule(decision=DECISIONS)
    def outcome(self, decision):
        self.do(actions.outcome, decision, "Sonuç.", **self.why(decision))

    @rule()
    def answer_at_once(self):
        why = self.why(Decision.JUSTIFIED)
        self.do(actions.answer_at_once, Decision.JUSTIFIED, "Hemen.", channel="phone", **why)

    @rule()
    def close(self):
        self.do(actions.close)

    @rule(reason=st.sampled_from(EARLY_CLOSING))
    def close_early(self, reason):
        self.do(actions.close_early, reason)

    @rule()
    def reopen(self):
        self.do(actions.reopen, "Olmadı.")

    @rule()
    def silence(self):
        self.at += timedelta(days=11)
        with suppress(actions.CannotDo):
            actions.hear_silence(self.case, at=self.at, profile=self.profile)
        self.case = self.now()

    def a_closed_case_has_a_decision_and_proof(self):
        if self.case.state == State.CLOSED:
            assert self.case.decision
            if self.case.closing_reason in (
                ClosingReason.RESOLVED,
                ClosingReason.INFORMATION_GIVEN,
            ):
                assert has_been_told(self.case, self.profile.profile)

    def the_resolve_clock_does_what_the_state_says(self):
        clock = self.case.clocks.get(kind="resolve", cycle=self.case.cycle)
        expected = LIFE[State(self.case.state)].clock
        assert (clock.state == "running") == (expected is ResolveClock.RUNS)
        assert (clock.state == "paused") == (expected is ResolveClock.PAUSED)

    def a_referred_case_has_an_open_task(self):
        if self.case.state == State.REFERRED:
            assert self.case.tasks.filter(state__in=OPEN_TASK_STATES).exists()

    @rule()
    def fail_to_tell(self):
        with suppress(actions.CannotDo):
            actions.fail_to_tell(self.case, at=self.at, profile=self.profile)
        self.case = self.now()

    def a_call_is_owed_on_what_was_answered_or_could_not_be_told(self):
        if self.case.state == State.ANSWERED:
            assert self.case.inform_unit
        elif self.case.inform_unit and self.case.state == State.RESOLVED:
            told = has_been_told(self.case, self.profile.profile)
            assert not told or self.case.offers.filter(state__in=["open", "lapsed"]).exists()
        elif self.case.inform_unit:
            assert self.case.offers.filter(state="open", channel="").exists()

    def nothing_is_owed_on_a_case_that_is_not_open(self):
        if self.case.state not in OPEN_STATES:
            assert not self.case.tasks.filter(state__in=OPEN_TASK_STATES).exists()
            assert not self.case.clocks.filter(state__in=["running", "paused"]).exists()

    def must_hold(self):
        """Each is a method that asserts something of the case as it stands."""
        return [
            self.a_closed_case_has_a_decision_and_proof,
            self.the_resolve_clock_does_what_the_state_says,
            self.a_referred_case_has_an_open_task,
            self.a_call_is_owed_on_what_was_answered_or_could_not_be_told,
            self.nothing_is_owed_on_a_case_that_is_not_open,
        ]

    @invariant()
    def everything_holds(self):
        if getattr(self, "case", None):
            for check in self.must_hold():
                check()
