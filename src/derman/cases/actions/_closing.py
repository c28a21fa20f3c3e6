"""The closing itself, for the actions that end in it; the caller holds the transaction."""

from django.utils.translation import gettext as _

from derman.cases import acting, compliance
from derman.cases.actions._core import Act, CannotDo, move, record
from derman.cases.actions._cycle import end_offers
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
    end_offers(case, act)
    check = compliance.store(case, at=act.at, profile=act.profile)
    record(case, EventType.CLOSED, act, reason=reason, cycle=case.cycle, passed=check.passed)


def close_if_acted_on(case: Case, reason: ClosingReason, act: Act) -> bool:
    """Close, unless an action is still missing: then the case stays resolved until one stands."""
    if acting.is_missing(case, act.profile.profile):
        return False
    close_now(case, reason, act)
    return True


def close_once_told(case: Case, act: Act) -> None:
    """Close a case that ends as soon as its applicant was informed.

    That is one that was referred to bodies outside (row G19) and, where the profile says so, one
    that is not justified (row C7).
    """
    if case.state != State.RESOLVED:
        return
    profile = act.profile.profile
    is_referred = is_referred_out(case)
    ends = profile.process.closes_not_justified and case.decision == Decision.NOT_JUSTIFIED
    if (is_referred or ends) and has_been_told(case, profile):
        reason = ClosingReason.REFERRED_EXTERNALLY if is_referred else ClosingReason.RESOLVED
        close_if_acted_on(case, reason, act)


def is_referred_out(case: Case) -> bool:
    """Whether a letter of this cycle names bodies outside; never in the first (design §4)."""
    return case.cycle > 1 and case.letters.filter(cycle=case.cycle).exists()
