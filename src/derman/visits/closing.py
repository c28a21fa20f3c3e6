"""Nobody is sent to a case that has ended: its visit is called off, and the applicant told."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from derman.cases.actions import CannotDo
from derman.cases.merged import goes_on_in
from derman.profile.publishing import Published
from derman.visits import planning
from derman.visits.models import FieldVisit
from derman.words.life import State
from derman.words.loop import VisitState


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Cancel visits ahead of cases that were closed; a merged one lives on in another."""
    ahead = FieldVisit.objects.filter(
        state=VisitState.PLANNED, begins_at__gt=at, case__state=State.CLOSED
    )
    # Read before the write lock is taken.
    keys = [visit.pk for visit in ahead.select_related("case__merged_into") if _has_ended(visit)]
    if not keys:
        return 0
    with transaction.atomic():
        found = (
            ahead.filter(pk__in=keys)
            .select_related("case")
            .select_for_update(skip_locked=True, of=("self", "case"), no_key=True)
        )
        return sum(_cancel(visit, at, profile) for visit in found[:limit])


def _has_ended(visit: FieldVisit) -> bool:
    """Whether nobody needs the visit any more."""
    target = goes_on_in(visit.case)
    return target is None or target.state == State.CLOSED


def _cancel(visit: FieldVisit, at: datetime, profile: Published) -> bool:
    with translation.override(profile.profile.organisation.language):
        reason = _("The case was closed.")
    try:
        planning.cancel(visit, reason, by=None, at=at, profile=profile)
    except CannotDo:  # somebody did something to it at the same moment: looked at again
        return False
    return True
