"""The closing itself, for the actions that end in it; the caller holds the transaction."""

from derman.cases.actions._core import Act, move, record
from derman.cases.models import Case
from derman.cases.proof import has_been_told
from derman.words.events import EventType
from derman.words.kinds import ClosingReason, Decision
from derman.words.life import State, Verb


def close_now(case: Case, reason: ClosingReason, act: Act) -> None:
    """Close, silently."""
    also = {
        "closed_at": act.at,
        "closing_reason": reason,
        "silent_at": None,
        "inform_unit": "",
    }
    move(case, Verb.CLOSE, State.CLOSED, act, also=also)
    record(case, EventType.CLOSED, act, reason=reason, cycle=case.cycle)


def close_unjustified_once_told(case: Case, act: Act) -> None:
    """Row C7: not justified, and the applicant was informed: where the profile says so, closed."""
    profile = act.profile.profile
    if not profile.process.closes_not_justified:
        return
    if case.state != State.RESOLVED or case.decision != Decision.NOT_JUSTIFIED:
        return
    if has_been_told(case, profile):
        close_now(case, ClosingReason.RESOLVED, act)
