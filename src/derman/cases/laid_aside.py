"""Cases that were laid aside come back: at their moment, or when a date moved before it.

Called by the worker. A case that somebody changes at this moment is left for the next round.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from derman.cases import actions
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.words.life import State


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Wake up to `limit` cases whose moment has come; return how many there were."""
    zone = ZoneInfo(profile.profile.organisation.timezone)
    today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    late = Q(due_at__lte=at) & ~Q(state=State.AWAITING_APPLICANT)
    due = Q(snoozed_until__lte=at) | late | Q(promised_at__lt=today + timedelta(days=1))
    asleep = Case.objects.filter(snoozed_until__isnull=False).filter(due)
    if not asleep.exists():
        return 0
    woken = 0
    for case in asleep.order_by("snoozed_until", "id")[:limit]:
        with suppress(actions.CannotDo):
            actions.wake(case, by=None, at=at, profile=profile)
            woken += 1
    return woken
