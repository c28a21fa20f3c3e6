"""Forms of the verbs that decide: the outcome of a case, and the answer that needs no unit.

Beside the decision stand its reason, what it rests on and what is paid; whoever may plan actions
plans the first one in the same form (row C7).
"""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from derman.accounts import rights
from derman.cases import actions
from derman.desk.days import MomentField
from derman.desk.labels import choices
from derman.desk.verbs import previews
from derman.desk.verbs.approving import WAITS
from derman.desk.verbs.form import MOMENT, Scene, long_text
from derman.desk.verbs.grounds import GroundsForm
from derman.outbox.models import Message
from derman.ui.forms import Combobox
from derman.words.events import EventType
from derman.words.kinds import SPOKEN, Channel, Decision, Kind
from derman.words.life import Verb
from derman.words.loop import ActionKind, OfferState

TOLD_BY = (Channel.PHONE, Channel.BRANCH, Channel.SMS, Channel.EMAIL)


class OutcomeForm(GroundsForm):
    """What was decided, in the words in which the applicant is told."""

    noun, verb = "outcome", Verb.OUTCOME
    title, button = (
        gettext_lazy("Record the outcome"),
        gettext_lazy("Resolve and tell the applicant"),
    )
    icon, key, done = "circle-check", "e", gettext_lazy("The case is resolved.")
    label = pgettext_lazy("a button", "Resolve")
    composer, has_preview = "to-applicant", True
    body = "desk/case/outcome.html"

    compensation = forms.DecimalField(
        label=gettext_lazy("Compensation"),
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput({"class": "w-10", "inputmode": "decimal"}),
    )
    action_kind = forms.ChoiceField(label=gettext_lazy("First action"), required=False)
    action_text = long_text(gettext_lazy("What is done"), rows=2, required=False)
    action_owner_unit = forms.ChoiceField(
        label=gettext_lazy("Who does it"), required=False, widget=Combobox
    )
    action_due_at = MomentField(
        label=gettext_lazy("Done by, if not in the usual time"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "w-20"}, "%Y-%m-%dT%H:%M"),
        input_formats=MOMENT,
    )

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return not scene.has(WAITS)  # somebody answers that one first

    def prepare(self) -> None:
        super().prepare()
        self._start_from_offer()
        self.offer("action_kind", [("", _("None for now")), *choices(ActionKind)])
        self.offer("action_owner_unit", [("", ""), *self.scene.labels.units()])
        self.initial.setdefault("action_owner_unit", self.case.unit or self.case.owner_unit)
        if not rights.may(self.scene.user, Verb.PLAN_ACTION) or self.case.kind != Kind.COMPLAINT:
            for name in self.of_action:
                del self.fields[name]

    of_action = ("action_kind", "action_text", "action_owner_unit", "action_due_at")

    @property
    def decided(self) -> list[forms.BoundField]:
        """The fields of the decision, those that are seldom used last."""
        return [field for field in self.visible_fields() if field.name not in self.of_action]

    @property
    def planned(self) -> list[forms.BoundField]:
        """The fields of the first action; none where the person plans none."""
        return [field for field in self.visible_fields() if field.name in self.of_action]

    @property
    def plans_something(self) -> bool:
        """Whether an action is being planned here, so that its fields stand open."""
        return any(
            self.typed(name) for name in ("action_kind", "action_text") if name in self.fields
        )

    @cached_property
    def asks_action(self) -> bool:
        """Whether the case could not be closed without one, were it justified."""
        asked = self.scene.profile.profile.decisions.needs_action
        return asked and self.case.kind == Kind.COMPLAINT

    def _start_from_offer(self) -> None:
        """What the applicant accepted in this cycle is the result, until somebody writes another.

        Not looked for where the case has no offer that was answered.
        """
        if not self.scene.has("offers"):
            return
        accepted = self.case.offers.filter(state=OfferState.ACCEPTED, cycle=self.case.cycle)
        if offer := accepted.order_by("-answered_at").first():
            self.initial.setdefault("text", offer.text)
            self.initial.setdefault("compensation", offer.compensation)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._clean_action(data)
        return data

    def _clean_action(self, data: dict[str, Any]) -> None:
        kind, text = data.get("action_kind"), (data.get("action_text") or "").strip()
        if kind and not text and "action_text" not in self.errors:
            self.add_error("action_text", _("Write what is done."))
        elif text and not kind and "action_kind" not in self.errors:
            self.add_error("action_kind", _("Choose what kind of action it is."))

    def grounds(self, data: dict[str, Any]) -> actions.Grounds:
        """What stands beside the decision, as the action takes it."""
        return {
            "reason_code": data.get("reason_code", ""),
            "evidence": data["evidence"],
            "compensation": data["compensation"],
            "plan": self._plan(data),
        }

    def _plan(self, data: dict[str, Any]) -> actions.Plan | None:
        if not data.get("action_kind"):
            return None
        return actions.Plan(
            ActionKind(data["action_kind"]),
            data["action_text"],
            data["action_owner_unit"],
            data["action_due_at"],
        )

    def do(self, data: dict[str, Any]) -> object:
        decision = Decision(data["decision"])
        return actions.outcome(
            self.case, decision, data["text"], **self.grounds(data), **self.scene.given
        )

    @property
    def is_ready(self) -> bool:
        return bool(self.chosen("decision"))

    def previews(self) -> list[Message]:
        return previews.of(
            self.scene, EventType.RESOLVED, self.typed("text"), decision=self.chosen("decision")
        )


class AnswerForm(OutcomeForm):
    """Answered without asking a unit (rows G14, G16)."""

    noun, verb = "answer", Verb.ANSWER_AT_ONCE
    title, button = gettext_lazy("Answer at once"), gettext_lazy("Answer and conclude")
    icon, key, done = "zap", "a", gettext_lazy("The case was answered.")
    label = gettext_lazy("Answer at once")

    channel = forms.ChoiceField(label=gettext_lazy("The applicant was told by"))

    def prepare(self) -> None:
        super().prepare()
        self.offer("channel", choices(Channel, TOLD_BY))
        self.initial.setdefault(
            "channel", self.case.channel if self.case.channel in SPOKEN else Channel.PHONE
        )

    def do(self, data: dict[str, Any]) -> object:
        return actions.answer_at_once(
            self.case, Decision(data["decision"]), data["text"], channel=data["channel"],
            **self.grounds(data), **self.scene.given,
        )  # fmt: skip
