"""The closing itself, for the actions that end in it; the caller holds the transaction."""

from django.utils.translation import gettext as _

from derman.cases import acting, compliance
from derman.cases.actions._core import Act, CannotDo, move, record
from derman.cases.models import Case
from derman.cases.proof import has_been_told
from derman.words.events import EventType
from derman.words.kinds import ClosingReason, Decision
from derman.words.life import State, Verb


def close_now(case: Case, reason: ClosingReason, act: Act) -> None:
    """Close, silently, and check what the cycle kept to. The only way to `closed` from `resolved`.

    A justified complaint is refused while no action stands, where the profile asks for one.
    """
    if acting.is_missing(case, act.profile.profile):
        raise CannotDo(_("Plan an action first: the complaint is justified."), code="no_action")
    also = {
        "closed_at": act.at,
        "closing_reason": reason,
        "silent_at": None,
        "inform_unit": "",
    }
    move(case, Verb.CLOSE, State.CLOSED, act, also=also)
    check = compliance.store(case, at=act.at, profile=act.profile)
    record(case, EventType.CLOSED, act, reason=reason, cycle=case.cycle, passed=check.passed)


def close_if_acted_on(case: Case, reason: ClosingReason, act: Act) -> bool:
    """Close, unless an action is still missing: then the case stays resolved until one stands."""
    if acting.is_missing(case, act.profile.profile):
        return False
    close_now(case, reason, act)
    return True


def close_unjustified_once_told(case: Case, act: Act) -> None:
    """Row C7: not justified, and the applicant was informed: where the profile says so, closed."""
    profile = act.profile.profile
    if not profile.process.closes_not_justified:
        return
    if case.state != State.RESOLVED or case.decision != Decision.NOT_JUSTIFIED:
        return
    if has_been_told(case, profile):
        close_now(case, ClosingReason.RESOLVED, act)
