"""What happens when the applicant says nothing: the case goes on, or is closed for good.

Called by the worker. Every case is settled in a transaction of its own by the same actions that
people use; a case that somebody changes at this moment is left for the next round. What nobody
proved to have been told is not closed: somebody has to call first. Nor is a justified complaint
while an action is missing that the profile asks for: somebody has to plan one.
"""

from contextlib import suppress
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from derman.cases import acting, actions, unsettled
from derman.cases.models import Case, Event, Offer
from derman.cases.proof import has_been_told
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import ClosingReason, Kind
from derman.words.life import State
from derman.words.loop import OfferState


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Settle up to `limit` cases whose applicant's time is over; return how many there were."""
    waiting = Offer.objects.filter(case=OuterRef("pk"), state=OfferState.OPEN)
    due = Case.objects.filter(~Exists(waiting), silent_at__lte=at, inform_unit="")
    due = due.annotate(told=_last_told()).exclude(told=EventType.FOLLOW_UP_OPENED)
    keys = list(due.order_by("silent_at").values_list("pk", flat=True)[:limit])
    settled = 0
    for case in Case.objects.filter(pk__in=keys).order_by("silent_at") if keys else ():
        with suppress(actions.CannotDo):
            _settle(case, at, profile)
            settled += 1
    return settled


def _last_told() -> Coalesce:
    """Whether a result came last, or a follow-up: where one is open, somebody calls first.

    A result that was told since has ended it, whatever became of the call.
    """
    kinds = (*unsettled.RESULTS, *unsettled.CALLS)
    latest = Event.objects.filter(case=OuterRef("pk"), type__in=kinds).order_by("-id")
    return Coalesce(Subquery(latest.values("type")[:1]), Value(""))


def _settle(case: Case, at: datetime, profile: Published) -> None:
    if case.state == State.AWAITING_APPLICANT:
        actions.hear_silence(case, at=at, profile=profile)
        return
    if not has_been_told(case, profile.profile):
        actions.fail_to_tell(case, at=at, profile=profile)
        return
    if acting.is_missing(case, profile.profile):
        actions.ask_for_action(case, at=at, profile=profile)
        return
    information = case.kind in (Kind.INFORMATION, Kind.THANKS)
    reason = ClosingReason.INFORMATION_GIVEN if information else ClosingReason.RESOLVED
    actions.close(case, by=None, at=at, profile=profile, reason=reason)
