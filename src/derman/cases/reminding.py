"""Whoever owes an action, or the look at its effect, is reminded in time. Called by the worker."""

from datetime import datetime

from derman.cases import actions
from derman.cases.models import Action
from derman.profile.publishing import Published


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Remind of up to `limit` actions; return how many there were. Reads before it writes."""
    due = Action.objects.filter(next_at__lte=at).select_related("case").order_by("next_at")
    if not due.exists():
        return 0
    return sum(actions.remind_of_action(one, at=at, profile=profile) for one in due[:limit])
