"""Clocks that ran already when other levels or hours were published. Called by the worker.

They are reckoned anew, some at a time: what the organisation decides today holds for its open cases
as well. A level whose moment has passed fires with the next look at its clock.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from derman.cases import actions, clocks, levels, neglected
from derman.cases.models import Case, Clock
from derman.profile.publishing import Published
from derman.words.kinds import ClockKind, ClockState

CHANGED = ("level", "next_at", "reckoned_with")


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Reckon up to `limit` clocks anew; return how many. With none it reads a small index twice."""
    keys = stale(levels.stamp(profile.profile), limit)
    return _settle(keys, at, profile) if keys else 0


def stale(stamp: str, limit: int) -> list[UUID]:
    """Clocks that run by other levels: those with a lesser stamp first, each side by the index."""
    running = Clock.objects.filter(state=ClockState.RUNNING).values_list("pk", flat=True)
    lesser = list(running.filter(reckoned_with__lt=stamp)[:limit])
    return lesser or list(running.filter(reckoned_with__gt=stamp)[:limit])


@transaction.atomic
def _settle(keys: Collection[UUID], at: datetime, profile: Published) -> int:
    # With its case: nobody pauses or ends the clock meanwhile.
    claimed = list(
        Clock.objects.filter(pk__in=keys, state=ClockState.RUNNING)
        .select_related("case", "task")
        .prefetch_related("escalations")
        .select_for_update(skip_locked=True, of=("self", "case"), no_key=True)
        .order_by("id")
    )
    for clock in claimed:
        fired = {one.level for one in clock.escalations.all()}
        levels.realign(clock, fired, profile.profile)
        clock.next_at = clocks.next_look(clock, profile.profile)
    Clock.objects.bulk_update(claimed, CHANGED)
    _watch([clock.case for clock in claimed if clock.kind == ClockKind.RESOLVE], at, profile)
    return len(claimed)


def _watch(cases: Collection[Case], at: datetime, profile: Published) -> None:
    """Say anew when to ask whether anything happens; where nobody asked yet, that begins now."""
    stirred = neglected.last_stirred([case for case in cases if case.watch_at])
    for case in cases:
        watch_at = levels.watch_from(case.state, stirred.get(case.pk, at), profile.profile)
        if watch_at != case.watch_at:
            actions.look_again(case.pk, watch_at)
