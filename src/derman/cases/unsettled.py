"""Applicants who are still not satisfied, and what their case owes them (row C11). Reads only."""

from derman.cases import acting
from derman.cases.models import Case, Event
from derman.words.events import EventType
from derman.words.loop import FollowUpState, OfferState

RESULTS = (EventType.RESOLVED, EventType.REFERRED_EXTERNALLY)
SAID = (EventType.SURVEY_ANSWERED, EventType.FOLLOWED_UP)
CALLS = (EventType.FOLLOW_UP_OPENED, EventType.FOLLOWED_UP)
# An offer that nobody answered was something else as well; one that we took back was not.
OFFERED = (OfferState.OPEN, OfferState.ACCEPTED, OfferState.LAPSED)


def last_word(case: Case) -> Event | None:
    """When the applicant last said, to a survey or a caller, whether they are satisfied."""
    said = case.events.filter(type__in=SAID).select_related("by").order_by("-id")
    reached = (one for one in said if one.details.get("result") != FollowUpState.NOT_REACHED)
    return next(reached, None)


def says_no(said: Event) -> bool:
    """Whether they said that they are not."""
    result = said.details.get("result")
    return not said.details.get("satisfied", result == FollowUpState.SATISFIED)


def is_dissatisfied(case: Case) -> bool:
    """Whether the last that the applicant said of it was “no”."""
    last = last_word(case)
    return last is not None and says_no(last)


def awaits_call(case: Case) -> bool:
    """Whether somebody is still to call: a result that was told since has ended that."""
    told = case.events.filter(type__in=(*RESULTS, *CALLS)).order_by("-id")
    return told.values_list("type", flat=True).first() == EventType.FOLLOW_UP_OPENED


def owes_something_new(case: Case) -> bool:
    """Whether a later cycle has neither an action nor an offer of its own, and ought to.

    It ought to until the applicant says that they are satisfied, however the cycle began: by the
    follow-up, because they refused another offer, or because somebody opened the case again.
    """
    return case.cycle > 1 and is_dissatisfied(case) and not _stands_something(case)


def _stands_something(case: Case) -> bool:
    offers = case.offers.filter(cycle=case.cycle, state__in=OFFERED)
    return acting.standing(case) or offers.exists()
