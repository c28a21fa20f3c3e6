"""Keeping views of the workbench: own ones, shared ones, and those in one's menu."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.statements import kept
from derman.workplace.models import Pin, SavedView
from derman.workplace.models.views import EVERYBODY

MOST = 50  # of one person
MOST_PINS = 12
KEYS = tuple("123456789")


class CannotKeep(Exception):
    """The view cannot be kept so; the message is fit for the user, `field` names the input."""

    def __init__(self, message: str, *, field: str = "name") -> None:
        super().__init__(message)
        self.field = field


def open_to(user: User) -> QuerySet[SavedView]:
    """The views that a person may use: own ones, and those shared with all or an own unit."""
    shared = Q(shared_with=EVERYBODY) | Q(shared_with__in=rights.own_units(user))
    return SavedView.objects.filter(Q(owner=user) | shared)


def find(user: User, key: UUID) -> SavedView | None:
    """The view, if the person may use it."""
    return open_to(user).select_related("owner").filter(pk=key).first()


def pins(user: User) -> list[Pin]:
    """What stands in the menu, in order; a view that is no longer shared is left out."""
    return _pins(user)


@kept
def _pins(user: User) -> QuerySet[Pin]:
    found = Pin.objects.filter(user=user, view__in=open_to(user)).select_related("view")
    return found.order_by("place", "id")


@transaction.atomic
def keep(
    name: str, query: str, *, shared_with: str, owner: User, at: datetime, pinned: bool
) -> SavedView:
    """Keep a list under a name, in the owner's menu if so wished."""
    if SavedView.objects.filter(owner=owner).count() >= MOST:
        raise CannotKeep(_("Delete a view first: nobody keeps more than %d.") % MOST)
    check_sharing(owner, query, shared_with)
    try:
        with transaction.atomic():
            view = SavedView.objects.create(
                owner=owner, name=name, query=query, shared_with=shared_with, made_at=at
            )
    except IntegrityError:
        raise _name_taken() from None
    if pinned:
        pin(owner, view)
    return view


def change(view: SavedView, *, name: str, query: str, shared_with: str) -> None:
    """Rename it, share it otherwise, or let it hold another list."""
    check_sharing(view.owner, query, shared_with)
    view.name, view.query, view.shared_with = name, query, shared_with
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "query", "shared_with"])
    except IntegrityError:
        raise _name_taken() from None


def check_sharing(owner: User, query: str, shared_with: str) -> None:
    """Only with own units or with all; never a search, whose words may be somebody's name."""
    if not shared_with:
        return
    if shared_with != EVERYBODY and shared_with not in rights.own_units(owner):
        raise CannotKeep(_("Choose one of your units."), field="shared_with")
    if any(part.startswith("q=") for part in query.split("&")):
        raise CannotKeep(
            _("A view with searched words is yours alone: the words may be a name."),
            field="shared_with",
        )


def delete(view: SavedView) -> None:
    """Forget it, in every menu."""
    view.delete()


@transaction.atomic
def pin(user: User, view: SavedView) -> Pin:
    """Put a view at the end of the menu, with the first key that is free."""
    found = Pin.objects.filter(user=user, view=view).first()
    if found:
        return found
    mine = Pin.objects.filter(user=user)
    if mine.count() >= MOST_PINS:
        raise CannotKeep(_("Take a view out of the menu first: it holds %d.") % MOST_PINS)
    taken = set(mine.values_list("key", flat=True))
    key = next((key for key in KEYS if key not in taken), "")
    last = mine.aggregate(last=Max("place"))["last"] or 0
    return Pin.objects.create(user=user, view=view, place=last + 1, key=key)


def unpin(user: User, view: SavedView) -> None:
    """Take a view out of the menu."""
    Pin.objects.filter(user=user, view=view).delete()


@transaction.atomic
def move(user: User, view: SavedView, step: int) -> None:
    """Let a view change places with the one above (-1) or below (1) it in the menu."""
    mine = pins(user)
    here = next((n for n, one in enumerate(mine) if one.view_id == view.pk), None)
    if here is None or not 0 <= here + step < len(mine):
        return
    mine[here], mine[here + step] = mine[here + step], mine[here]
    for place, one in enumerate(mine, 1):
        one.place = place
    Pin.objects.bulk_update(mine, ["place"])


@transaction.atomic
def give_key(user: User, view: SavedView, key: str) -> None:
    """Open a view by `v` and this key; whichever had the key loses it."""
    Pin.objects.filter(user=user, key=key).exclude(key="").update(key="")
    Pin.objects.filter(user=user, view=view).update(key=key if key in KEYS else "")


def _name_taken() -> CannotKeep:
    return CannotKeep(_("You have a view of this name already."))
