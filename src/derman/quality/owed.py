"""Which follow-ups are owed and which are done: what the list and the menu ask. Nothing writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases.models import Case
from derman.quality.models import FollowUp
from derman.words.life import Verb
from derman.words.loop import FollowUpState

Which = Literal["open", "late", "mine", "done"]
WHICH: tuple[Which, ...] = ("open", "late", "mine", "done")
Key = tuple[datetime, UUID]


@dataclass(frozen=True)
class Page:
    """One page of follow-ups; `after` is the key of the next one, if there is one."""

    rows: list[FollowUp]
    after: Key | None


def follow_ups(user: User, which: Which, at: datetime) -> QuerySet[FollowUp]:
    """The follow-ups of one kind on cases on which this person may follow up."""
    found = FollowUp.objects.all()
    if not rights.sees_all(user, Verb.FOLLOW_UP):
        found = found.filter(case__in=Case.objects.visible_to(user, Verb.FOLLOW_UP))
    if which == "done":
        return found.exclude(state=FollowUpState.OPEN)
    # A merged case goes on elsewhere; when that is undone, its follow-up is owed again.
    found = found.filter(state=FollowUpState.OPEN, case__merged_into=None)
    if which == "late":
        return found.filter(due_at__lt=at)
    if which == "mine":
        return found.filter(owner_user__in=[user.pk, *user.stands_in_for])
    return found


def page(
    user: User, which: Which, at: datetime, *, after: Key | None = None, size: int = 50
) -> Page:
    """Those due first, or ended last, a page at a time by key."""
    column = "done_at" if which == "done" else "due_at"
    found = follow_ups(user, which, at).select_related(
        "case__applicant", "owner_user", "done_by", "survey__answer"
    )
    found = found.order_by(*(("-done_at", "-id") if which == "done" else ("due_at", "id")))
    if after:
        moment, key = after
        than = "lt" if which == "done" else "gt"
        later = Q(**{f"{column}__{than}": moment})
        found = found.filter(later | Q(**{column: moment, f"id__{than}": key}))
    rows = list(found[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], (getattr(last, column), last.pk) if last else None)
