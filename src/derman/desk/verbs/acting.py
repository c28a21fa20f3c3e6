"""Forms of what is done about a justified case: plan, carry out, check, cancel an action."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.cases import acting, actions
from derman.cases.models import Action
from derman.desk.days import MomentField
from derman.desk.labels import choices
from derman.desk.verbs.form import MOMENT, PartForm, Scene, VerbForm, long_text
from derman.ui.forms import Combobox
from derman.words.kinds import Kind
from derman.words.life import Verb
from derman.words.loop import ActionKind, ActionState, Effect

MISSING = "action_missing"  # a section of the case page


class PlanActionForm(VerbForm):
    """What is done, by whom and by when (row C7)."""

    noun, verb = "actions", Verb.PLAN_ACTION
    title, button = gettext_lazy("Plan an action"), gettext_lazy("Plan the action")
    icon, key, done = "list-checks", "p", gettext_lazy("The action is planned.")

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    text = long_text(gettext_lazy("What is done"), rows=3)
    owner_unit = forms.ChoiceField(label=gettext_lazy("Who does it"), widget=Combobox)
    due_at = MomentField(
        label=gettext_lazy("Done by, if not in the usual time"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "w-20"}, "%Y-%m-%dT%H:%M"),
        input_formats=MOMENT,
    )

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        return scene.case.kind == Kind.COMPLAINT

    @classmethod
    def is_owed(cls, scene: Scene) -> bool:
        """Whether the case is resolved, and cannot be closed before an action is planned."""
        return scene.has(MISSING) and acting.is_needed(scene.case, scene.profile.profile)

    def prepare(self) -> None:
        self.offer("kind", choices(ActionKind))
        self.offer("owner_unit", self.scene.labels.units())
        self.initial.setdefault("kind", ActionKind.REMEDY)
        self.initial.setdefault("owner_unit", self.case.unit or self.case.owner_unit)

    def intro(self) -> str:
        return _(
            "The applicant reads the words of a remedy once it is done. Corrective and preventive "
            "actions are for colleagues."
        )

    def do(self, data: dict[str, Any]) -> object:
        plan = actions.Plan(
            ActionKind(data["kind"]), data["text"], data["owner_unit"], data["due_at"]
        )
        return actions.plan_action(self.case, plan, **self.scene.given)


class ActionForm(PartForm[Action]):
    """A verb of one action."""

    part_name = "action"

    @classmethod
    def suits(cls, part: Action) -> bool:
        """Whether the action is still to be done."""
        return part.state == ActionState.OPEN


class DoneForm(ActionForm):
    noun, verb = "done", Verb.DO_ACTION
    title, button = gettext_lazy("Carried out"), gettext_lazy("Carried out")
    icon, done = "check", gettext_lazy("The action is carried out.")

    proof = long_text(gettext_lazy("What shows it (a receipt, a number, a file)"), rows=3)

    def do(self, data: dict[str, Any]) -> object:
        return actions.do_action(self.part, data["proof"], **self.scene.given)


class CheckForm(ActionForm):
    noun, verb = "check", Verb.CHECK_ACTION
    title, button = gettext_lazy("Check the effect"), gettext_lazy("Record the check")
    icon, done = "search-check", gettext_lazy("The effect was checked.")

    effect = forms.ChoiceField(label=gettext_lazy("Did it help?"), widget=forms.RadioSelect)
    finding = long_text(gettext_lazy("What you found"), rows=3)
    action_text = long_text(
        gettext_lazy("What is done instead, if it did not help"), rows=2, required=False
    )

    def prepare(self) -> None:
        self.offer("effect", choices(Effect))

    @classmethod
    def suits(cls, part: Action) -> bool:
        return part.state == ActionState.DONE and not part.effect

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("effect") == Effect.EFFECTIVE and (data.get("action_text") or "").strip():
            self.add_error("action_text", _("It helped: leave this empty, or choose otherwise."))
        return data

    def do(self, data: dict[str, Any]) -> object:
        instead = None
        if data["action_text"].strip():
            kind, unit = ActionKind(self.part.kind), self.part.owner_unit
            instead = actions.Plan(kind, data["action_text"], unit)
        return actions.check_action(
            self.part, Effect(data["effect"]), data["finding"], instead=instead,
            **self.scene.given,
        )  # fmt: skip


class CancelForm(ActionForm):
    noun, verb = "cancellation", Verb.PLAN_ACTION
    title, button = gettext_lazy("Cancel"), gettext_lazy("Cancel the action")
    icon, done, is_danger = "x", gettext_lazy("The action is cancelled."), True

    reason = long_text(gettext_lazy("Why it is not done"), rows=3)

    def do(self, data: dict[str, Any]) -> object:
        return actions.cancel_action(self.part, data["reason"], **self.scene.given)


ACTION_FORMS: dict[str, type[PartForm[Action]]] = {
    form.noun: form for form in (DoneForm, CheckForm, CancelForm)
}
