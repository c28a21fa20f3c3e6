"""Whether somebody may decide a case alone, and who may where they may not. Reads only."""

from decimal import Decimal as Amount

from derman.accounts.models import Membership, User
from derman.cases.models import Case
from derman.profile.schema import Profile
from derman.words.life import Verb
from derman.words.rights import RIGHTS, Role

# Verbs that decide something: a role that has none of them lends no authority.
DECIDING = frozenset({Verb.OUTCOME, Verb.ANSWER_AT_ONCE, Verb.OFFER})
APPROVING = frozenset({Verb.APPROVE})


def check(
    user: User | None,
    case: Case,
    decision: str,
    compensation: Amount | None,
    profile: Profile,
    *,
    verbs: frozenset[Verb] = DECIDING,
) -> str | None:
    """The key of the limit that this decision passes, None when the user may decide it alone.

    Of several roles that have one of `verbs` the widest counts. The system (None) has no limit.
    """
    if user is None or not profile.authority.limits:
        return None
    passed = None
    for post in user.posts:
        if not verbs & RIGHTS[Role(post.role)].verbs:
            continue
        passed = _passed(post, case, decision, compensation, profile)
        if passed is None:
            return None
    return passed


def may_approve(
    user: User, case: Case, decision: str, compensation: Amount | None, profile: Profile
) -> bool:
    """Whether somebody may be the second pair of eyes: the right, and authority of their own."""
    if not any(RIGHTS[Role(post.role)].verbs & APPROVING for post in user.posts):
        return False
    return check(user, case, decision, compensation, profile, verbs=APPROVING) is None


def approvers(
    case: Case, decision: str, compensation: Amount | None, profile: Profile, *, asker_id: int
) -> list[User]:
    """Who is told that a decision waits; never whoever asked."""
    staff = User.objects.filter(
        is_active=True, is_service=False, memberships__role__in=profile.authority.approvers
    )
    found = staff.exclude(pk=asker_id).distinct().order_by("pk").prefetch_related("memberships")
    return [user for user in found if may_approve(user, case, decision, compensation, profile)]


def _passed(
    post: Membership, case: Case, decision: str, compensation: Amount | None, profile: Profile
) -> str | None:
    """The first limit on this post that the decision passes."""
    for key, limit in profile.authority.limits.items():
        binds = limit.binds(role=post.role, unit=post.unit, topic=case.topic)
        if binds and not limit.allows(decision, compensation):
            return key
    return None
