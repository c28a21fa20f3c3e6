"""Raising a case: the levels of its clocks, and what raises it though no clock ran out.

Each level fires once for a clock, or once in a cycle of the case, and is an event. The case's
version stays: nobody who is typing loses their place because somebody else was told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from derman.accounts.models import User
from derman.cases import addressed
from derman.cases.actions._core import Act, record, record_held
from derman.cases.levels import Ahead, concerns, levels_ahead, next_at
from derman.cases.models import Case, Clock, Escalation
from derman.profile.escalation import Level
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.life import State
from derman.words.loop import Trigger

__all__ = [
    "begin_again",
    "bounce",
    "fire",
    "fire_claimed",
    "hear",
    "next_at",
    "raise_to",
    "reopen",
    "see",
    "trigger",
]


@transaction.atomic(savepoint=False)
def fire(case: Case, clock: Clock, *, at: datetime, profile: Published) -> int:
    """Let the levels of this clock fire that are due; return how many did.

    Beside another worker only one of the two goes on.
    """
    due = [one for one in levels_ahead(clock, profile.profile) if one[1] <= at]
    if not due:
        return 0
    behind = due[-1][0] + 1
    if not Clock.objects.filter(pk=clock.pk, level=clock.level).update(level=behind):
        return 0
    return _fire(case, clock, due, Act(None, at, profile))


def fire_claimed(case: Case, clock: Clock, act: Act) -> int:
    """The same on a clock whose row the caller holds and saves with its new level."""
    due = [one for one in levels_ahead(clock, act.profile.profile) if one[1] <= act.at]
    return _fire(case, clock, due, act) if due else 0


def _fire(case: Case, clock: Clock, due: Sequence[Ahead], act: Act) -> int:
    clock.level = due[-1][0] + 1
    new = [(key, level) for _place, _at, key, level in due]
    if clock.level > len(new):  # the profile may have put an old level in another place
        fired = {one.level for one in clock.escalations.all()}
        new = [(key, level) for key, level in new if key not in fired]
    for key, level in new:
        row = _row(case, key, act, clock=clock.kind, due_at=clock.due_at.isoformat())
        row.clock = clock
        _write(row, level, act, clock=clock.kind)
    return len(new)


def trigger(case: Case, trigger: Trigger, act: Act, **details: Any) -> int:
    """Raise the case because this happened, once in its cycle; return how many levels fired.

    `details` are numbers and keys on which it rests. The caller holds the transaction.
    """
    levels = act.profile.profile.escalation.of_trigger(trigger)
    return sum(raise_to(case, key, level, act, **details) for key, level in levels)


def raise_to(case: Case, key: str, level: Level, act: Act, **details: Any) -> bool:
    """Raise the case to one level of a trigger, unless it does not concern it or has fired."""
    too_early = level.trigger is Trigger.CYCLES and case.cycle < level.times
    if too_early or not concerns(level, case) or _has_fired(case, key, act):
        return False
    row = _row(case, key, act, **details)
    row.trigger = level.trigger or ""
    _write(row, level, act, trigger=row.trigger)
    return True


def begin_again(case: Case, act: Act) -> None:
    """The next cycle has begun, and the event is written; the caller holds the transaction."""
    trigger(case, Trigger.CYCLES, act, count=case.cycle)


def reopen(case: Case, act: Act) -> None:
    """Somebody has reopened it, and the event is written; the caller holds the transaction."""
    begin_again(case, act)
    _count(case, Trigger.REOPENED_TWICE, EventType.REOPENED, act, least=2)


def hear(case: Case, act: Act) -> None:
    """The applicant has come to us about it again, and the event is written."""
    _count(case, Trigger.THIRD_CONTACT, EventType.INFORMATION_ADDED, act, least=3, before=1)


@transaction.atomic
def bounce(case: Case, *, channel: str, at: datetime, profile: Published) -> None:
    """A message to the applicant did not arrive, and there is no other way to write to them."""
    if case.state != State.CLOSED:
        trigger(case, Trigger.BOUNCED, Act(None, at, profile), channel=channel)


@transaction.atomic
def see(escalation: Escalation, *, by: User, at: datetime, profile: Published) -> None:
    """Somebody has looked at it; seeing it again changes nothing."""
    unseen = Escalation.objects.filter(pk=escalation.pk, seen_at=None)
    if not unseen.update(seen_at=at, seen_by=by):
        return
    escalation.seen_at, escalation.seen_by = at, by
    record(
        escalation.case,
        EventType.ESCALATION_SEEN,
        Act(by, at, profile),
        level=escalation.level,
        escalation=str(escalation.pk),
    )


def _count(
    case: Case, what: Trigger, type_: EventType, act: Act, *, least: int, before: int = 0
) -> None:
    """Raise the case once it has so many events of a type; `before` are those of another kind."""
    if not act.profile.profile.escalation.of_trigger(what):
        return
    count = before + case.events.filter(type=type_).count()
    if count >= least:
        trigger(case, what, act, count=count)


def _has_fired(case: Case, key: str, act: Act) -> bool:
    if act.rows is not None:
        return False  # the case is just being opened
    return case.escalations.filter(cycle=case.cycle, level=key, clock=None).exists()


def _row(case: Case, key: str, act: Act, **details: Any) -> Escalation:
    return Escalation(case=case, cycle=case.cycle, level=key, at=act.at, details=details)


def _address(row: Escalation, level: Level, profile: Profile) -> None:
    """Say who is told; where that is nobody, who is told instead."""
    meant = addressed.meant(level, row.case, row.clock.task if row.clock else None)
    instead = addressed.instead_of(meant, profile)
    if instead:
        row.details = {**row.details, "meant_role": meant.role, "meant_unit": meant.unit}
    told = instead or meant
    row.role, row.unit = told.role, told.unit


def _write(row: Escalation, level: Level, act: Act, **details: str) -> None:
    """Save it with its event; in quiet hours nobody is told before they end."""
    profile = act.profile.profile
    zone = ZoneInfo(profile.organisation.timezone)
    _address(row, level, profile)
    act.add(row)
    record_held(
        row.case,
        EventType.ESCALATED,
        act,
        profile.escalation.awake(act.at, zone, level),
        level=row.level,
        escalation=str(row.pk),
        role=row.role,
        unit=row.unit,
        cycle=row.cycle,
        **details,
    )
