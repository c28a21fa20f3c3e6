"""Whether somebody may decide a case alone, and who may where they may not. Reads only.

An amount counts with all that was granted on its case before: what may not be promised at once may
not be promised bit by bit either.
"""

from decimal import Decimal as Amount

from django.db.models import Q

from derman.accounts import rights
from derman.accounts.models import Membership, User
from derman.cases.models import Case, Offer, Outcome
from derman.profile.schema import Profile
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.life import Verb
from derman.words.loop import OfferState
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
    return _check(user, case, decision, in_all(case, decision, compensation), profile, DECIDING)


def in_all(case: Case, decision: str, compensation: Amount | None) -> Amount | None:
    """What the case, with those that go on in it, costs once this is granted as well.

    An outcome grants what its applicant had accepted before, so nobody is paid twice.
    """
    if not compensation:
        return compensation
    here = Q(case=case) | Q(case__merged_into=case)
    columns = ("case", "cycle", "compensation")
    outcomes = Outcome.objects.filter(here, compensation__gt=0).values_list(*columns, "at")
    offers = Offer.objects.filter(here, compensation__gt=0, state=OfferState.ACCEPTED)
    before, taken_over = Amount(0), Amount(0)
    concluded_at = {}
    for key, cycle, paid, at in outcomes:
        concluded_at[key, cycle] = at
        before += paid or 0
    for key, cycle, paid, made_at in offers.values_list(*columns, "made_at"):
        concluded = concluded_at.get((key, cycle))
        if not paid or (concluded and made_at <= concluded):
            continue
        if decision and (key, cycle) == (case.pk, case.cycle):
            taken_over += paid
        else:
            before += paid
    return before + max(taken_over, compensation)


def _check(
    user: User,
    case: Case,
    decision: str,
    amount: Amount | None,
    profile: Profile,
    verbs: frozenset[Verb],
) -> str | None:
    """Of several posts that have one of `verbs` the widest counts, of those that reach this case.

    Whoever acts on it for somebody absent has what their own posts have.
    """
    posts = [post for post in user.posts if verbs & RIGHTS[Role(post.role)].verbs]
    passed = None
    for post in [post for post in posts if _reaches(post, case)] or posts:
        passed = _passed(post, case, decision, amount, profile)
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
    user: User, case: Case, decision: str, compensation: Amount | None, profile: Profile
) -> bool:
    """Whether somebody may be the second pair of eyes: the right, and authority of their own."""
    amount = in_all(case, decision, compensation)
    return _may_approve(user, case, decision, amount, profile)


def _may_approve(
    user: User, case: Case, decision: str, amount: Amount | None, profile: Profile
) -> bool:
    if not any(RIGHTS[Role(post.role)].verbs & APPROVING for post in user.posts):
        return False
    return _check(user, case, decision, amount, profile, APPROVING) is None


def approvers(
    case: Case, decision: str, compensation: Amount | None, profile: Profile, *, asker_id: int
) -> list[User]:
    """Who is told that a decision waits; never whoever asked."""
    staff = User.objects.filter(
        is_active=True, is_service=False, memberships__role__in=profile.authority.approvers
    )
    found = staff.exclude(pk=asker_id).distinct().order_by("pk").prefetch_related("memberships")
    amount = in_all(case, decision, compensation)
    return [user for user in found if _may_approve(user, case, decision, amount, profile)]


def _passed(
    post: Membership, case: Case, decision: str, amount: Amount | None, profile: Profile
) -> str | None:
    """The first limit on this post that the decision passes."""
    for key, limit in profile.authority.limits.items():
        binds = limit.binds(role=post.role, unit=post.unit, topic=case.topic)
        if binds and not limit.allows(decision, amount):
            return key
    return None
