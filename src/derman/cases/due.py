"""What is due on the clocks that run: the receipt is confirmed, a long case's applicant is told
what was done, and the levels of escalation fire.

Called by the worker. Looking costs one read of a small index when nothing is due. What is due is
claimed and settled together; should that fail, row by row, and a row that fails waits while the
others have their turn.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from derman.cases import clocks, escalating, levels
from derman.cases.actions._core import Act, record
from derman.cases.actions._rows import insert
from derman.cases.models import Case, Clock, Event
from derman.people.reaching import can_be_written_to, usable
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import ClockKind, ClockState, NoReceipt

log = logging.getLogger("derman.cases")

LATER = timedelta(minutes=5)  # a clock that could not be settled is looked at again then
PATIENCE = timedelta(minutes=10)  # in which a provider takes a message at the latest
CHANGED = ("state", "stopped_at", "next_at", "level", "reckoned_with")
SAVE = f"UPDATE cases_clock SET {', '.join(f'{name} = %s' for name in CHANGED)} WHERE id = %s"  # noqa: S608

Said = dict[tuple[UUID, str], datetime]  # case and event: when it was last


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Settle up to `limit` clocks that are due; return how many there were."""
    due = Clock.objects.filter(next_at__lte=at).order_by("next_at", "id")
    keys = list(due.values_list("pk", flat=True)[:limit])  # read before the write lock is taken
    if not keys:
        return 0
    try:
        return _settle(keys, at, profile)
    except (OperationalError, InterfaceError):
        raise  # the database has a bad moment, not a clock
    except Exception:
        log.warning("%s clocks could not be settled together", len(keys), exc_info=True)
        return sum(_settle_alone(key, at, profile) for key in keys)


def settle_of(case: Case, *, until: datetime, profile: Published) -> None:
    """Settle the clocks of one case, each when it was due: for a history told later."""
    waiting = Clock.objects.filter(case=case, next_at__lte=until)
    due = waiting.order_by("next_at", "kind", "started_at", "task__asked_at", "id")
    while clock := due.only("next_at").first():
        if clock.next_at:
            _settle([clock.pk], max(clock.next_at, case.state_since), profile)


def _settle_alone(key: UUID, at: datetime, profile: Published) -> int:
    try:
        return _settle([key], at, profile)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Clock %s could not be settled; trying again later", key)
        Clock.objects.filter(pk=key, next_at__lte=at).update(next_at=at + LATER)
        return 0


@transaction.atomic
def _settle(keys: Sequence[UUID], at: datetime, profile: Published) -> int:
    # With its case: nobody pauses or ends the clock meanwhile and misses one that begins here.
    claimed = list(
        Clock.objects.filter(pk__in=keys, next_at__lte=at)
        .select_related("case__applicant", "task")
        .prefetch_related("case__applicant__contact_points", "escalations")
        .select_for_update(skip_locked=True, of=("self", "case"), no_key=True)
        .order_by("next_at", "id")
    )
    if not claimed:
        return 0
    act = Act(None, at, profile, [])
    said = _said(claimed)
    for clock in claimed:
        _look(clock, act, said)
    if act.rows:
        insert(act.rows)
    _save(claimed)
    return len(claimed)


def _save(settled: Sequence[Clock]) -> None:
    """What changed, by one prepared statement: `bulk_update` takes longer to build than to run."""
    by_name = {field.name: field for field in Clock._meta.concrete_fields}
    fields = [by_name[name] for name in (*CHANGED, "id")]
    rows = [
        [field.get_db_prep_save(getattr(clock, field.attname), connection) for field in fields]
        for clock in settled
    ]
    with connection.cursor() as cursor:
        cursor.executemany(SAVE, rows)


def _said(claimed: Sequence[Clock]) -> Said:
    """What the worker has said before about receipts that nobody confirmed."""
    cases = [clock.case_id for clock in claimed if clock.kind == ClockKind.ACKNOWLEDGE]
    if not cases:
        return {}
    types = (EventType.ACKNOWLEDGE_DUE, EventType.NOT_ACKNOWLEDGED)
    events = Event.objects.filter(case__in=cases, type__in=types).order_by("id")
    return {(case, type_): at for case, type_, at in events.values_list("case_id", "type", "at")}


def _look(clock: Clock, act: Act, said: Said) -> None:
    """Do what is due on one clock, and say when to look at it next."""
    if clock.state != ClockState.RUNNING:
        clock.next_at = None
        return
    if not clock.case.is_open:
        clocks.end(clock, at=act.at, state=ClockState.CANCELLED)
        return
    served_next = _serve(clock, act, said)
    if clock.state != ClockState.RUNNING:
        return
    if clock.reckoned_with != levels.stamp(act.profile.profile):
        fired = {one.level for one in clock.escalations.all()}
        levels.realign(clock, fired, act.profile.profile)
    escalating.fire_claimed(clock.case, clock, act)
    moments = (served_next, levels.next_at(clock, act.profile.profile))
    clock.next_at = min((moment for moment in moments if moment), default=None)


def _serve(clock: Clock, act: Act, said: Said) -> datetime | None:
    """What the worker itself does on a clock of this kind; returns when it has to again."""
    wanted_at = clocks.served_at(clock, act.profile.profile)
    if wanted_at is None:
        return None
    if clock.kind == ClockKind.INTERIM:
        if wanted_at > act.at:
            return wanted_at
        _inform(clock, act)
        return None
    if (clock.case_id, EventType.NOT_ACKNOWLEDGED) in said:
        return None
    told_at = said.get((clock.case_id, EventType.ACKNOWLEDGE_DUE))
    if told_at:
        wanted_at = max(clock.due_at, told_at + PATIENCE)
    if wanted_at > act.at:
        return wanted_at
    if not told_at:
        return _confirm(clock, act)
    record(clock.case, EventType.NOT_ACKNOWLEDGED, act, reason=NoReceipt.NOT_ACCEPTED)
    return None


def _confirm(clock: Clock, act: Act) -> datetime | None:
    """Nobody has confirmed the receipt: now the worker does, where a message can (rows T7, P8).

    Where only a call can, the clock runs on until somebody has called.
    """
    why_not = _why_not(clock.case)
    if why_not:
        record(clock.case, EventType.NOT_ACKNOWLEDGED, act, reason=why_not)
        if why_not == NoReceipt.NO_CONTACT:
            clocks.end(clock, at=act.at, state=ClockState.CANCELLED)
        return None
    record(clock.case, EventType.ACKNOWLEDGE_DUE, act)
    return max(clock.due_at, act.at + PATIENCE)


def _why_not(case: Case) -> NoReceipt | None:
    """Why no message can reach the applicant; None when one can."""
    points = case.applicant.contact_points.all()
    if can_be_written_to(points):
        return None
    return NoReceipt.NO_WRITING if usable(points) else NoReceipt.NO_CONTACT


def _inform(clock: Clock, act: Act) -> None:
    """Tell the applicant what was done since, and start the next interim clock (row P9)."""
    case, profile = clock.case, act.profile.profile
    following = clocks.build_interim(case, start=act.at, profile=profile)
    if following is None:
        clocks.end(clock, at=act.at, state=ClockState.CANCELLED)
        return
    act.add(following)
    if _why_not(case):  # next time there may be a contact
        clocks.end(clock, at=act.at, state=ClockState.CANCELLED)
        return
    dates = (case.promised_at, case.due_at, following.due_at)
    next_at = min(date for date in dates if date and date > act.at)
    record(case, EventType.INTERIM, act, next_at=next_at.isoformat(), cycle=case.cycle)
    clocks.end(clock, at=act.at)
