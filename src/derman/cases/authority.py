"""Whether somebody may decide a case alone, and who may where they may not. Reads only.

An amount counts with all that was granted on its case before: what may not be promised at once may
not be promised bit by bit either (`granted`).
"""

from decimal import Decimal as Amount

from derman.accounts import rights
from derman.accounts.models import Membership, User
from derman.cases import granted
from derman.cases.models import Case
from derman.profile.schema import Profile
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.life import Verb
from derman.words.rights import RIGHTS, Role, Scope

# Verbs that decide something: a role that has none of them lends no authority.
DECIDING = frozenset({Verb.OUTCOME, Verb.ANSWER_AT_ONCE, Verb.OFFER})
APPROVING = frozenset({Verb.APPROVE})


def check(
    user: User | None,
    case: Case,
    decision: str,
    compensation: Amount | None,
    profile: Profile,
) -> str | None:
    """The key of the limit that this decision passes, None when the user may decide it alone.

    Without a decision it is an offer. The system (None) has no limit.
    """
    if user is None or not profile.authority.limits:
        return None
    in_all = granted.in_all(case, decision, compensation)
    return _check(user, case, decision, in_all, profile, DECIDING)


def _check(
    user: User,
    case: Case,
    decision: str,
    in_all: Amount | None,
    profile: Profile,
    verbs: frozenset[Verb],
) -> str | None:
    """Of several posts that have one of `verbs` the widest counts, of those that reach this case.

    Whoever acts on it for somebody absent has what their own posts have.
    """
    posts = [post for post in user.posts if verbs & RIGHTS[Role(post.role)].verbs]
    passed = None
    for post in [post for post in posts if _reaches(post, case)] or posts:
        passed = _passed(post, case, decision, in_all, profile)
        if passed is None:
            return None
    return passed


def _reaches(post: Membership, case: Case) -> bool:
    """Whether this very post lets somebody act on the case, as `CaseQuerySet.visible_to` says."""
    if rights.is_office(post.unit):
        return case.office == post.unit
    if RIGHTS[Role(post.role)].scope is Scope.ALL or not post.unit:
        return True
    if post.unit in (case.owner_unit, case.inform_unit, case.unit):
        return True
    if case.taken_by_id == post.user_id:
        return True
    return case.tasks.filter(unit=post.unit, state__in=OPEN_TASK_STATES).exists()


def may_approve(
    user: User, case: Case, decision: str, in_all: Amount | None, profile: Profile
) -> bool:
    """Whether somebody may be the second pair of eyes: the right, and authority of their own.

    `in_all` is what `granted` says of the amount.
    """
    if not any(RIGHTS[Role(post.role)].verbs & APPROVING for post in user.posts):
        return False
    return _check(user, case, decision, in_all, profile, APPROVING) is None


def approvers(
    case: Case, decision: str, in_all: Amount | None, profile: Profile, *, asker_id: int
) -> list[User]:
    """Who is told that a decision waits: of those who may approve it whoever sees the case; never
    whoever asked. `in_all` is what `granted` says of the amount.
    """
    staff = User.objects.filter(
        is_active=True, is_service=False, memberships__role__in=profile.authority.approvers
    )
    found = staff.exclude(pk=asker_id).distinct().order_by("pk").prefetch_related("memberships")
    near = [user for user in found if any(_reaches_to_approve(post, case) for post in user.posts)]
    return [user for user in near if may_approve(user, case, decision, in_all, profile)]


def _reaches_to_approve(post: Membership, case: Case) -> bool:
    return bool(APPROVING & RIGHTS[Role(post.role)].verbs) and _reaches(post, case)


def _passed(
    post: Membership, case: Case, decision: str, in_all: Amount | None, profile: Profile
) -> str | None:
    """The first limit on this post that the decision passes."""
    for key, limit in profile.authority.limits.items():
        binds = limit.binds(role=post.role, unit=post.unit, topic=case.topic)
        if binds and not limit.allows(decision, in_all):
            return key
    return None
