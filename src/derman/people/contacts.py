"""The state of a contact point: whether it is known to be the person's own.

A recipient who says "this is not for me" makes it disputed; nothing is sent there until somebody
settles it with a reason. Every change is kept (`ContactChange`).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.people.models import ContactChange, ContactPoint, Customer
from derman.words.kinds import ContactState

LONGEST_REASON = 400


class CannotChange(Exception):
    """The state cannot become this one; the message is fit for the user."""


@transaction.atomic
def change(
    point: ContactPoint, state: ContactState, *, reason: str, by: User, at: datetime
) -> None:
    """Set the state by hand; disputing it, and ending a dispute, need a reason."""
    held = _held(point)
    clean = " ".join(reason.replace("\x00", "").split())[:LONGEST_REASON]
    if held.ended_at is not None:
        raise CannotChange(_("This contact was replaced by a newer one."))
    if held.state == state:
        raise CannotChange(_("It is in this state already. Look again."))
    if not clean and ContactState.DISPUTED in (held.state, state):
        raise CannotChange(_("Enter a reason."))
    _set(held, state, reason=clean, by=by, at=at)
    point.state = state


@transaction.atomic
def disown(point: ContactPoint, *, message_id: UUID | None, at: datetime) -> list[ContactPoint]:
    """A recipient says that it is not the customer's; return what is disputed from now on.

    The same address may stand twice on a customer that was merged. A link that was used before
    changes nothing.
    """
    held = _held(point)
    used = ContactChange.objects.filter(point=held, message_id=message_id)
    if message_id is not None and used.exists():
        return []
    same = ContactPoint.objects.filter(
        customer=held.customer_id, value_index=held.value_index, ended_at=None
    ).exclude(value_index="")
    doubted = [one for one in same if one.state != ContactState.DISPUTED]
    for one in doubted:
        _set(one, ContactState.DISPUTED, message_id=message_id, at=at)
    return doubted


@transaction.atomic
def prove(point: ContactPoint, *, at: datetime) -> None:
    """Somebody who knows the case read a code that was sent there."""
    held = _held(point)
    if held.state == ContactState.UNVERIFIED and held.ended_at is None:
        _set(held, ContactState.VERIFIED, at=at)


def disputed(customer: Customer) -> list[ContactPoint]:
    """What is on file about a customer and is somebody else's, as far as we heard."""
    points = ContactPoint.objects.filter(customer=customer, ended_at=None)
    return list(points.filter(state=ContactState.DISPUTED).order_by("created_at"))


def _held(point: ContactPoint) -> ContactPoint:
    return ContactPoint.objects.select_for_update().get(pk=point.pk)


def _set(
    point: ContactPoint,
    state: ContactState,
    *,
    at: datetime,
    reason: str = "",
    message_id: UUID | None = None,
    by: User | None = None,
) -> None:
    ContactChange.objects.create(
        point=point,
        before=point.state,
        after=state,
        reason=reason,
        message_id=message_id,
        by=by,
        at=at,
    )
    point.state = state
    point.save(update_fields=["state"])
