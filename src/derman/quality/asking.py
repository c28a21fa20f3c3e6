"""Whom to ask whether they are satisfied, and when; called by the worker.

A row is written when a case is resolved, so looking for what is due reads one small index. Every
survey is settled in a transaction of its own; one that somebody changes at this moment is left for
the next round.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from derman.cases import actions
from derman.cases.models import Case, Event
from derman.cases.proof import has_been_told
from derman.outbox.conditions import notices_for
from derman.outbox.recipients import applicant, wires
from derman.people import merging
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.quality.models import FollowUp, Survey
from derman.words.events import EventType
from derman.words.life import State
from derman.words.loop import FollowUpState, SkipReason, SurveyState

LATER = timedelta(days=1)  # who has not been told the result yet is asked about it after that
CONCLUDED = (State.RESOLVED, State.CLOSED)


def plan(events: Sequence[Event], *, profile: Published) -> None:
    """Write down who is to be asked, for every case that these events resolved.

    The caller holds the transaction in which the events are dealt with.
    """
    resolved = [event for event in events if event.type == EventType.RESOLVED]
    rows = [_planned(event, profile.profile) for event in resolved if _is_meant(event, profile)]
    if rows:
        Survey.objects.bulk_create(rows, ignore_conflicts=True)
    moved = {event.case_id: event.at for event in resolved if event.details.get("cycle", 1) > 1}
    if moved:
        end_left_behind(list(moved), at=max(moved.values()))
    for event in events:
        if event.type == EventType.UNMERGED and "into" in event.details:
            _plan_again(event, profile.profile)


def _plan_again(parted: Event, profile: Profile) -> None:
    """A survey that was due while its case was a part of another waits anew once that is undone."""
    case = parted.case
    if case.merged_into_id is None and case.state in CONCLUDED:
        skipped = Survey.objects.filter(case=case, cycle=case.cycle, reason=SkipReason.MOVED_ON)
        wait = timedelta(hours=profile.survey.wait_hours)
        skipped.filter(state=SurveyState.SKIPPED).update(
            state=SurveyState.WAITING, reason="", next_at=parted.at + wait
        )


def end_left_behind(cases: Sequence[UUID], *, at: datetime) -> None:
    """End the follow-ups of earlier cycles: what they were about is past."""
    open_ = FollowUp.objects.filter(case__in=cases, state=FollowUpState.OPEN)
    behind = open_.filter(cycle__lt=F("case__cycle")).values("pk")
    FollowUp.objects.filter(pk__in=list(behind.values_list("pk", flat=True))).update(
        state=FollowUpState.MOVED_ON, done_at=at
    )


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """Ask, skip or let expire up to `limit` surveys that are due; return how many there were."""
    due = Survey.objects.filter(next_at__lte=at).order_by("next_at", "id")
    if not due.exists():  # mostly so: the wide rows cost more to ask for than to find none
        return 0
    rows = due.select_related("case__applicant").prefetch_related(
        "case__applicant__contact_points", "case__contacts"
    )[:limit]
    settled = 0
    for survey in rows:
        with suppress(actions.CannotDo):
            settled += _settle(survey, at, profile)
    return settled


def settle_of(case: Case, *, until: datetime, profile: Published) -> None:
    """Settle the survey of one case, whenever it was due: for a history told later."""
    waiting = Survey.objects.filter(case=case, next_at__lte=until).order_by("next_at", "id")
    while survey := waiting.first():
        survey.case = case
        moment = survey.next_at or until
        _settle(survey, moment, profile)


def _is_meant(event: Event, profile: Published) -> bool:
    case = event.case
    decision = event.details.get("decision", case.decision)
    rules = profile.profile.survey
    return rules.concerns(kind=case.kind, decision=decision, channel=case.channel)


def _planned(event: Event, profile: Profile) -> Survey:
    return Survey(
        case=event.case,
        cycle=event.details.get("cycle", 1),
        next_at=event.at + timedelta(hours=profile.survey.wait_hours),
        **as_resolved(event.case, event.at, profile),
    )


def as_resolved(case: Case, at: datetime, profile: Profile) -> dict[str, Any]:
    """What figures are cut by, as it stood when the case was resolved."""
    day = at.astimezone(ZoneInfo(profile.organisation.timezone)).date()
    return {
        "main_topic": case.main_topic,
        "unit": case.unit or case.owner_unit,
        "channel": case.channel,
        "language": case.language,
        "resolved_at": at,
        "month": day.replace(day=1),
    }


@transaction.atomic
def _settle(survey: Survey, at: datetime, profile: Published) -> bool:
    """Settle one; False when another worker was first."""
    if survey.state == SurveyState.ASKED:
        return _expire(survey, at, profile)
    case = survey.case
    is_current = case.cycle == survey.cycle and case.state == State.RESOLVED
    if is_current and not has_been_told(case, profile.profile):
        return _change(survey, next_at=at + LATER)
    wire = _wire(case, profile.profile)
    if reason := _why_not(survey, wire, at, profile.profile):
        return _skip(survey, reason, at, profile)
    return _ask(survey, wire, at, profile)


def _why_not(survey: Survey, wire: str, at: datetime, profile: Profile) -> SkipReason | None:
    case = survey.case
    if case.cycle != survey.cycle or case.state not in CONCLUDED or case.merged_into_id:
        return SkipReason.MOVED_ON
    if not profile.survey.asks:
        return SkipReason.OFF
    if case.secret_reporter:
        return SkipReason.SECRET
    if not wire:
        return SkipReason.NO_CONTACT
    if _was_asked_lately(case, at - timedelta(days=profile.survey.pause_days)):
        return SkipReason.TOO_OFTEN
    return None


def _wire(case: Case, profile: Profile) -> str:
    """The wire by which the notice table would ask this applicant, "" when by none."""
    reached = applicant(case, profile)
    for _name, notice in notices_for(EventType.SURVEY_ASKED, {}, case, profile):
        if notice.to == "applicant":
            for wire in wires(notice, case.reply_channel, reached):
                return wire
    return ""


def _was_asked_lately(case: Case, since: datetime) -> bool:
    """Whether the same person was asked about another case; a new cycle of this one may ask.

    The person is held: of two of their cases that two workers settle at once, one asks.
    """
    person = merging.hold_family(case.applicant_id)
    asked = Survey.objects.filter(case__applicant__in=person, asked_at__gt=since)
    return asked.exclude(case=case).exists()


def _ask(survey: Survey, wire: str, at: datetime, profile: Published) -> bool:
    until = at + timedelta(days=profile.profile.survey.window_days)
    changes = {"asked_at": at, "asked_by": wire, "expires_at": until, "next_at": until}
    if not _change(survey, state=SurveyState.ASKED, **changes):
        return False
    actions.ask_survey(survey.case, survey.pk, channel=wire, until=until, at=at, profile=profile)
    return True


def _skip(survey: Survey, reason: SkipReason, at: datetime, profile: Published) -> bool:
    if not _change(survey, state=SurveyState.SKIPPED, reason=reason, next_at=None):
        return False
    actions.skip_survey(survey.case, survey.pk, reason, cycle=survey.cycle, at=at, profile=profile)
    return True


def _expire(survey: Survey, at: datetime, profile: Published) -> bool:
    if not _change(survey, state=SurveyState.EXPIRED, next_at=None):
        return False
    actions.let_survey_expire(survey.case, survey.pk, cycle=survey.cycle, at=at, profile=profile)
    return True


def _change(survey: Survey, **changes: object) -> bool:
    """Compare and set, so that of two workers one settles it."""
    same = Survey.objects.filter(pk=survey.pk, state=survey.state, next_at=survey.next_at)
    return bool(same.update(**changes))
