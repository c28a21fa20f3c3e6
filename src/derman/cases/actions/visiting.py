"""What the case's history tells of visits on site; the visits themselves lie in `visits`.

Each is written in the transaction in which `visits` changes its row.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from derman.accounts.models import User
from derman.cases.actions._core import Act, check_text, record, touch
from derman.cases.actions.informing import filing_note
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.life import Verb

Slot = tuple[datetime, datetime]


@transaction.atomic
def visit_planned(
    case: Case, visit: UUID, unit: str, slot: Slot, *, by: User, at: datetime, profile: Published
) -> None:
    """A team will come; the applicant is told when."""
    touch(case, Verb.PLAN_VISIT)
    _record(case, EventType.VISIT_PLANNED, visit, unit, slot, Act(by, at, profile))


@transaction.atomic
def visit_moved(
    case: Case,
    visit: UUID,
    unit: str,
    slot: Slot,
    reason: str,
    *,
    by: User,
    at: datetime,
    profile: Published,
) -> None:
    """It will be at another time, for a reason; the applicant is told when."""
    act = Act(by, at, profile)
    check_text(reason, field="reason")
    touch(case, Verb.PLAN_VISIT)
    filing_note(case, reason, act)
    _record(case, EventType.VISIT_MOVED, visit, unit, slot, act)


@transaction.atomic
def visit_cancelled(
    case: Case,
    visit: UUID,
    unit: str,
    slot: Slot,
    reason: str,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
) -> None:
    """It will not take place, for a reason; the applicant is told that they need not wait."""
    act = Act(by, at, profile)
    check_text(reason, field="reason")
    touch(case, Verb.REPORT_VISIT)  # of a case that was closed, too: somebody would still come
    filing_note(case, reason, act)
    _record(case, EventType.VISIT_CANCELLED, visit, unit, slot, act)


@transaction.atomic
def visit_reported(
    case: Case,
    visit: UUID,
    unit: str,
    slot: Slot,
    *,
    answered: bool,
    by: User,
    at: datetime,
    profile: Published,
) -> None:
    """The team was there. `answered`: its finding answers the task as well, which says so."""
    touch(case, Verb.REPORT_VISIT)
    act = Act(by, at, profile)
    _record(case, EventType.VISIT_REPORTED, visit, unit, slot, act, answered=answered)


@transaction.atomic
def visit_missed(
    case: Case,
    visit: UUID,
    unit: str,
    slot: Slot,
    *,
    times: int,
    by: User,
    at: datetime,
    profile: Published,
) -> None:
    """The team met nobody, for the `times`th time; the applicant is told how to get a new date."""
    touch(case, Verb.REPORT_VISIT)
    act = Act(by, at, profile)
    _record(case, EventType.VISIT_MISSED, visit, unit, slot, act, times=times)


def _record(
    case: Case, type_: EventType, visit: UUID, unit: str, slot: Slot, act: Act, **more: Any
) -> None:
    begins, ends = (moment.isoformat() for moment in slot)
    record(case, type_, act, visit=str(visit), unit=unit, begins=begins, ends=ends, **more)
