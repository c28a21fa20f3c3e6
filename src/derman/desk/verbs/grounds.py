"""A decision with its grounds as a form: why it was decided so, and what that rests on."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from derman.cases import actions
from derman.desk.labels import Labels, choices, word
from derman.desk.verbs.form import VerbForm, long_text
from derman.profile.decisions import Reason
from derman.profile.schema import Profile
from derman.words.kinds import Decision, Kind

JUDGED = (Decision.JUSTIFIED, Decision.PARTLY, Decision.NOT_JUSTIFIED)
MOST_FILES = 10
GROUNDS = ("decision", "reason_code", "evidence")

Groups = list[tuple[str, list[tuple[str, str]]]]


def decisions_for(kind: str) -> list[tuple[str, str]]:
    """A complaint is judged; other matters may need no decision."""
    return choices(Decision, JUDGED if kind == Kind.COMPLAINT else None)


def reasons(profile: Profile, labels: Labels, topic: str | None) -> Groups:
    """By the decisions that they fit, so that no script is needed to find the right one.

    Without a topic all that can be given on some topic.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, reason in profile.decisions.reasons.items():
        fits = [one for one in JUDGED if _fits(reason, one, topic)]
        if fits:
            name = ", ".join(word(Decision, one) for one in fits)
            groups.setdefault(name, []).append((key, labels.reason(key)))
    return list(groups.items())


def _fits(reason: Reason, decision: Decision, topic: str | None) -> bool:
    about = (reason.topics or ("",))[0] if topic is None else topic
    return reason.fits(decision, about)


class GroundsForm(VerbForm):
    """A decision in the words in which the applicant is told, beside it what the profile asks."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(label=pgettext_lazy("of a decision", "Reason"), required=False)
    text = long_text(gettext_lazy("Result, as the applicant reads it"))
    evidence = long_text(gettext_lazy("What the decision rests on"), rows=2, required=False)

    def prepare(self) -> None:
        self.offer("decision", decisions_for(self.case.kind))
        profile = self.scene.profile.profile
        is_complaint = self.case.kind == Kind.COMPLAINT
        found = reasons(profile, self.scene.labels, self.case.topic) if is_complaint else []
        self.fields["evidence"].help_text = self._help(found)
        if found:
            self.offer("reason_code", [("", "—"), *found])
            self.fields["reason_code"].required = profile.decisions.asks_reason
        else:
            del self.fields["reason_code"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "decision" not in self.fields or self.errors.keys() & set(GROUNDS):
            return data
        ruling = actions.Ruling(
            Decision(data["decision"]),
            data.get("text", ""),
            data.get("reason_code", ""),
            data["evidence"],
        )
        if fault := ruling.fault(self.case, actions.Act(**self.scene.given)):
            self.add_error(fault.field, str(fault))
        return data

    def _help(self, offered: Groups) -> str:
        """Who reads the evidence, whether a reason needs it, and the files that can be named."""
        said = self.scene.profile.profile.decisions.reasons
        keys = [key for _name, group in offered for key, _label in group]
        lines = [_("Only colleagues read this.")]
        if any(said[key].needs_evidence for key in keys):
            lines.append(_("Some reasons need it."))
        names = self.case.attachments.order_by("at").values_list("name", flat=True)[:MOST_FILES]
        if found := ", ".join(names):
            lines.append(_("Files of the case: %(names)s.") % {"names": found})
        return " ".join(lines)
