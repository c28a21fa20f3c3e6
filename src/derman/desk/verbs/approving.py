"""The second pair of eyes at the desk: approve a decision that waits, or send it back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts import rights
from derman.cases import actions, authority, escalation_words
from derman.cases.models import Approval
from derman.desk.shown_people import Applicant
from derman.desk.verbs.form import Scene, VerbForm, long_text
from derman.words.life import Verb

WAITS = "approval_waits"  # section of the case page
APPROVE, DECLINE = "approve", "decline"


def may_answer(row: Approval, scene: Scene) -> bool:
    """Whether this person is somebody else, with the right and the authority."""
    if row.asked_by_id == scene.user.pk or not rights.may(scene.user, Verb.APPROVE):
        return False
    profile = scene.profile.profile
    return authority.may_approve(scene.user, scene.case, row.decision, scene.in_all, profile)


class ApprovalForm(VerbForm):
    """Yes, or no with a reason; what was decided stands above the timeline."""

    noun, verb = "approval", Verb.APPROVE
    title, button = gettext_lazy("Approve or send back"), gettext_lazy("Save")
    icon, done = "stamp", gettext_lazy("The decision was approved and carried out.")
    label = gettext_lazy("Approve")

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (APPROVE, gettext_lazy("Approve: it is carried out, and the applicant is told")),
            (DECLINE, gettext_lazy("Send back: somebody decides again")),
        ],
    )
    note = long_text(
        gettext_lazy("Note to whoever asked; needed when you send it back"), rows=3, required=False
    )

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        if not scene.has(WAITS) or scene.waiting is None:
            return False
        return may_answer(scene.waiting, scene)

    def intro(self) -> str:
        row = self.scene.waiting
        if row is None:
            return ""
        why = escalation_words.why_it_waits(
            row, self.scene.profile.profile, self.scene.labels.language
        )
        said = {
            "name": row.asked_by.name,
            "text": Applicant(self.case, self.scene.user).readable(row.text),
        }
        writes = _("%(name)s writes: “%(text)s”") % said
        return f"{why} {writes}"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("answer") == DECLINE and not said.get("note", "").strip():
            self.add_error("note", _("Say why, so that the decision can be made again."))
        return said

    def said(self, made: object) -> Any:
        declined = self.cleaned_data["answer"] == DECLINE
        return _("The decision was sent back.") if declined else self.done

    def do(self, data: dict[str, Any]) -> object:
        row = self.scene.waiting
        if row is None:
            raise actions.CannotDo(_("This decision does not wait any more."))
        if data["answer"] == DECLINE:
            return actions.decline(row, data["note"], **self.scene.given)
        return actions.approve(row, note=data["note"], **self.scene.given)
