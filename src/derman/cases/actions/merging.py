"""Two customers who are one person: their cases go with them, and come back when it is undone."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case as ByRow
from django.db.models import F, Q, Value, When

from derman.accounts.models import User
from derman.cases.actions._core import Act
from derman.cases.actions.filing import file_again
from derman.cases.models import Case, Event
from derman.people import merging
from derman.people.models import Customer, Merge
from derman.profile.publishing import Published
from derman.words.events import EventType

ROLES = {"spoken": "applicant", "cases": "customer"}  # in `Merge.moved`: the field of the case


@transaction.atomic
def merge_people(
    survivor: Customer,
    merged: Customer,
    *,
    reason: str,
    accepted: Collection[str] = (),
    by: User,
    at: datetime,
    profile: Published,
) -> Merge:
    """Join two customers and hand the cases of the merged one to the survivor.

    Raises `people.merging.CannotMerge`.
    """
    merging.hold(survivor.pk, merged.pk)
    moved = cases_of(merged)
    done = merging.merge(
        survivor, merged, reason=reason, accepted=accepted, also=moved, by=by, at=at
    )
    _hand_over(moved, merged, survivor)
    _record(moved, EventType.PEOPLE_MERGED, done, Act(by, at, profile))
    file_again(done.survivor)
    return done


@transaction.atomic
def undo_merge(done: Merge, *, reason: str, by: User, at: datetime, profile: Published) -> Merge:
    """Part two customers again; cases that came since stay with the survivor."""
    done = merging.undo(done, reason=reason, by=by, at=at)
    moved = {name: done.moved[name] for name in ROLES}
    _hand_over(moved, done.survivor, done.merged)
    _record(moved, EventType.PEOPLE_PARTED, done, Act(by, at, profile))
    file_again(done.survivor)
    file_again(done.merged)
    return done


def follow_merges(at: datetime, limit: int, *, profile: Published) -> int:
    """Hand over cases that were opened for a row while it was being merged; return how many rows.

    The worker calls this. Such cases came after the merge, so they stay with the survivor.
    """
    rows: set[UUID] = set()
    for role in ROLES.values():
        left = Case.objects.filter(**{f"{role}__merged_into__isnull": False})
        rows.update(left.values_list(role, flat=True)[:limit])
    for done in Merge.objects.filter(merged__in=rows, undone_at=None).select_related("merged"):
        with transaction.atomic():
            survivor = merging.standing(done.merged_id)
            moved = cases_of(done.merged)
            _hand_over(moved, done.merged, survivor)
            _record(moved, EventType.PEOPLE_MERGED, done, Act(None, at, profile))
            file_again(survivor)
    return len(rows)


def cases_of(customer: Customer) -> dict[str, list[str]]:
    """The cases in which the customer speaks, and those that are the customer's matter."""
    return {
        name: sorted(
            str(key) for key in Case.objects.filter(**{role: customer}).values_list("pk", flat=True)
        )
        for name, role in ROLES.items()
    }


def _hand_over(moved: Mapping[str, list[str]], giver: Customer, taker: Customer) -> None:
    changes = {
        role: ByRow(
            When(**{role: giver}, pk__in=moved[name], then=Value(taker.pk)), default=F(role)
        )
        for name, role in ROLES.items()
    }
    theirs = Case.objects.filter(pk__in=_either(moved)).filter(
        Q(applicant=giver) | Q(customer=giver)
    )
    theirs.update(**changes, version=F("version") + 1)


def _record(moved: Mapping[str, list[str]], type_: EventType, done: Merge, act: Act) -> None:
    Event.objects.bulk_create(
        Event(
            case_id=key,
            type=type_,
            at=act.at,
            by=act.by,
            profile_id=act.profile.version_id,
            details={"merge": done.pk},
        )
        for key in _either(moved)
    )


def _either(moved: Mapping[str, list[str]]) -> list[UUID]:
    keys: Iterable[str] = sorted({key for name in ROLES for key in moved[name]})
    return [UUID(key) for key in keys]
