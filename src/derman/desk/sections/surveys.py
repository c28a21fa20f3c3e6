"""Surveys and follow-ups on the case page: who is to be called, and what was answered."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from derman.cases import acting, unsettled
from derman.cases.models import Action, Event, Offer
from derman.desk.chips import Chip, Chips
from derman.desk.labels import word
from derman.desk.sections.section import Section
from derman.desk.shown_people import Applicant
from derman.desk.verbs.acting import PlanActionForm
from derman.desk.verbs.deciding import FOLLOW_UP
from derman.desk.verbs.following import ANSWERED
from derman.desk.verbs.form import Scene
from derman.desk.verbs.offered import is_offered
from derman.desk.verbs.offering import ExternalReferralForm, OfferForm
from derman.quality.models import FollowUp, Survey, SurveyAnswer
from derman.words.kinds import Channel
from derman.words.life import OPEN_STATES
from derman.words.loop import FollowUpState, SkipReason, SurveyState

SOMETHING_ELSE = (OfferForm, PlanActionForm, ExternalReferralForm)
TONES = {
    SurveyState.WAITING: ("", "hourglass"),
    SurveyState.ASKED: ("info", "clipboard-list"),
    SurveyState.ANSWERED: ("ok", "smile"),
    SurveyState.EXPIRED: ("", "clock-fading"),
    SurveyState.SKIPPED: ("", "clipboard-x"),
}


@dataclass(frozen=True)
class Shown:
    """One survey as the panel has it."""

    cycle: int
    state: str
    state_key: str
    tone: str
    icon: str
    reason: str
    at: datetime | None
    answer: SurveyAnswer | None
    text: str
    via: str


@dataclass(frozen=True)
class Due:
    """The follow-up that somebody owes."""

    row: FollowUp
    unit: str
    person: str
    chip: Chip
    answer: SurveyAnswer | None
    text: str
    via: str


def _open() -> QuerySet[FollowUp]:
    """While a case is merged nobody calls; when that is undone, its follow-up is owed again."""
    mine = FollowUp.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"))
    return mine.filter(state=FollowUpState.OPEN, case__merged_into=None)


def _due(scene: Scene) -> Due | None:
    found = (
        FollowUp.objects.filter(case=scene.case, state=FollowUpState.OPEN)
        .select_related("owner_user", "survey__answer__by")
        .first()
    )
    if found is None:
        return None
    answer = getattr(found.survey, "answer", None)
    return Due(
        found,
        scene.labels.unit(found.owner_unit),
        found.owner_user.name if found.owner_user else "",
        Chips(scene.profile.profile, scene.at).of_due(found.due_at),
        answer,
        _said(scene, answer.text) if answer else "",
        word(Channel, answer.via) if answer else "",
    )


def _said(scene: Scene, text: str) -> str:
    """Words of the applicant, or of whoever called, as the reader may know them."""
    return Applicant(scene.case, scene.user).readable(text)


def _unsettled() -> QuerySet[Event]:
    """What was said of an open case whose later cycle has neither an action nor an offer."""
    here = {"case": OuterRef("case"), "cycle": OuterRef("case__cycle")}
    return Event.objects.filter(
        ~Exists(Action.objects.filter(acting.STANDING, **here)),
        ~Exists(Offer.objects.filter(state__in=unsettled.OFFERED, **here)),
        case=OuterRef("pk"),
        case__cycle__gt=1,
        case__state__in=OPEN_STATES,
        type__in=unsettled.SAID,
    )


def _still(scene: Scene) -> dict[str, object] | None:
    last = unsettled.last_word(scene.case)
    if last is None or not unsettled.says_no(last):
        return None
    call = FollowUp.objects.filter(pk=last.details.get("follow_up")).first()
    by = last.by.name if last.by else ""
    return {
        "text": _said(scene, call.result) if call else "",
        "at": last.at,
        "by": by,
        "verbs": [form for form in SOMETHING_ELSE if is_offered(form, scene)],
    }


def _surveys(scene: Scene, wanted: Q) -> list[Shown]:
    found = Survey.objects.filter(wanted, case=scene.case).select_related("answer__by")
    return [_shown(scene, survey) for survey in found.order_by("cycle")]


def _answered(scene: Scene) -> dict[str, object]:
    """Where somebody is to call, the answer stands there (`desk/surveys/due.html`)."""
    return {"title": _("Satisfaction"), "lines": _surveys(scene, _now(scene.case.cycle))}


def _others(scene: Scene) -> dict[str, object]:
    """Of this cycle while nobody has answered, and of the cycles before."""
    return {"title": _("Surveys"), "lines": _surveys(scene, ~_now(scene.case.cycle))}


def _shown(scene: Scene, survey: Survey) -> Shown:
    answer: SurveyAnswer | None = getattr(survey, "answer", None)
    state = SurveyState(survey.state)
    tone, icon = TONES[state]
    if answer and not answer.satisfied:
        tone, icon = "danger", "frown"
    return Shown(
        survey.cycle,
        word(SurveyState, state),
        state,
        tone,
        icon,
        word(SkipReason, survey.reason),
        answer.at if answer else survey.asked_at or survey.next_at,
        answer,
        _said(scene, answer.text) if answer else "",
        word(Channel, answer.via) if answer else "",
    )


def _now(outer: object) -> Q:
    return Q(cycle=outer, state=SurveyState.ANSWERED)


def _answered_and_settled() -> Exists:
    calls = FollowUp.objects.filter(survey=OuterRef("pk"), state=FollowUpState.OPEN)
    answered = Survey.objects.filter(_now(OuterRef("cycle")), case=OuterRef("pk"))
    return Exists(answered.filter(~Exists(calls.filter(case__merged_into=None))))


FOLLOW_UP_DUE = Section(
    key=FOLLOW_UP,
    template="desk/surveys/due.html",
    exists=lambda: Exists(_open()),
    load=_due,
    place="main",
)
STILL_DISSATISFIED = Section(
    key="still_dissatisfied",
    template="desk/surveys/unsettled.html",
    exists=lambda: Exists(_unsettled()),
    load=_still,
    place="main",
)
SURVEY_ANSWERED = Section(
    key=ANSWERED,
    template="desk/surveys/side.html",
    exists=_answered_and_settled,
    load=_answered,
)
SURVEYS = Section(
    key="surveys",
    template="desk/surveys/side.html",
    exists=lambda: Exists(Survey.objects.filter(~_now(OuterRef("cycle")), case=OuterRef("pk"))),
    load=_others,
)
