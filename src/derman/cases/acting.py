"""Whether enough is done about a justified complaint: what closing needs (row C7). Reads only."""

from django.db.models import Q

from derman.cases.models import Action, Case
from derman.profile.schema import Profile
from derman.words.kinds import Decision, Kind
from derman.words.loop import ActionState, Effect

JUSTIFIED = (Decision.JUSTIFIED, Decision.PARTLY)
# An action that still promises something: one without effect, or cancelled, asks for another.
STANDING = ~Q(state=ActionState.CANCELLED) & ~Q(effect=Effect.NOT_EFFECTIVE)


def is_needed(case: Case, profile: Profile) -> bool:
    """Whether the case is a justified complaint, and the profile asks for an action."""
    is_justified = case.kind == Kind.COMPLAINT and case.decision in JUSTIFIED
    return profile.decisions.needs_action and is_justified


def is_missing(case: Case, profile: Profile) -> bool:
    """Whether an action is needed in this cycle and none stands."""
    return is_needed(case, profile) and not standing(case)


def standing(case: Case) -> bool:
    """Whether an action of this cycle was planned, and neither cancelled nor without effect."""
    return Action.objects.filter(STANDING, case=case, cycle=case.cycle).exists()
