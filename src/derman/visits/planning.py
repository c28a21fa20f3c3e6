"""Planning a visit, moving it, calling it off. The case's history and messages follow from each.

Which slots there are the profile says; that no more visits are in one than the team makes at once
is held by rows that must be unique (`TakenPlace`), alike on both databases.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.actions import CannotDo
from derman.cases.models import Case, Task
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.visits import slots
from derman.visits.models import FieldVisit, TakenPlace
from derman.visits.slots import Slot
from derman.words.kinds import OPEN_TASK_STATES
from derman.words.loop import VisitState

LONGEST_ADDRESS = 400


@transaction.atomic
def plan(
    case: Case,
    key: str,
    *,
    address: str,
    purpose: str,
    by: User,
    at: datetime,
    profile: Published,
    agreed: bool = False,
) -> FieldVisit:
    """Take a place in the slot named by `key`; the applicant is told the date.

    `agreed` says that the applicant said yes to it on the phone, which is asked for once they were
    not met as often as the profile says.
    """
    actions.check_text(purpose, field="purpose")
    if misses(case) >= profile.profile.visits.misses and not agreed:
        text = _("Agree the date by phone first: nobody was met at the visits before.")
        raise CannotDo(text, code="not_agreed", field="agreed")
    if ahead(case):
        raise CannotDo(_("A visit is planned already. Move it."), code="planned", field="slot")
    slot = _offered(profile.profile, key, at)
    visit = FieldVisit(
        case=case,
        task=_task_of(case, slot.unit),
        unit=slot.unit,
        begins_at=slot.begins_at,
        ends_at=slot.ends_at,
        address=_address(address),
        purpose=purpose,
        planned_at=at,
        planned_by=by,
    )
    actions.visit_planned(case, visit.pk, slot.unit, visit.slot, by=by, at=at, profile=profile)
    visit.save(force_insert=True)
    _take(visit, slot)
    return visit


@transaction.atomic
def move(
    visit: FieldVisit, key: str, reason: str, *, by: User, at: datetime, profile: Published
) -> None:
    """To another slot, or another team, for a reason; the applicant is told the new date."""
    slot = _offered(profile.profile, key, at)
    if (slot.unit, slot.begins_at) == (visit.unit, visit.begins_at):
        raise CannotDo(_("Choose another time than the present one."), field="slot")
    actions.visit_moved(
        visit.case, visit.pk, slot.unit, (slot.begins_at, slot.ends_at), reason,
        by=by, at=at, profile=profile,
    )  # fmt: skip
    change(
        visit,
        unit=slot.unit,
        begins_at=slot.begins_at,
        ends_at=slot.ends_at,
        task=_task_of(visit.case, slot.unit),
        moved=visit.moved + 1,
    )
    TakenPlace.objects.filter(visit=visit).delete()
    _take(visit, slot)


@transaction.atomic
def cancel(
    visit: FieldVisit, reason: str, *, by: User | None, at: datetime, profile: Published
) -> None:
    """Nobody will come, for a reason; the applicant is told, and the place is free again."""
    actions.visit_cancelled(
        visit.case, visit.pk, visit.unit, visit.slot, reason, by=by, at=at, profile=profile
    )
    change(visit, state=VisitState.CANCELLED, reported_at=at, reported_by=by)
    TakenPlace.objects.filter(visit=visit).delete()


def change(visit: FieldVisit, **changes: object) -> None:
    """Write to a visit that is still planned, if nobody else has since it was read."""
    changes["version"] = visit.version + 1
    found = FieldVisit.objects.filter(pk=visit.pk, version=visit.version, state=VisitState.PLANNED)
    if not found.update(**changes):
        raise actions.OldVersion(
            _("Somebody else has just changed this visit. Look at it again."), code="old_version"
        )
    for name, value in changes.items():
        setattr(visit, name, value)


def ahead(case: Case) -> FieldVisit | None:
    """The visit of the case that is still to come."""
    return FieldVisit.objects.filter(case=case, state=VisitState.PLANNED).first()


def misses(case: Case) -> int:
    """At how many visits of this case nobody was met, since somebody last was."""
    made = FieldVisit.objects.filter(
        case=case, state__in=(VisitState.DONE, VisitState.NO_SHOW)
    ).order_by("-reported_at")
    count = 0
    for state in made.values_list("state", flat=True):
        if state == VisitState.DONE:
            break
        count += 1
    return count


def _offered(profile: Profile, key: str, at: datetime) -> Slot:
    slot = slots.find(profile, key, at)
    if slot is None:
        text = _("This time is not offered any more. Choose another one.")
        raise CannotDo(text, code="not_offered", field="slot")
    return slot


def _take(visit: FieldVisit, slot: Slot) -> None:
    """A place of the slot; where somebody else takes it at the same moment, the next one."""
    taken = set(
        TakenPlace.objects.filter(unit=slot.unit, begins_at=slot.begins_at).values_list(
            "place", flat=True
        )
    )
    for place in range(slot.places):
        if place not in taken and _took(visit, slot, place):
            return
    raise CannotDo(
        _("Somebody has just taken the last place. Choose another time."), code="full", field="slot"
    )


def _took(visit: FieldVisit, slot: Slot, place: int) -> bool:
    try:
        with transaction.atomic():
            TakenPlace.objects.create(
                visit=visit, unit=slot.unit, begins_at=slot.begins_at, place=place
            )
    except IntegrityError:
        return False
    return True


def _task_of(case: Case, unit: str) -> Task | None:
    """What the team was asked, where it was: the finding can answer it."""
    asked = case.tasks.filter(unit=unit, state__in=OPEN_TASK_STATES)
    return asked.order_by("asked_at").first()


def _address(address: str) -> str:
    clean = " ".join(address.split())
    if not clean or "\x00" in clean:
        raise CannotDo(_("Enter the address."), code="blank", field="address")
    if len(clean) > LONGEST_ADDRESS:
        text = _("Shorten the address to at most 400 characters.")
        raise CannotDo(text, code="too_long", field="address")
    return clean
