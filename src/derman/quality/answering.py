"""Taking down what an applicant answers, by whichever way, and what follows at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.quality import following
from derman.quality.asking import as_resolved
from derman.quality.models import FollowUp, Survey, SurveyAnswer
from derman.words.kinds import Channel
from derman.words.loop import SurveyState


@dataclass(frozen=True)
class Given:
    """What somebody answered. Ratings from 1 to 5; `nps` from 0 to 10, `ces` from 1 to 7."""

    process: int
    action: int
    nps: int | None = None
    ces: int | None = None
    text: str = ""

    def is_satisfied(self, profile: Profile) -> bool:
        """One rating that the profile counts as dissatisfied is enough."""
        return min(self.process, self.action) > profile.survey.dissatisfied_from


@transaction.atomic
def answer(
    survey: Survey,
    given: Given,
    *,
    via: Channel,
    at: datetime,
    profile: Published,
    by: User | None = None,
) -> FollowUp | None:
    """Keep the answer: satisfied closes the case, dissatisfied opens a follow-up.

    `by` is the member of staff who took it down, None when the applicant gave it. Raises CannotDo
    when it was answered before, or the case is being worked on again, be it as a part of another.
    """
    case = survey.case
    if case.cycle != survey.cycle or case.merged_into_id is not None:
        raise CannotDo(_("The case is being looked at again."), code="moved_on")
    _settle(survey, via, at)
    satisfied = given.is_satisfied(profile.profile)
    text = actions.check_text(given.text) if given.text.strip() else ""
    SurveyAnswer.objects.create(
        survey=survey,
        process=given.process,
        action=given.action,
        nps=given.nps,
        ces=given.ces,
        text=text,
        satisfied=satisfied,
        at=at,
        via=via,
        by=by,
    )
    actions.answer_survey(
        case,
        survey.pk,
        (given.process, given.action),
        satisfied=satisfied,
        by=by,
        at=at,
        profile=profile,
    )
    if satisfied:
        return None
    return following.open_(survey, by=by, at=at, profile=profile)


@transaction.atomic
def answer_for(
    case: Case, given: Given, *, via: Channel, by: User, at: datetime, profile: Published
) -> FollowUp | None:
    """Staff enter what was said on the phone or on paper, whether a survey had gone out or not."""
    survey, _new = Survey.objects.get_or_create(
        case=case,
        cycle=case.cycle,
        defaults=as_resolved(case, case.resolved_at or at, profile.profile),
    )
    survey.case = case
    return answer(survey, given, via=via, by=by, at=at, profile=profile)


def _settle(survey: Survey, via: Channel, at: datetime) -> None:
    """Of two answers to the same survey the first counts. Who answers counts as asked."""
    unanswered = Survey.objects.filter(pk=survey.pk).exclude(state=SurveyState.ANSWERED)
    changes: dict[str, object] = {"state": SurveyState.ANSWERED, "reason": "", "next_at": None}
    if survey.asked_at is None:
        changes |= {"asked_at": at, "asked_by": via}
    if not unanswered.update(**changes):
        raise CannotDo(_("This survey has been answered."), code="answered")
    for name, value in changes.items():
        setattr(survey, name, value)
