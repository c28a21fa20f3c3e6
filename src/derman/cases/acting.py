"""What is done about justified complaints, and whether it is enough (row C7). Reads only."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Action, Case
from derman.cases.querysets import CaseQuerySet
from derman.profile.schema import Profile
from derman.words.kinds import Decision, Kind
from derman.words.life import State
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


def visible_to(user: User) -> QuerySet[Action]:
    """All actions; or those that the own units owe, and those that one owes oneself."""
    if rights.sees_all(user):
        return Action.objects.all()
    return Action.objects.filter(Q(owner_unit__in=rights.own_units(user)) | Q(owner_user=user))


def to_do(actions: QuerySet[Action], at: datetime) -> QuerySet[Action]:
    return actions.filter(state=ActionState.OPEN)


def late(actions: QuerySet[Action], at: datetime) -> QuerySet[Action]:
    return to_do(actions, at).filter(due_at__lt=at)


def to_check(actions: QuerySet[Action], at: datetime) -> QuerySet[Action]:
    """Done some time ago, and nobody has looked whether it helped."""
    return actions.filter(check_at__lte=at, effect="")


def without_effect(actions: QuerySet[Action], at: datetime) -> QuerySet[Action]:
    """Found to have none, and nothing else was planned on the case since."""
    later = Action.objects.filter(
        STANDING, case=OuterRef("case"), planned_at__gte=OuterRef("checked_at")
    )
    return actions.filter(effect=Effect.NOT_EFFECTIVE).filter(~Exists(later))


def done(actions: QuerySet[Action], at: datetime) -> QuerySet[Action]:
    return actions.filter(state=ActionState.DONE)


def lacking(cases: CaseQuerySet) -> CaseQuerySet:
    """Of these cases the resolved and justified complaints on which no action stands."""
    standing = Action.objects.filter(STANDING, case=OuterRef("pk"), cycle=OuterRef("cycle"))
    justified = cases.filter(
        state=State.RESOLVED, decision__in=list(JUSTIFIED), kind=Kind.COMPLAINT
    )
    return justified.filter(~Exists(standing))
