"""Cases of another system, with what became of them: written silently, each with its history.

Nobody is told, nothing is referred, no receipt is owed. What another system says it concluded
counts as told to the applicant. A case whose reference is on file is left as it is.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from derman.accounts.models import User
from derman.cases import clocks
from derman.cases.actions._core import Act, CannotDo
from derman.cases.actions.imported import Said, read
from derman.cases.actions.opening import words_of
from derman.cases.models import Case, Clock, Contact, Event, Outcome, SearchEntry
from derman.lib import identifiers
from derman.lib.tables import Line
from derman.lib.turkish import fold
from derman.people.bulk import Rows
from derman.people.imported import Refused
from derman.people.importing import Refusal
from derman.people.known import AT_ONCE, Known
from derman.people.matching import Speaker, new_customer
from derman.people.models import Customer
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import (
    EARLY_CLOSING,
    ClockKind,
    ContactOutcome,
    Priority,
)
from derman.words.life import State


@dataclass(frozen=True)
class Fact:
    """What the rollup counts."""

    at: datetime
    type: EventType
    unit: str
    topic: str
    channel: str


@dataclass
class Plan:
    """What an import would write, count and refuse."""

    rows: Rows = field(default_factory=Rows)
    facts: list[Fact] = field(default_factory=list)
    added: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)


def plan(
    lines: Iterable[Line],
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    tick: Callable[[], object],
) -> Plan:
    """Check every line and make the rows of those that can be taken; writes nothing."""
    made, said = Plan(), []
    seen: set[str] = set()
    for line in lines:
        try:
            said.append(_once(read(line, profile.profile, at), seen))
        except (Refused, CannotDo) as why:
            column = why.column if isinstance(why, Refused) else why.field
            made.refused.append(Refusal(line.number, column, str(why)))
            tick()
    on_file = _references(seen)
    new = [one for one in said if one.case_reference not in on_file]
    made.known = len(said) - len(new)
    known = Known.about(new)
    writing = _Writing(Act(by, at, profile), made, known, _numbers(len(new)))
    for one in said:
        tick()
        if one.case_reference in on_file:
            continue
        if one.reference and one.reference not in known.references:
            missing = "No customer has this number: import the customers first."
            made.refused.append(Refusal(one.line, "customer_reference", missing))
            continue
        writing.add(one)
        made.added += 1
    made.refused.sort(key=lambda refusal: refusal.line)
    return made


def _once(said: Said, seen: set[str]) -> Said:
    if said.case_reference in seen:
        raise Refused("reference", "This number stands in an earlier line.")
    seen.add(said.case_reference)
    return said


def _references(wanted: set[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(wanted)
    for start in range(0, len(ordered), AT_ONCE):
        some = Case.objects.filter(reference__in=ordered[start : start + AT_ONCE])
        found.update(case.reference or "" for case in some.only("reference"))
    return found


def _numbers(count: int) -> list[str]:
    """So many numbers that no case has."""
    random = secrets.SystemRandom()
    free: set[str] = set()
    while len(free) < count:
        drawn = {identifiers.new_number(random) for _ in range(min(AT_ONCE, count - len(free)))}
        taken = Case.objects.filter(number__in=drawn).values_list("number", flat=True)
        free |= drawn - set(taken)
    return list(free)


class _Writing:
    """Turns checked lines into rows."""

    def __init__(self, act: Act, made: Plan, known: Known, numbers: list[str]) -> None:
        self.act, self.made, self.known, self.numbers = act, made, known, numbers
        self.random = secrets.SystemRandom()

    def add(self, said: Said) -> None:
        case = self._case(said)
        rows = self.made.rows
        clock = self._resolve_clock(case, said)
        case.due_at = clock.due_at
        rows.add(case)
        rows.add(clock)
        rows.add(SearchEntry(case=case, words=words_of(case)))
        self._fact(
            case,
            EventType.OPENED,
            said.received_at,
            channel=case.channel,
            kind=case.kind,
            topic=case.topic,
            unit=case.unit,
            first_contact=False,
            imported=True,
        )
        if said.resolved_at:
            self._end(case, said, said.resolved_at)

    def _case(self, said: Said) -> Case:
        speaker, customer = self._people(said)
        process = self.act.profile.profile.process
        case = Case(
            number=self.numbers.pop(),
            follow_key=identifiers.new_follow_key(self.random),
            reference=said.case_reference,
            profile_id=self.act.profile.version_id,
            kind=said.kind,
            channel=said.channel,
            main_topic=said.topic.split(".")[0],
            topic=said.topic,
            region=said.region,
            description=said.description,
            proposal=said.proposal,
            language=said.language,
            applicant=speaker,
            relation=said.relation,
            customer=customer,
            account_id=self.known.accounts.get(said.account_number),
            account_number=said.account_number,
            state_since=said.received_at,
            priority=Priority.NORMAL,
            unit=said.leaf.unit_for(said.region) or "",
            owner_unit=process.owner,
            taken_by=self.act.by,
            received_at=said.received_at,
        )
        if said.resolved_at:
            self._conclude(case, said, said.resolved_at)
        return case

    def _conclude(self, case: Case, said: Said, at: datetime) -> None:
        days = self.act.profile.profile.clocks.closing_window_days
        case.decision = said.decision or ""
        case.resolved_at = case.state_since = at
        case.state = State.RESOLVED
        case.silent_at = clocks.days_later(at, days)
        if said.closed_at:
            case.state = State.CLOSED
            case.closed_at = case.state_since = said.closed_at
            case.closing_reason = said.closing_reason
            case.silent_at = None

    def _people(self, said: Said) -> tuple[Customer, Customer]:
        """Who spoke, and whose matter it is: on file, or new."""
        found, name = self.known.find(said), fold(said.name)[:220]
        if found and name in ("", self.known.names.get(found, name)):
            speaker = Customer(pk=found, name=said.name)
        else:
            speaker = self._new(said)
        holder = found or self.known.holders.get(said.account_number)
        return speaker, Customer(pk=holder) if holder else speaker

    def _new(self, said: Said) -> Customer:
        heard = Speaker(said.name, said.phone, said.email, said.tckn)
        speaker, points = new_customer(heard, language=said.language, at=said.received_at)
        for row in (speaker, *points):
            self.made.rows.add(row)
        if not said.reference:
            self.known.learn(said, speaker.pk)
        return speaker

    def _resolve_clock(self, case: Case, said: Said) -> Clock:
        profile = self.act.profile.profile
        budget = said.leaf.resolve or profile.clocks.resolve
        clock = clocks.build(
            case, ClockKind.RESOLVE, budget, start=said.received_at, profile=profile
        )
        if said.resolved_at:
            clocks.end(clock, at=said.resolved_at)
        else:
            clocks.leave_behind(clock, at=self.act.at, profile=profile)
        return clock

    def _end(self, case: Case, said: Said, at: datetime) -> None:
        """Told, resolved, closed: or closed early, without an outcome."""
        rows = self.made.rows
        if said.closed_at and said.closing_reason in EARLY_CLOSING:
            self._fact(
                case, EventType.CLOSED_EARLY, said.closed_at, reason=said.closing_reason, cycle=1
            )
            return
        outcome = Outcome(case=case, decision=case.decision, text=said.answer, at=at)
        rows.add(outcome)
        rows.add(
            Contact(
                case=case,
                channel=said.channel,
                outcome=ContactOutcome.REACHED,
                concludes=True,
                at=at,
            )
        )
        self._fact(
            case,
            EventType.RESOLVED,
            at,
            decision=case.decision,
            outcome=str(outcome.pk),
            cycle=1,
            first_contact=False,
        )
        if said.closed_at:
            self._fact(case, EventType.CLOSED, said.closed_at, reason=said.closing_reason, cycle=1)

    def _fact(self, case: Case, type_: EventType, at: datetime, **details: object) -> None:
        act = self.act
        self.made.rows.add(
            Event(
                case=case,
                type=type_,
                at=at,
                by=act.by,
                profile_id=act.profile.version_id,
                details=details,
            )
        )
        self.made.facts.append(Fact(at, type_, case.unit, case.topic, case.channel))
