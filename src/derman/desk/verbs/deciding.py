"""Forms of the verbs that decide who holds a case, and that end it once it is decided."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.proof import has_been_told
from derman.desk.days import MomentField
from derman.desk.labels import choices
from derman.desk.people import Colleagues
from derman.desk.verbs.acting import PlanActionForm
from derman.desk.verbs.form import MOMENT, Scene, VerbForm, long_text
from derman.ui.forms import Combobox
from derman.words.kinds import EARLY_CLOSING, ClosingReason, Kind
from derman.words.life import State, Verb
from derman.words.rights import RIGHTS, Role

FOLLOW_UP = "follow_up"  # section of the case page: somebody is to call
CLOSED_WITH = (ClosingReason.RESOLVED, ClosingReason.INFORMATION_GIVEN)
OWNERS = [role for role in Role if Verb.TAKE in RIGHTS[role].verbs]


class ReferralForm(VerbForm):
    """A question to a unit, which then owes an answer (row E2)."""

    noun, verb = "referrals", Verb.REFER
    title, button = gettext_lazy("Refer"), gettext_lazy("Refer")
    icon, key, done = "arrow-right", "f", gettext_lazy("The unit was asked.")

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), widget=Combobox)
    question = long_text(gettext_lazy("Question to the unit"), rows=3, required=False)
    due_at = MomentField(
        label=gettext_lazy("Answer by, if not in the usual time"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "w-20"}, "%Y-%m-%dT%H:%M"),
        input_formats=MOMENT,
    )

    def prepare(self) -> None:
        self.offer("unit", [("", ""), *self.scene.labels.units()])
        asked = {task.unit for task in self.scene.open_tasks}
        if self.proposed not in asked:
            self.initial.setdefault("unit", self.proposed)

    @property
    def proposed(self) -> str:
        """The unit that the topic names for this place."""
        topic = self.scene.profile.profile.topic(self.case.topic)
        return (topic.unit_for(self.case.region) if topic else "") or ""

    def intro(self) -> str:
        return _("The applicant is told that the case goes to a unit, and by when to expect us.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.refer(
            self.case, data["unit"], question=data["question"], due_at=data["due_at"],
            **self.scene.given,
        )  # fmt: skip


class ClosureForm(VerbForm):
    """The end of a resolved case."""

    noun, verb = "closure", Verb.CLOSE
    title, button = gettext_lazy("Close the case"), gettext_lazy("Close")
    icon, done = "archive", gettext_lazy("The case is closed.")

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        if scene.case.state != State.RESOLVED or scene.has(FOLLOW_UP):
            return False
        told = has_been_told(scene.case, scene.profile.profile)
        return told and not PlanActionForm.is_owed(scene)

    def prepare(self) -> None:
        self.offer("reason", choices(ClosingReason, CLOSED_WITH))
        informs = self.case.kind in (Kind.INFORMATION, Kind.THANKS)
        usual = ClosingReason.INFORMATION_GIVEN if informs else ClosingReason.RESOLVED
        self.initial.setdefault("reason", usual)

    def intro(self) -> str:
        return _("Closing is silent: the applicant has been told the result.")

    def do(self, data: dict[str, Any]) -> None:
        actions.close(self.case, reason=ClosingReason(data["reason"]), **self.scene.given)


class EarlyClosureForm(VerbForm):
    """The end of a case without a decision on its matter."""

    noun, verb = "early-closure", Verb.CLOSE_EARLY
    title, button = gettext_lazy("Close without a decision"), gettext_lazy("Close and tell why")
    icon, done, is_danger = "archive-x", gettext_lazy("The case is closed."), True

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    text = long_text(gettext_lazy("Words to the applicant"), rows=3, required=False)

    def prepare(self) -> None:
        self.offer("reason", choices(ClosingReason, EARLY_CLOSING))

    def intro(self) -> str:
        return _("Open tasks end. The applicant is told why, unless they withdrew.")

    def do(self, data: dict[str, Any]) -> object:
        reason = ClosingReason(data["reason"])
        return actions.close_early(self.case, reason, text=data["text"], **self.scene.given)


class ReopeningForm(VerbForm):
    """The next cycle of a case that was concluded."""

    noun, verb = "reopening", Verb.REOPEN
    title, button = gettext_lazy("Reopen"), gettext_lazy("Reopen the case")
    icon, done = "rotate-ccw", gettext_lazy("The case is open again.")

    reason = long_text(gettext_lazy("Why it is opened again"), rows=3)

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        """Not while it goes on as a part of another case."""
        return scene.case.merged_into_id is None

    def intro(self) -> str:
        return _("A new cycle begins with a clock of its own; the applicant is told.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.reopen(self.case, data["reason"], **self.scene.given)


class TakeForm(VerbForm):
    """Make the case mine."""

    noun, verb = "ownership", Verb.TAKE
    title, button = gettext_lazy("Take over"), gettext_lazy("Take over")
    icon, key, done = "hand", "t", gettext_lazy("The case is yours.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.take(self.case, **self.scene.given)


class TakeBackForm(VerbForm):
    """Take the case back from its units."""

    noun, verb = "return", Verb.TAKE_BACK
    title, button = gettext_lazy("Take back"), gettext_lazy("Take back from the unit")
    icon, done = "undo-2", gettext_lazy("The case is back.")

    def intro(self) -> str:
        return _("Open tasks of the units are cancelled.")

    def do(self, data: dict[str, Any]) -> object:
        return actions.take_back(self.case, **self.scene.given)


class AssignmentForm(VerbForm):
    """Give the case to a colleague, or to nobody."""

    noun, verb = "assignment", Verb.ASSIGN
    title, button = gettext_lazy("Assign"), gettext_lazy("Assign")
    icon, done = "user-check", gettext_lazy("The case was assigned.")

    owner_user = Colleagues(
        label=gettext_lazy("To whom"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )

    def prepare(self) -> None:
        field = cast("Colleagues", self.fields["owner_user"])
        staff = User.objects.filter(is_active=True, is_service=False, memberships__role__in=OWNERS)
        field.queryset = staff.distinct()
        self.initial.setdefault("owner_user", self.case.owner_user_id)

    def do(self, data: dict[str, Any]) -> object:
        return actions.assign(self.case, data["owner_user"], **self.scene.given)


class TopicForm(VerbForm):
    """Another topic; its time and unit follow."""

    noun, verb = "topic", Verb.RECLASSIFY
    title, button = gettext_lazy("Change the topic"), gettext_lazy("Change the topic")
    icon, done = "tag", gettext_lazy("The topic was changed.")

    topic = forms.ChoiceField(label=gettext_lazy("Topic"), widget=Combobox)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def prepare(self) -> None:
        self.offer("topic", self.scene.labels.leaves())
        self.offer("kind", [("", _("As the topic says")), *choices(Kind)])
        self.initial.setdefault("topic", self.case.topic)

    def intro(self) -> str:
        return _("The date by which the case is due is reckoned again from the day of receipt.")

    def do(self, data: dict[str, Any]) -> object:
        kind = Kind(data["kind"]) if data["kind"] else None
        return actions.reclassify(self.case, data["topic"], kind=kind, **self.scene.given)
