"""Who else is on a case: told by every open page of it, forgotten a minute after it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from derman.accounts.models import User
from derman.cases.querysets import CaseQuerySet
from derman.workplace.models import Presence

FRESH = timedelta(minutes=1)  # an older sign of somebody counts for nothing
AGAIN = timedelta(seconds=8)  # the same said again within this time is not written


@dataclass(frozen=True)
class Colleague:
    """Somebody else on the case."""

    id: int
    name: str
    is_typing: bool

    def __str__(self) -> str:
        return self.name


def look(case_id: UUID, user: User, *, typing: bool, at: datetime) -> list[Colleague]:
    """Note that the user is here, and return who else is: one query, one more where it writes."""
    found = Presence.objects.filter(case_id=case_id, seen_at__gt=at - FRESH)
    here = list(found.select_related("user").order_by("user_id"))
    mine = next((one for one in here if one.user_id == user.pk), None)
    if mine is None or mine.typing is not typing or mine.seen_at <= at - AGAIN:
        _note(case_id, user, typing, at)
    return _colleagues(here, user)


def _note(case_id: UUID, user: User, typing: bool, at: datetime) -> None:
    Presence.objects.bulk_create(
        [Presence(case_id=case_id, user=user, seen_at=at, typing=typing)],
        update_conflicts=True,
        unique_fields=["case", "user"],
        update_fields=["seen_at", "typing"],
    )


def _colleagues(here: Sequence[Presence], user: User) -> list[Colleague]:
    return [
        Colleague(one.user_id, one.user.name, one.typing) for one in here if one.user_id != user.pk
    ]


def mark(cases: CaseQuerySet, user: User, at: datetime) -> CaseQuerySet:
    """The cases, each with `is_watched`: whether somebody else has it before them."""
    others = Presence.objects.filter(case=OuterRef("pk"), seen_at__gt=at - FRESH)
    return cases.annotate(is_watched=Exists(others.exclude(user=user)))


def sweep(at: datetime) -> None:
    """Forget who has left; read first, so that an empty look takes no write lock."""
    gone = Presence.objects.filter(seen_at__lte=at - FRESH)
    if gone.exists():
        gone.delete()
