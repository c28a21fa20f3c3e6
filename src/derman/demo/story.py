"""One case's history: each method is a step that somebody takes, through `cases.actions`.

Steps come after each other with plausible delays; none happens after the demo's end.
"""

from datetime import timedelta
from decimal import Decimal as Amount
from random import Random

from derman.accounts.models import User
from derman.cases import acting, actions
from derman.cases.models import Task
from derman.cases.proof import has_been_told
from derman.cases.submissions import Submission
from derman.demo import acts
from derman.demo.solving import Solving
from derman.outbox.conditions import notices_for
from derman.words.events import EventType
from derman.words.kinds import (
    ClosingReason,
    ContactOutcome,
    Decision,
    Kind,
    ReplyChannel,
    TaskState,
)
from derman.words.life import State
from derman.words.loop import LinkKind
from derman.words.rights import Role

MINUTE = 1 / 60  # in hours
MUCH = Amount(25_000)  # more than an expert may grant alone


class Story(Solving):
    """A case on its way."""

    # The beginning

    def open(self, said: Submission, numbers: Random) -> None:
        """Somebody turns to us, and hears that it was received."""
        by = self._opener(said.channel)
        self.case = actions.open_case(
            said, by=by, at=self.at, profile=self._profile, random=numbers
        )
        self._confirm()
        actions.notice_repeats(
            self.case.events.all(), at=self._last_event_at(), profile=self._profile
        )
        self.case.refresh_from_db()

    def _confirm(self) -> None:
        """By a message; by a call where the profile sends none for what came this way (E19)."""
        receipts = notices_for(EventType.OPENED, {}, self.case, self._profile.profile)
        if any(notice.acknowledges for _, notice in receipts):
            at = self.at + timedelta(seconds=self.random.randint(3, 9))
            actions.acknowledge(self.case, at=at, profile=self._profile)
        elif self.case.acknowledge_due_at:
            actions.contact(
                self.case,
                channel="phone",
                outcome=ContactOutcome.REACHED,
                by=self._pick(Role.AGENT),
                at=self._reach(self.at + timedelta(hours=self.random.uniform(0.3, 3))),
                profile=self._profile,
            )

    def open_and_answer(self, said: Submission, numbers: Random) -> None:
        """Somebody asks, and hears the answer while they are on the line."""
        self.case = actions.open_and_answer(
            said,
            self.ending.decision,
            self.ending.text,
            by=self._opener(said.channel),
            at=self.at,
            profile=self._profile,
            random=numbers,
            **acts.grounds_at_once(self, self.ending.decision, said),
        )

    # Looking at it

    def take(self) -> None:
        """Somebody of the solution group takes the case, or is given it."""
        at = self._later(0.2, 4)
        self.owner = self._expert()
        given = self.random.random() < 0.25
        if given or self.case.state != State.RECEIVED:  # with its unit from the start
            by = self._pick(Role.SUPERVISOR) if given else self.owner
            actions.assign(self.case, self.owner, by=by, at=at, profile=self._profile)
        else:
            actions.take(self.case, by=self.owner, at=at, profile=self._profile)

    def note(self) -> None:
        text = self._internal("notes")
        actions.note(
            self.case, text, by=self._owner(), at=self._later(0.2, 3), profile=self._profile
        )

    def reply(self) -> None:
        text = self._outward("replies")
        at = self._later(0.5, 4)
        actions.reply(self.case, text, by=self._owner(), at=at, profile=self._profile)

    def add(self) -> None:
        """The applicant thinks of something else."""
        actions.hear(
            self.case, self._outward("added"), by=None, at=self._later(1, 6), profile=self._profile
        )

    def promise_today(self) -> None:
        """We say that we come back on the demo's today."""
        due_at = self.world.hours.end + timedelta(
            hours=self.random.choice((10, 11.5, 14, 15.5, 17))
        )
        actions.promise(
            self.case,
            due_at,
            by=self._owner(),
            at=self._later(0.3, 3),
            profile=self._profile,
            reason=self._internal("promises"),
        )

    # Units

    def refer(self) -> None:
        """Ask the unit that the topic proposes; after a refusal, with other words."""
        if self.case.state == State.REFERRED:  # it went there by itself
            return
        texts, topic = self.world.texts, self.case.topic
        again = self.case.cycle > 1
        question = (
            self._internal("again_questions") if again else texts.question(topic, self.random)
        )
        self._refer(self.case.unit or self._elsewhere[0], question)

    def refer_second(self) -> None:
        """Ask one more unit."""
        other = next(u for u in self._elsewhere if u != self.case.unit)
        self._refer(other, self._internal("second_questions"))

    def _refer(self, unit: str, question: str) -> None:
        actions.refer(
            self.case,
            unit,
            by=self._owner(),
            at=self._later(0.1, 2),
            profile=self._profile,
            question=question,
        )

    def start(self) -> None:
        task = self._task()
        by = self._worker(task)
        actions.start_task(task, by=by, at=self._later(0.3, 5), profile=self._profile)

    def answer(self) -> None:
        """The unit answers: within its time, or so late that the case is late."""
        task = self._task()
        if self.beginning.on_time:
            at = self._towards(task.due_at, self.random.uniform(0.2, 0.95))
        else:
            at = self._towards(max(task.due_at, self.case.due_at), self.random.uniform(1.05, 1.5))
        text = self._answer_of(task)
        actions.answer_task(task, text, by=self._worker(task), at=at, profile=self._profile)

    def _answer_of(self, task: Task) -> str:
        asked = self.case.tasks.filter(cycle=task.cycle).exclude(state=TaskState.SENT_BACK)
        if asked.order_by("asked_at")[0] != task:
            return self._internal("second_answers")
        return self.ending.answer if task.cycle == 1 else self._internal("again_answers")

    def send_back(self) -> None:
        task = self._task()
        by = self._pick(Role.UNIT, task.unit)
        reason = self._internal("send_back")
        actions.send_back(task, reason, by=by, at=self._later(0.5, 5), profile=self._profile)

    def take_back(self) -> None:
        at = self._later(0.5, 3)
        actions.take_back(self.case, by=self._owner(), at=at, profile=self._profile)

    # Talking with the applicant

    def ask(self) -> None:
        at = self._later(0.3, 3)
        actions.ask(
            self.case, self._outward("asks"), by=self._owner(), at=at, profile=self._profile
        )

    def hear(self) -> None:
        """The applicant answers: in writing, or to an agent on the phone."""
        by = self._pick(Role.AGENT) if self.random.random() < 0.3 else None
        actions.hear(
            self.case, self._outward("heard"), by=by, at=self._later(1, 14), profile=self._profile
        )

    def wait_in_vain(self) -> None:
        """The applicant's days pass; the case goes on without."""
        if self.case.silent_at and self.case.silent_at < self.world.hours.end:
            self.at = self.case.silent_at
            self.pass_until(self.at)
            actions.hear_silence(self.case, at=self.at, profile=self._profile)

    def miss(self) -> None:
        self._call(ContactOutcome.NOT_REACHED, self._internal("not_reached"), (0.5, 4))

    def reach(self) -> None:
        self._call(ContactOutcome.REACHED, self._internal("reached"), (0.3, 5))

    def _call(self, outcome: ContactOutcome, note: str, delay: tuple[float, float]) -> None:
        actions.contact(
            self.case,
            channel="phone",
            outcome=outcome,
            by=self._informer(),
            at=self._later(*delay),
            profile=self._profile,
            note=note,
        )

    # The end

    def conclude(self) -> None:
        """Record the result and tell it; the message that says so was taken by the provider."""
        if self.case.cycle == 1:
            self._conclude(self.ending.decision, self.ending.text)
        else:
            self._conclude(Decision.JUSTIFIED, self._outward("again"))

    def refuse_again(self) -> None:
        self._conclude(Decision.NOT_JUSTIFIED, self._outward("refused_again"))

    def _conclude(self, decision: Decision, text: str) -> None:
        at = self._later(2 * MINUTE, 20 * MINUTE)
        by = self._informer()
        grounds = acts.grounds(self, decision)
        actions.outcome(self.case, decision, text, by=by, at=at, profile=self._profile, **grounds)
        self._tell()

    def answer_at_once(self) -> None:
        """The solution group knows the answer itself."""
        actions.answer_at_once(
            self.case,
            self.ending.decision,
            self.ending.text,
            channel=self.case.channel,
            by=self._owner(),
            at=self._later(0.1, 1),
            profile=self._profile,
            **acts.grounds(self, self.ending.decision),
        )
        self._tell()

    def ask_for_approval(self) -> None:
        """A decision above the expert's authority, which waits for somebody else."""
        grounds = acts.grounds(self, Decision.JUSTIFIED)
        grounds["evidence"] = self._internal("approvals")
        grounds["compensation"] = MUCH
        actions.outcome(
            self.case,
            Decision.JUSTIFIED,
            self._outward("again"),
            by=self._owner(),
            at=self._later(0.2, 2),
            profile=self._profile,
            **grounds,
        )

    def _tell(self) -> None:
        """The concluding message left at once, or the letter went out."""
        self.plan_survey()
        if self.case.state != State.RESOLVED:
            return
        if self.case.reply_channel == ReplyChannel.LETTER:
            self._write_letter()
            return
        email = self.case.reply_channel == ReplyChannel.EMAIL
        self.at += timedelta(seconds=self.random.randint(4, 9))
        channel = ReplyChannel.EMAIL if email else ReplyChannel.SMS
        actions.told(self.case, channel=channel, at=self.at, profile=self._profile)

    def _write_letter(self) -> None:
        actions.contact(
            self.case,
            channel="letter",
            outcome=ContactOutcome.MESSAGE_LEFT,
            by=self._informer(),
            at=self._later(0.2, 2),
            profile=self._profile,
        )

    def fall_silent(self) -> None:
        """Nobody objects in the time that the profile gives; the case closes by itself."""
        silent_at = self.case.silent_at
        if self.case.state != State.RESOLVED or silent_at is None:
            return
        told = has_been_told(self.case, self._profile.profile)
        lacks = acting.is_missing(self.case, self._profile.profile)
        if not told or lacks or silent_at >= self.world.hours.end:
            return
        information = self.case.kind in (Kind.INFORMATION, Kind.THANKS)
        self.pass_until(silent_at)
        self.at = max(silent_at, self._last_event_at())
        self._close(ClosingReason.INFORMATION_GIVEN if information else ClosingReason.RESOLVED)

    def point_elsewhere(self) -> None:
        """A second refusal stands; the applicant is pointed to those who can still decide."""
        if self.case.state != State.RESOLVED:  # closed in one act with the result
            return
        self.at = self._later(0.1, 1)
        self._close(ClosingReason.REFERRED_EXTERNALLY, by=self._expert())

    def _close(self, reason: ClosingReason, by: User | None = None) -> None:
        actions.close(self.case, by=by, at=self.at, profile=self._profile, reason=reason)

    def reopen(self) -> None:
        """The applicant does not accept the result; a new cycle begins."""
        at = self._later(3, 12)
        by = self._pick(Role.AGENT)
        reason = self._internal("reopened")
        actions.reopen(self.case, reason, by=by, at=at, profile=self._profile)

    def withdraw(self) -> None:
        by, at = self._owner(), self._later(0.5, 5)
        actions.note(self.case, self._internal("withdrawn"), by=by, at=at, profile=self._profile)
        self._end_early(ClosingReason.WITHDRAWN)

    def close_as_duplicate(self) -> None:
        """It goes on under the case that said it first, where that one is still open."""
        found = self.case.links.filter(kind=LinkKind.REPEAT).select_related("other")
        link = found.exclude(other__state=State.CLOSED).order_by("made_at", "other__number").first()
        if link is None:
            self._end_early(ClosingReason.DUPLICATE)
            return
        latest = link.other.events.order_by("-at").values_list("at", flat=True)[0]
        by, at = self._owner(), max(self._later(2 * MINUTE, 1), latest)
        self.at = at  # what was told of the other case has happened by then
        actions.merge(self.case, link.other, by=by, at=at, profile=self._profile)

    def close_as_not_ours(self) -> None:
        self._end_early(ClosingReason.NOT_OURS)

    def close_as_invalid(self) -> None:
        self._end_early(ClosingReason.INVALID)

    def give_up(self) -> None:
        self._end_early(ClosingReason.NO_CONTACT)

    def _end_early(self, reason: ClosingReason) -> None:
        withdrawn = reason == ClosingReason.WITHDRAWN
        actions.close_early(
            self.case,
            reason,
            by=self._owner(),
            at=self._later(2 * MINUTE, 1),
            profile=self._profile,
            text="" if withdrawn else self._outward(f"early.{reason}"),
        )
