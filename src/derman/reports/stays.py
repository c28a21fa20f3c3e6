"""Who had a case when, told again from its events: one stay after the other, without a gap.

Pure: it knows keys and moments, no database and no language. `case_map` shows one case by it,
`paths` many.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from derman.words.events import EventType
from derman.words.life import OPEN_STATES, State
from derman.words.loop import FollowUpState

E = EventType


class Lane(StrEnum):
    """Who holds a case."""

    OWNER = "owner"
    UNITS = "units"
    CALLER = "caller"  # whoever owes the applicant a call
    APPLICANT = "applicant"
    NOBODY = "nobody"  # it is closed; a case that is opened again was there


LANES: Mapping[State, Lane] = {
    State.RECEIVED: Lane.OWNER,
    State.IN_REVIEW: Lane.OWNER,
    State.REFERRED: Lane.UNITS,
    State.ANSWERED: Lane.CALLER,
    State.AWAITING_APPLICANT: Lane.APPLICANT,
    State.RESOLVED: Lane.APPLICANT,
    State.CLOSED: Lane.NOBODY,
}
# Nobody works on it: it lies in a pile, or somebody's word is awaited.
WAITING_STATES = (State.RECEIVED, State.ANSWERED, State.AWAITING_APPLICANT, State.RESOLVED)


@dataclass(frozen=True)
class Fact:
    """One event of a case."""

    type: str
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a case is: its state, and the units that were asked, which are none elsewhere."""

    state: State
    units: tuple[str, ...] = ()

    @property
    def lane(self) -> Lane:
        return LANES[self.state]


@dataclass(frozen=True)
class Stay:
    """A time that a case spent in one place, without a break and without a change."""

    place: Place
    is_waiting: bool
    begins: datetime
    ends: datetime
    is_last: bool = False  # it is still there, or the case ended there

    @property
    def length(self) -> timedelta:
        return self.ends - self.begins


def stays(facts: Iterable[Fact], *, until: datetime) -> list[Stay]:
    """Every stay from the first fact to `until` (the end of a closed case), in order.

    Their lengths add up to the whole time exactly. Facts come in the order in which they happened.
    """
    told = _Story()
    found: list[Stay] = []
    begins: datetime | None = None
    for fact in facts:
        now = min(max(fact.at, begins or fact.at), until)
        before = told.now
        told.hear(fact)
        if begins is None:
            begins = now
        elif told.now != before and now > begins:
            found.append(Stay(*before, begins, now))
            begins = now
    if begins is not None and until > begins:
        found.append(Stay(*told.now, begins, until, is_last=True))
    return found


def places(found: Sequence[Stay]) -> list[Place]:
    """The places in order, each once where the case stayed on."""
    order: list[Place] = []
    for stay in found:
        if not order or order[-1] != stay.place:
            order.append(stay.place)
    return order


def begins_again(details: Mapping[str, Any]) -> bool:
    """Whether a follow-up leads back: the applicant is not satisfied still."""
    return details.get("result") == FollowUpState.DISSATISFIED


class _Story:
    """A case as far as its events have told it."""

    def __init__(self) -> None:
        self.state = State.RECEIVED
        self.open: dict[str, str] = {}  # task → unit, in the order in which they were asked
        self.started: set[str] = set()
        self.answered = False
        self.before_merge: tuple[State, dict[str, str], bool] | None = None

    @property
    def now(self) -> tuple[Place, bool]:
        """Where it is, and whether nobody works on it."""
        asked = self.state == State.REFERRED
        units = tuple(dict.fromkeys(self.open.values())) if asked else ()
        idle = asked and not self.started & self.open.keys()
        return Place(self.state, units), idle or self.state in WAITING_STATES

    def hear(self, fact: Fact) -> None:
        if step := STEPS.get(fact.type):
            step(self, fact.details)

    def begin_to_work(self, details: Mapping[str, Any]) -> None:
        if self.state == State.RECEIVED and details.get("to", True) is not None:
            self.state = State.IN_REVIEW

    def refer(self, details: Mapping[str, Any]) -> None:
        self.open[details.get("task", details.get("unit", ""))] = details.get("unit", "")
        self.state = State.REFERRED

    def start(self, details: Mapping[str, Any]) -> None:
        self.started.add(details.get("task", ""))

    def answer(self, details: Mapping[str, Any]) -> None:
        self.answered = True
        self.end_task(details)

    def end_task(self, details: Mapping[str, Any]) -> None:
        self.open.pop(details.get("task", ""), None)
        if self.state == State.REFERRED and not self.open:
            self.state = State.ANSWERED if self.answered else State.IN_REVIEW

    def take_back(self, _details: Mapping[str, Any]) -> None:
        self.open.clear()
        self.state = State.IN_REVIEW

    def ask(self, _details: Mapping[str, Any]) -> None:
        self.state = State.AWAITING_APPLICANT

    def go_on(self, _details: Mapping[str, Any]) -> None:
        self.state = State.REFERRED if self.open else State.IN_REVIEW

    def resolve(self, _details: Mapping[str, Any]) -> None:
        self.open.clear()
        self.state = State.RESOLVED

    def refer_out(self, details: Mapping[str, Any]) -> None:
        if self.state in OPEN_STATES:
            self.resolve(details)

    def close(self, _details: Mapping[str, Any]) -> None:
        self.open.clear()
        self.state = State.CLOSED

    def begin_again(self, _details: Mapping[str, Any]) -> None:
        self.open.clear()
        self.answered = False
        self.state = State.IN_REVIEW

    def follow_up(self, details: Mapping[str, Any]) -> None:
        if begins_again(details):
            self.begin_again(details)

    def merge(self, details: Mapping[str, Any]) -> None:
        if "into" in details and self.state != State.CLOSED:
            self.before_merge = self.state, dict(self.open), self.answered
            self.close(details)

    def unmerge(self, details: Mapping[str, Any]) -> None:
        if "into" in details and self.before_merge:
            self.state, self.open, self.answered = self.before_merge
            self.before_merge = None


# What an event does to where a case is; all others leave it there.
STEPS: Mapping[str, Callable[[_Story, Mapping[str, Any]], None]] = {
    E.TAKEN: _Story.begin_to_work,
    E.ASSIGNED: _Story.begin_to_work,
    E.REFERRED: _Story.refer,
    E.TASK_STARTED: _Story.start,
    E.TASK_ANSWERED: _Story.answer,
    E.TASK_SENT_BACK: _Story.end_task,
    E.TAKEN_BACK: _Story.take_back,
    E.ASKED: _Story.ask,
    E.APPLICANT_ANSWERED: _Story.go_on,
    E.APPLICANT_SILENT: _Story.go_on,
    E.RESOLVED: _Story.resolve,
    E.REFERRED_EXTERNALLY: _Story.refer_out,
    E.CLOSED: _Story.close,
    E.CLOSED_EARLY: _Story.close,
    E.REOPENED: _Story.begin_again,
    E.OFFER_REFUSED: _Story.begin_again,
    E.FOLLOWED_UP: _Story.follow_up,
    E.MERGED: _Story.merge,
    E.UNMERGED: _Story.unmerge,
}
MOVING = frozenset({E.OPENED, *STEPS})
