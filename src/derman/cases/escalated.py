"""What was raised and which decisions wait, for somebody who looks. Reads only."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Approval, Case, Escalation
from derman.words.loop import ApprovalState
from derman.words.rights import Role


def visible_to(user: User) -> QuerySet[Escalation]:
    """The escalations of cases that the user may read."""
    rows = Escalation.objects.all()
    if rights.sees_all(user):
        return rows
    return rows.filter(case__in=Case.objects.visible_to(user))


def unseen(user: User) -> QuerySet[Escalation]:
    """Those that nobody has seen yet."""
    return visible_to(user).filter(seen_at=None)


def meant_for(user: User) -> Q:
    """Told to a role, a unit's head or a unit that the user is."""
    roles = {post.role for post in user.posts}
    heads = {post.unit for post in user.posts if post.role == Role.SUPERVISOR and post.unit}
    return (
        Q(role__in=roles, unit="")
        | Q(role=Role.SUPERVISOR, unit__in=heads)
        | Q(role="", unit__in=rights.own_units(user))
    )


def waits_for(user: User) -> Exists:
    """Whether a decision that somebody else made waits on a case."""
    waiting = Approval.objects.filter(case=OuterRef("pk"), state=ApprovalState.WAITING)
    return Exists(waiting.exclude(asked_by=user))
