"""The form of the tags of a case."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.cases import actions
from derman.desk.verbs.form import VerbForm
from derman.words.life import Verb


class TagsForm(VerbForm):
    """Which of the organisation's tags the case has."""

    noun, verb = "tags", Verb.TAG
    title, button = gettext_lazy("Tags"), gettext_lazy("Save the tags")
    icon, done = "tag", gettext_lazy("The tags were saved.")

    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Tags"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.now = list(self.case.tags.order_by("id").values_list("tag", flat=True))
        retired = [(key, self.scene.labels.tag(key)) for key in self.now]
        self.offer("tags", list(dict([*self.scene.labels.tags(), *retired]).items()))
        self.initial.setdefault("tags", self.now)

    def intro(self) -> str:
        if self.fields["tags"].choices:  # type: ignore[attr-defined]
            return _("Tags help to find and count cases; the applicant does not see them.")
        return _("There are no tags yet; an administrator adds them in the settings.")

    def do(self, data: dict[str, Any]) -> object:
        wanted = set(data["tags"])
        with transaction.atomic():
            for key in [key for key in self.now if key not in wanted]:
                actions.untag(self.case, key, **self.scene.given)
            for key in [key for key in data["tags"] if key not in self.now]:
                actions.tag(self.case, key, **self.scene.given)
        return None
