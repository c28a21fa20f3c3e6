"""Which offers wait or were answered, and which letters are to be posted. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Case, Letter, Offer
from derman.words.life import Verb
from derman.words.loop import OfferState

Which = Literal["open", "lapsing", "accepted", "refused", "lapsed"]
WHICH: tuple[Which, ...] = ("open", "lapsing", "accepted", "refused", "lapsed")
SOON = timedelta(days=3)  # an open offer that lapses by then is worth a call
Key = tuple[datetime, UUID]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; `after` is the key of the next one, if there is one."""

    rows: list[Row]
    after: Key | None


def offers(user: User, which: Which, at: datetime) -> QuerySet[Offer]:
    """The offers of one kind on cases on which this person may take answers down."""
    found = Offer.objects.all()
    if not rights.sees_all(user, Verb.ACCEPT):
        found = found.filter(case__in=Case.objects.visible_to(user, Verb.ACCEPT))
    if which == "lapsing":
        return found.filter(state=OfferState.OPEN, lapses_at__lte=at + SOON)
    return found.filter(state=OfferState(which))


def offers_page(
    user: User, which: Which, at: datetime, *, after: Key | None = None, size: int = 50
) -> Page[Offer]:
    """Those that lapse first, or were answered last, a page at a time by key."""
    found = offers(user, which, at).select_related("case__applicant", "made_by", "answered_by")
    if which in ("open", "lapsing"):
        return _page(found, "lapses_at", after, size)
    return _page(found, "answered_at", after, size, newest_first=True)


def letters_to_post(user: User) -> QuerySet[Letter]:
    """The letters that somebody has still to print and post."""
    return letters_by_post(user).filter(posted_at=None)


def letters_by_post(user: User) -> QuerySet[Letter]:
    """The letters that leave on paper, or have left, on cases whose applicant one may contact."""
    found = Letter.objects.filter(by_post=True)
    if rights.sees_all(user, Verb.CONTACT):
        return found
    return found.filter(case__in=Case.objects.visible_to(user, Verb.CONTACT))


def letters_page(user: User, *, after: Key | None = None, size: int = 50) -> Page[Letter]:
    """Those that have waited longest first, a page at a time by key."""
    found = letters_to_post(user).select_related("case__applicant", "made_by", "attachment")
    found = found.prefetch_related("case__applicant__contact_points")
    return _page(found, "made_at", after, size)


def _page(
    found: QuerySet[Row], column: str, after: Key | None, size: int, *, newest_first: bool = False
) -> Page[Row]:
    sign, than = ("-", "lt") if newest_first else ("", "gt")
    found = found.order_by(f"{sign}{column}", f"{sign}id")
    if after:
        moment, key = after
        later = Q(**{f"{column}__{than}": moment})
        found = found.filter(later | Q(**{column: moment, f"id__{than}": key}))
    rows = list(found[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], (getattr(last, column), last.pk) if last else None)
