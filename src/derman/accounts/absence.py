"""Who is away, and who covers for them: on those days what comes to one goes to the other.

A cover has a role of the absent person, so may do what they could; and sees the cases they own.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from derman.accounts.models import Absence, User
from derman.accounts.staff import CannotChange, record
from derman.profile.schema import Profile
from derman.words.access import AccessChange

LOOK_AGAIN = 2.0  # seconds


@dataclass
class _Seen:
    """Who covers for whom, as this process knows it, and of when."""

    on: date | None = None
    looked_at: float = 0.0
    covers: dict[int, int] = field(default_factory=dict)


_seen = _Seen()


def day_of(at: datetime, profile: Profile) -> date:
    """The day of a moment where the organisation is."""
    return at.astimezone(ZoneInfo(profile.organisation.timezone)).date()


def current(on: date) -> QuerySet[Absence]:
    """Everybody who is away on this day, where the cover still works here."""
    return Absence.objects.filter(starts_on__lte=on, ends_on__gte=on, cover__is_active=True)


def stand_in(user: User, on: date) -> User:
    """Who gets what is meant for the user on this day: the user, or whoever covers.

    A cover who is away is covered in turn; where that leads back, the user gets it after all.
    """
    covers = {one.user_id: one.cover for one in current(on).select_related("cover")}
    who, seen = user, {user.pk}
    while cover := covers.get(who.pk):
        if cover.pk in seen:
            return user
        who = cover
        seen.add(who.pk)
    return who


def stands_in_for(user: User, on: date) -> tuple[int, ...]:
    """The keys of those whose work is the user's on this day.

    Asked with every page, so who is away is remembered for two seconds.
    """
    now = time.monotonic()
    if _seen.on != on or now - _seen.looked_at >= LOOK_AGAIN:
        _seen.covers = dict(current(on).values_list("user_id", "cover_id"))
        _seen.on, _seen.looked_at = on, now
    covers = _seen.covers
    return tuple(who for who in covers if who != user.pk and _last(who, covers) == user.pk)


def forget() -> None:
    """Drop what this process remembers, as after a new absence (or between two tests)."""
    _seen.on = None


def _last(who: int, covers: Mapping[int, int]) -> int:
    seen = [who]
    while (cover := covers.get(seen[-1])) is not None:
        if cover in seen:
            return who
        seen.append(cover)
    return seen[-1]


def may_cover(user: User) -> QuerySet[User]:
    """Colleagues with a role that the user has, so that they may do what the user may."""
    roles = user.memberships.values("role")
    colleagues = User.objects.filter(is_active=True, is_service=False, memberships__role__in=roles)
    return colleagues.exclude(pk=user.pk).distinct().order_by("first_name", "last_name")


@transaction.atomic
def enter(
    user: User, cover: User, starts_on: date, ends_on: date, *, by: User, at: datetime
) -> Absence:
    """Write down that the user is away from the first to the last day, and who covers."""
    if not may_cover(user).filter(pk=cover.pk).exists():
        raise CannotChange(_("Choose a colleague who has the same role."))
    if ends_on < starts_on:
        raise CannotChange(_("The last day is before the first."))
    if user.absences.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise CannotChange(_("There is an absence in these days already."))
    made = Absence.objects.create(user=user, cover=cover, starts_on=starts_on, ends_on=ends_on)
    record(user, AccessChange.ABSENCE_ENTERED, by=by, at=at, cover=cover.pk)
    transaction.on_commit(forget)
    return made


@transaction.atomic
def end(absence: Absence, *, by: User, at: datetime) -> None:
    """Back sooner, or not away after all: what comes goes to the person again."""
    absence.delete()
    record(absence.user, AccessChange.ABSENCE_ENDED, by=by, at=at, cover=absence.cover_id)
    transaction.on_commit(forget)
