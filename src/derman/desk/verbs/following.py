"""Forms of what comes after the result: the survey's answer, and the follow-up contact."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.cases.actions import CannotDo, FollowUpResult
from derman.cases.models import Action, Outcome
from derman.desk.labels import choices, word
from derman.desk.people import Colleagues
from derman.desk.shown_people import Applicant
from derman.desk.verbs.deciding import FOLLOW_UP, OWNERS
from derman.desk.verbs.form import Scene, VerbForm, long_text
from derman.quality import answering, following
from derman.quality.answering import Given
from derman.quality.models import FollowUp, SurveyAnswer
from derman.quality.scales import CES, NPS, RATINGS
from derman.words.kinds import Channel, Decision
from derman.words.life import Verb
from derman.words.loop import ActionKind, ActionState, FollowUpState

ANSWERED = "survey_answered"  # section of the case page
ANSWERED_BY = (Channel.PHONE, Channel.LETTER, Channel.BRANCH, Channel.EMAIL, Channel.VISIT)
# Who left no number is written to.
CALLED_BY = (Channel.PHONE, Channel.BRANCH, Channel.VISIT, Channel.EMAIL)
RESULTS = (FollowUpState.SATISFIED, FollowUpState.DISSATISFIED, FollowUpState.NOT_REACHED)


def _rating(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=RATINGS, coerce=int, widget=forms.RadioSelect
    )


def _scale(label: Any, scale: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", gettext_lazy("not asked")), *scale],
        coerce=int,
        empty_value=None,
        required=False,
    )


class SurveyForm(VerbForm):
    """What the applicant answered on the phone or on paper."""

    noun, verb = "survey", Verb.SURVEY
    title, button = gettext_lazy("Enter the survey's answer"), gettext_lazy("Enter the answer")
    icon, done = "clipboard-check", gettext_lazy("The answer was entered.")

    process = _rating(gettext_lazy("How it was handled"))
    action = _rating(gettext_lazy("What was done"))
    nps = _scale(gettext_lazy("Would recommend us, 0 to 10"), NPS)
    ces = _scale(gettext_lazy("It was easy, 1 to 7"), CES)
    text = long_text(gettext_lazy("What else was said"), rows=3, required=False)
    via = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.Select({"class": "w-20"}))

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        is_merged = scene.case.merged_into_id is not None
        return not (is_merged or scene.has(ANSWERED) or scene.has(FOLLOW_UP))

    def prepare(self) -> None:
        rules = self.scene.profile.profile.survey
        for name in ("nps", "ces"):
            if not getattr(rules, name):
                del self.fields[name]
        for name in ("process", "action", "nps", "ces"):
            if name in self.fields and (own := getattr(rules.questions, name)):
                self.fields[name].help_text = self.scene.profile.profile.text(
                    own, self.scene.labels.language
                )
        self.offer("via", choices(Channel, ANSWERED_BY))

    def intro(self) -> str:
        return _("Who is satisfied closes the case; for who is not, a follow-up begins.")

    def do(self, data: dict[str, Any]) -> object:
        given = Given(
            process=data["process"],
            action=data["action"],
            nps=data.get("nps"),
            ces=data.get("ces"),
            text=data["text"],
        )
        return answering.answer_for(self.case, given, via=Channel(data["via"]), **self.scene.given)


@dataclass(frozen=True)
class Done:
    """An action of the case, as it is told on the phone."""

    kind: str
    text: str
    state: str


@dataclass(frozen=True)
class Shared:
    """What the caller has before their eyes: what was answered, and the results to share."""

    answer: SurveyAnswer | None
    said: str
    outcome: Outcome | None
    decision: str
    result: str
    actions: list[Done]


class FollowUpForm(VerbForm):
    """The results are shared with whoever is not satisfied (row C11)."""

    noun, verb = "follow-up", Verb.FOLLOW_UP
    title, button = gettext_lazy("Follow up"), gettext_lazy("Log the follow-up")
    icon, done = "phone-call", gettext_lazy("The follow-up was logged.")
    body = "desk/surveys/follow_up_form.html"

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    note = long_text(
        gettext_lazy("What was shared and said"),
        rows=3,
        help_text=gettext_lazy("May be left empty where nobody was reached."),
    )
    owner = Colleagues(
        label=gettext_lazy("Who goes on with it"),
        help_text=gettext_lazy("Where the applicant is still not satisfied."),
        queryset=User.objects.none(),
        required=False,
        empty_label="",
    )
    channel = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.Select({"class": "w-20"}))

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return scene.has(FOLLOW_UP)

    def prepare(self) -> None:
        self.offer("outcome", choices(FollowUpState, RESULTS))
        self.offer("channel", choices(Channel, CALLED_BY))
        staff = User.objects.filter(is_active=True, is_service=False, memberships__role__in=OWNERS)
        field = cast("Colleagues", self.fields["owner"])
        field.queryset = staff.distinct()
        self.initial.setdefault("owner", self.case.owner_user_id)

    @property
    def applicant(self) -> Applicant:
        """Whom to call."""
        return Applicant(self.case, self.scene.user)

    @property
    def shared(self) -> Shared:
        """What was answered in this cycle, decided, and done or planned about it."""
        case = self.case
        now = FollowUp.objects.filter(case=case, cycle=case.cycle, state=FollowUpState.OPEN)
        found = now.select_related("survey__answer").first()
        answer = getattr(found.survey, "answer", None) if found else None
        outcome = Outcome.objects.filter(case=case, cycle=case.cycle).first()
        planned = Action.objects.filter(case=case).exclude(state=ActionState.CANCELLED)
        return Shared(
            answer,
            self._known(answer.text) if answer else "",
            outcome,
            word(Decision, outcome.decision) if outcome else "",
            self._known(outcome.text) if outcome else "",
            [
                Done(
                    word(ActionKind, one.kind), self._known(one.text), word(ActionState, one.state)
                )
                for one in planned.order_by("planned_at", "id")
            ],
        )

    def _known(self, text: str) -> str:
        """A text as the caller may know it."""
        return self.applicant.readable(text)

    def intro(self) -> str:
        return _(
            "Satisfied: the case is closed. Still not satisfied: a new cycle begins, with another "
            "action or offer."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        result = data.get("outcome")
        if result == FollowUpState.DISSATISFIED and data.get("owner") is None:
            self.add_error("owner", _("Choose who goes on with the case."))
        is_empty = not self.typed("note").strip()
        if is_empty:
            self.errors.pop("note", None)
            data["note"] = ""
        if is_empty and result != FollowUpState.NOT_REACHED:
            self.add_error("note", _("Write what was shared and what the applicant said."))
        return data

    def do(self, data: dict[str, Any]) -> object:
        found = FollowUp.objects.filter(
            case=self.case, cycle=self.case.cycle, state=FollowUpState.OPEN
        ).first()
        if found is None:
            raise CannotDo(_("Somebody else has just followed this up."))
        found.case = self.case
        note = data["note"]
        if data["outcome"] == FollowUpState.NOT_REACHED:
            return following.miss(found, channel=data["channel"], note=note, **self.scene.given)
        result = FollowUpResult(
            FollowUpState(data["outcome"]), data["channel"], note, data["owner"]
        )
        return following.finish(found, result, **self.scene.given)
