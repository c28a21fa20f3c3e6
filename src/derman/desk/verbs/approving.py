"""The second pair of eyes at the desk: approve a decision that waits, or send it back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.cases import actions, authority, escalation_words
from derman.cases.models import Approval
from derman.desk.verbs.form import Scene, VerbForm, long_text
from derman.lib.masks import mask_in_text
from derman.words.life import Verb
from derman.words.loop import ApprovalState

WAITS = "approval_waits"  # section of the case page
APPROVE, DECLINE = "approve", "decline"


def waiting(scene: Scene) -> Approval | None:
    """The decision that waits on this case, with the people it names."""
    found = Approval.objects.filter(case=scene.case, state=ApprovalState.WAITING)
    row = found.select_related("asked_by", "decided_by").first()
    if row:
        row.case = scene.case
    return row


def may_answer(row: Approval, scene: Scene) -> bool:
    """Whether this person is somebody else, with the right and the authority."""
    return row.asked_by_id != scene.user.pk and authority.may_approve(
        scene.user, scene.case, row.decision, row.compensation, scene.profile.profile
    )


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
        if not scene.has(WAITS):
            return False
        row = waiting(scene)
        return row is not None and may_answer(row, scene)

    def intro(self) -> str:
        row = waiting(self.scene)
        if row is None:
            return ""
        why = escalation_words.why_it_waits(
            row, self.scene.profile.profile, self.scene.labels.language
        )
        said = {"name": row.asked_by.name, "text": mask_in_text(row.text)}
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
        row = waiting(self.scene)
        if row is None:
            raise actions.CannotDo(_("This decision does not wait any more."))
        if data["answer"] == DECLINE:
            return actions.decline(row, data["note"], **self.scene.given)
        return actions.approve(row, note=data["note"], **self.scene.given)
