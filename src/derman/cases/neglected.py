"""Cases that are raised because nothing happens: silence, and a justified case without an action.

Called by the worker. Nothing is raised in quiet hours; each level once in a cycle.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from derman.cases import acting, actions, escalating
from derman.cases.actions._core import Act
from derman.cases.models import Case, Event
from derman.lib import worktime
from derman.profile.calendars import calendar_of
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.life import State
from derman.words.loop import Trigger

A_DAY = timedelta(days=1)

# What the worker writes by itself is no sign that anybody does anything.
BY_ITSELF = (
    EventType.ESCALATED,
    EventType.ESCALATION_SEEN,
    EventType.ACKNOWLEDGED,
    EventType.ACKNOWLEDGE_DUE,
    EventType.NOT_ACKNOWLEDGED,
    EventType.INTERIM,
    EventType.ACTION_DUE,
)


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Look at up to `limit` cases whose time has come; return how many were looked at.

    A case is looked at again when its next level could fire, so that nobody walks over open cases.
    """
    due = Case.objects.filter(watch_at__lte=at).order_by("watch_at", "id")
    keys = list(due.values_list("pk", flat=True)[:limit])
    return sum(_look(key, Act(None, at, profile)) for key in keys)


@transaction.atomic
def _look(key: UUID, act: Act) -> bool:
    """Raise the case where nothing has happened; False when another worker is at it."""
    held = Case.objects.select_for_update(skip_locked=True, of=("self",))
    case = held.filter(pk=key, watch_at__lte=act.at).first()
    if case is None:
        return False
    next_at = _patience(case, act) or _settle(case, act)
    actions.look_again(key, next_at)
    return True


def last_stirred(cases: Collection[Case]) -> dict[UUID, datetime]:
    """When somebody last did anything on these, by their keys; one query."""
    events = Event.objects.filter(case__in=cases).exclude(type__in=BY_ITSELF)
    return dict(events.order_by().values_list("case").annotate(Max("at")))


def _settle(case: Case, act: Act) -> datetime | None:
    """Fire what is due; return when to look again."""
    if case.is_open:
        return _raise(case, Trigger.SILENCE, _last_stirred(case), act)
    if case.state != State.RESOLVED or case.decision not in acting.JUSTIFIED:
        return None
    if acting.standing(case):  # as long as nobody cancels it
        return act.at + A_DAY
    return _raise(case, Trigger.NO_ACTION, case.resolved_at or case.state_since, act)


def _patience(case: Case, act: Act) -> datetime | None:
    """Until when it waits for a good reason: for the applicant, laid aside, quiet hours."""
    if case.state == State.AWAITING_APPLICANT:
        return act.at + A_DAY
    if case.snoozed_until and case.snoozed_until > act.at:
        return case.snoozed_until
    return None


def _raise(case: Case, trigger: Trigger, since: datetime, act: Act) -> datetime | None:
    """Fire the levels whose time is over; return when the next one's is."""
    profile = act.profile.profile
    zone = ZoneInfo(profile.organisation.timezone)
    ahead = []
    for key, level in profile.escalation.of_trigger(trigger):
        if level.after is None:
            continue
        moment = worktime.due(since, level.after, calendar_of(profile)).at
        moment = max(moment, profile.escalation.awake(max(moment, act.at), zone, level))
        if moment <= act.at:
            escalating.raise_to(case, key, level, act, since=since.isoformat())
        else:
            ahead.append(moment)
    return min(ahead, default=None)


def _last_stirred(case: Case) -> datetime:
    return last_stirred([case]).get(case.pk, case.state_since)
