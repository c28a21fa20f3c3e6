"""Cases that are raised because nothing happens: silence, and a justified case without an action.

Called by the worker. Nobody is raised in quiet hours; each is raised once in its cycle.
"""

from contextlib import suppress
from datetime import datetime
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from derman.cases import escalating
from derman.cases.actions._core import Act
from derman.cases.models import Action, Case, Escalation, Event
from derman.lib import worktime
from derman.profile.calendars import calendar_of
from derman.profile.escalation import Level
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import Decision
from derman.words.life import State
from derman.words.loop import ActionState, Trigger

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
JUSTIFIED = (Decision.JUSTIFIED, Decision.PARTLY)


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Raise up to `limit` cases on which nothing happens; return how many there were."""
    escalation = profile.profile.escalation
    zone = ZoneInfo(profile.profile.organisation.timezone)
    raised = 0
    for trigger, find in ((Trigger.SILENCE, _silent), (Trigger.NO_ACTION, _without_action)):
        for key, level in escalation.of_trigger(trigger):
            if not level.after or escalation.awake(at, zone, level) > at:
                continue
            since = worktime.before(at, level.after, calendar_of(profile.profile))
            found = _concerned(find(at, since), key, level)[: limit - raised]
            raised += sum(_raise(case, key, level, Act(None, at, profile)) for case in found)
    return raised


def _silent(at: datetime, since: datetime) -> QuerySet[Case]:
    """Open, in our hands, not laid aside, and nobody has done anything for so long."""
    stirred = Event.objects.filter(case=OuterRef("pk"), at__gt=since).exclude(type__in=BY_ITSELF)
    ours = Case.objects.open().exclude(state=State.AWAITING_APPLICANT).awake(at)
    return ours.filter(~Exists(stirred), state_since__lte=since).order_by("due_at", "id")


def _without_action(at: datetime, since: datetime) -> QuerySet[Case]:
    """Justified, the applicant may still object, and nobody has planned what is done about it."""
    planned = Action.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"))
    planned = planned.exclude(state=ActionState.CANCELLED)
    resolved = Case.objects.filter(state=State.RESOLVED, silent_at__isnull=False)
    resolved = resolved.filter(decision__in=JUSTIFIED, resolved_at__lte=since)
    return resolved.filter(~Exists(planned)).order_by("silent_at")


def _concerned(cases: QuerySet[Case], key: str, level: Level) -> QuerySet[Case]:
    """Those that the level is meant for and that it has not raised in this cycle."""
    fired = Escalation.objects.filter(
        case=OuterRef("pk"), cycle=OuterRef("cycle"), level=key, clock=None
    )
    cases = cases.filter(~Exists(fired))
    if level.kinds:
        cases = cases.filter(kind__in=level.kinds)
    if level.channels:
        cases = cases.filter(channel__in=level.channels)
    if level.topics:
        under = (Q(topic=topic) | Q(topic__startswith=f"{topic}.") for topic in level.topics)
        cases = cases.filter(reduce(or_, under))
    return cases


def _raise(case: Case, key: str, level: Level, act: Act) -> bool:
    """Raise one case; another worker that is faster leaves nothing to do."""
    since = case.resolved_at if level.trigger is Trigger.NO_ACTION else _last_stirred(case)
    details = {"since": since.isoformat()} if since else {}
    with suppress(IntegrityError), transaction.atomic():
        return escalating.raise_to(case, key, level, act, **details)
    return False


def _last_stirred(case: Case) -> datetime | None:
    events = case.events.exclude(type__in=BY_ITSELF).order_by("-id")
    return events.values_list("at", flat=True).first()
