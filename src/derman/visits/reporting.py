"""What came of a visit: a finding with photos, or that nobody was met.

A phone may send its report more than once, because it did not hear that the first one arrived. It
marks each with an id of its own; the same mark is kept once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import actions, files
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.visits.models import FieldVisit, VisitPhoto
from derman.visits.planning import change, misses
from derman.words.loop import VisitState

LONGEST_NAME = 200


@dataclass(frozen=True)
class Report:
    """What the team says. `mark` is made where it is written, before it is sent."""

    mark: UUID
    found: bool  # somebody was met, or nobody was needed
    finding: str = ""
    met: str = ""
    photos: Sequence[BinaryIO] = ()
    answers: bool = False  # the finding is the answer to the team's task


@transaction.atomic
def report(visit: FieldVisit, said: Report, *, by: User, at: datetime, profile: Published) -> bool:
    """Keep the report; False where this very report had arrived before. Photos join the case."""
    # The case first, as everybody locks them; what was written off line knows no version of it.
    case = Case.objects.select_for_update(no_key=True).get(pk=visit.case_id)
    row = FieldVisit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    row.case = case
    if row.report == said.mark:
        return False
    if not row.is_planned:
        raise CannotDo(_("This visit was reported or cancelled already."), code="not_planned")
    _check(said)
    if said.found:
        _found(row, said, by, at, profile)
    else:
        _missed(row, said, by, at, profile)
    for photo in said.photos:
        _keep(row, photo, by, at, profile)
    return True


def _keep(visit: FieldVisit, photo: BinaryIO, by: User, at: datetime, profile: Published) -> None:
    """Of several photos the one that is refused is named."""
    name = photo.name or "photo"
    try:
        kept = actions.attach(visit.case, photo, name=name, by=by, at=at, profile=profile)
    except CannotDo as reason:
        if reason.field != "attachments":
            raise
        raise CannotDo(f"{name}: {reason}", code=reason.code, field="photos") from reason
    VisitPhoto.objects.create(visit=visit, attachment=kept)


def _check(said: Report) -> None:
    if said.found or said.finding:
        actions.check_text(said.finding, field="finding")
    if "\x00" in said.met or len(said.met) > LONGEST_NAME:
        raise CannotDo(_("Shorten the name to at most 200 characters."), field="met")
    if len(said.photos) > files.MOST:
        text = _("Choose at most %(most)s photos.") % {"most": files.MOST}
        raise CannotDo(text, code="too_many", field="photos")
    if FieldVisit.objects.filter(report=said.mark).exists():
        text = _("This report came in for another visit before. Open the visit and write it there.")
        raise CannotDo(text, code="other_visit")


def _found(visit: FieldVisit, said: Report, by: User, at: datetime, profile: Published) -> None:
    task = visit.task if visit.task and visit.task.is_open else None
    answers = said.answers and task is not None
    actions.visit_reported(
        visit.case, visit.pk, visit.unit, visit.slot,
        answered=answers, by=by, at=at, profile=profile,
    )  # fmt: skip
    _end(visit, VisitState.DONE, said, by, at)
    if answers and task:
        task.case = visit.case
        actions.answer_task(task, said.finding, by=by, at=at, profile=profile)


def _missed(visit: FieldVisit, said: Report, by: User, at: datetime, profile: Published) -> None:
    actions.visit_missed(
        visit.case, visit.pk, visit.unit, visit.slot,
        times=misses(visit.case) + 1, by=by, at=at, profile=profile,
    )  # fmt: skip
    _end(visit, VisitState.NO_SHOW, said, by, at)


def _end(visit: FieldVisit, state: VisitState, said: Report, by: User, at: datetime) -> None:
    change(
        visit,
        state=state,
        met=" ".join(said.met.split()) if said.found else "",
        finding=said.finding,
        reported_at=at,
        reported_by=by,
        report=said.mark,
    )
