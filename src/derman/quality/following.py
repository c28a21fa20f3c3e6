"""The follow-up of a dissatisfied applicant: opened with an owner, called, ended (row C11)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts import absence
from derman.accounts.models import User
from derman.cases import actions, clocks
from derman.cases.actions import CannotDo, FollowUpResult
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.quality.asking import end_left_behind
from derman.quality.models import FollowUp, Survey
from derman.words.kinds import ContactOutcome
from derman.words.loop import FollowUpState


def open_(survey: Survey, *, by: User | None, at: datetime, profile: Published) -> FollowUp:
    """Name who calls, and by when. The caller holds the transaction."""
    case, rules = survey.case, profile.profile.survey
    end_left_behind([case.pk], at=at)
    owner = _owner(case, at, profile)  # of the case, also where another unit calls
    made = FollowUp.objects.create(
        case=case,
        cycle=case.cycle,
        survey=survey,
        owner_unit=rules.called_by or case.owner_unit,
        owner_user=None if rules.called_by else owner,
        opened_at=at,
        due_at=clocks.reckon(rules.follow_up, at, profile.profile).at,
    )
    actions.open_follow_up(
        case, made.pk, unit=made.owner_unit, owner=owner, by=by, at=at, profile=profile
    )
    return made


def _owner(case: Case, at: datetime, profile: Published) -> User | None:
    """Whoever owns the case, else whoever concluded it, or who covers for them today."""
    concluded = case.outcomes.filter(cycle=case.cycle).select_related("by").first()
    for user in (case.owner_user, concluded.by if concluded else None):
        if user is not None and user.is_active and not user.is_service:
            return absence.stand_in(user, absence.day_of(at, profile.profile))
    return None


@transaction.atomic
def miss(
    follow_up: FollowUp, *, channel: str, by: User, at: datetime, profile: Published, note: str = ""
) -> None:
    """Nobody was reached; after the profile's attempts the follow-up ends with that."""
    _check_current(follow_up)
    tries = follow_up.attempts + 1
    if tries >= profile.profile.process.attempts:
        ended = FollowUpResult(FollowUpState.NOT_REACHED, channel, note)
        finish(follow_up, ended, by=by, at=at, profile=profile)
        return
    _change(follow_up, attempts=tries)
    actions.contact(
        follow_up.case,
        channel=channel,
        outcome=ContactOutcome.NOT_REACHED,
        note=note,
        by=by,
        at=at,
        profile=profile,
    )


@transaction.atomic
def finish(
    follow_up: FollowUp, result: FollowUpResult, *, by: User, at: datetime, profile: Published
) -> None:
    """The results were shared, or the applicant could not be reached."""
    case = follow_up.case
    _check_current(follow_up)
    tries = follow_up.attempts + (result.state == FollowUpState.NOT_REACHED)
    _change(
        follow_up,
        state=result.state,
        attempts=tries,
        result=result.note,
        done_at=at,
        done_by=by,
    )
    actions.follow_up(case, follow_up.pk, result, by=by, at=at, profile=profile)


def _check_current(follow_up: FollowUp) -> None:
    case = follow_up.case
    if case.cycle != follow_up.cycle or case.merged_into_id is not None:
        raise CannotDo(_("The case is being looked at again."), code="moved_on")


def _change(follow_up: FollowUp, **changes: object) -> None:
    """Compare and set: of two callers the second is told."""
    same = FollowUp.objects.filter(
        pk=follow_up.pk, state=FollowUpState.OPEN, attempts=follow_up.attempts
    )
    if not same.update(**changes):
        raise CannotDo(_("Somebody else has just followed this up."), code="old_version")
    for name, value in changes.items():
        setattr(follow_up, name, value)
