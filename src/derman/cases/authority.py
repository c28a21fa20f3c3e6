"""Whether somebody may decide a case alone, and who may where they may not. Reads only.

An amount counts with all that was granted on its case before: what may not be promised at once may
not be promised bit by bit either.
"""

from decimal import Decimal as Amount

from django.db.models import Q

from derman.accounts.models import Membership, User
from derman.cases.models import Case, Offer, Outcome
from derman.profile.schema import Profile
from derman.words.life import Verb
from derman.words.loop import OfferState
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
    rows = Outcome.objects.filter(here, compensation__gt=0)
    outcomes = list(rows.values_list("case", "cycle", "at", "compensation"))
    offers = Offer.objects.filter(here, compensation__gt=0, state=OfferState.ACCEPTED)
    before, taken_over = sum((paid for *_, paid in outcomes), Amount(0)), Amount(0)
    for key, cycle, made_at, paid in offers.values_list("case", "cycle", "made_at", "compensation"):
        if any((key, cycle) == (of, turn) and made_at <= at for of, turn, at, _ in outcomes):
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
    """Of several roles that have one of `verbs` the widest counts."""
    passed = None
    for post in user.posts:
        if not verbs & RIGHTS[Role(post.role)].verbs:
            continue
        passed = _passed(post, case, decision, amount, profile)
        if passed is None:
            return None
    return passed


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
