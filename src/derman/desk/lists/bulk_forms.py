"""What must be said once for many cases: to whom, which unit, which tag, which kind of file."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.desk.filters import OWNERS
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels
from derman.desk.people import Colleagues
from derman.desk.verbs.form import LONGEST
from derman.ui.forms import Combobox
from derman.workplace.models import BulkRun
from derman.workplace.models.bulk import BulkVerb

NOBODY = gettext_lazy("Nobody")


class BulkForm(forms.Form):
    """Subclasses say what is asked, and keep it with the run as keys."""

    title: ClassVar[Any]
    button: ClassVar[Any]
    icon: ClassVar[str]
    needs: ClassVar[str] = ""  # the key without which nothing can be previewed

    def __init__(self, *args: Any, run: BulkRun, request: DeskRequest, **kwargs: Any) -> None:
        kwargs["initial"] = {**run.details, "question": run.question}
        super().__init__(*args, **kwargs)
        self.run = run
        self.labels = Labels.for_reader(request.profile.profile)
        self.prepare()
        if run.undoes_id:
            self.fields.clear()  # what is given back stands with each case

    def prepare(self) -> None:
        """Choices."""

    def chosen(self) -> dict[str, Any]:
        """What was said, as keys."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def keep(self) -> None:
        """With the run, until it is ordered."""
        self.run.details = {**self.run.details, **self.chosen()}
        self.run.save(update_fields=["details", "question"])

    @property
    def is_chosen(self) -> bool:
        """Whether enough is said for a preview."""
        return not self.errors and (not self.needs or self.needs in self.run.details)

    def said(self) -> str:
        """What was said, in words."""
        return ""


class AssignForm(BulkForm):
    """To one colleague, or to nobody."""

    title, button = gettext_lazy("Assign"), gettext_lazy("Assign them")
    icon, needs = "user-check", "to"

    to = Colleagues(
        label=gettext_lazy("To whom"),
        queryset=User.objects.none(),
        required=False,
        empty_label=NOBODY,
    )

    def prepare(self) -> None:
        staff = User.objects.filter(is_active=True, is_service=False, memberships__role__in=OWNERS)
        field = cast("Colleagues", self.fields["to"])
        field.queryset = staff.distinct()

    def chosen(self) -> dict[str, Any]:
        if "to" not in self.fields:
            return {}
        to = self.cleaned_data["to"]
        return {"to": to.pk if to else None}

    def said(self) -> str:
        if self.run.undoes_id:
            return _("Back to whoever had it")
        found = User.objects.filter(pk=self.run.details.get("to")).first()
        return found.name if found else str(NOBODY)


class ReferForm(BulkForm):
    """The same question to one unit."""

    title, button = gettext_lazy("Refer"), gettext_lazy("Refer them")
    icon, needs = "arrow-right", "unit"

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), widget=Combobox)
    question = forms.CharField(
        label=gettext_lazy("Question to the unit"),
        max_length=LONGEST,
        strip=False,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def prepare(self) -> None:
        cast("forms.ChoiceField", self.fields["unit"]).choices = [("", ""), *self.labels.units()]

    def chosen(self) -> dict[str, Any]:
        self.run.question = self.cleaned_data["question"]
        return {"unit": self.cleaned_data["unit"]}

    def said(self) -> str:
        return self.labels.unit(self.run.details.get("unit", ""))


class TagForm(BulkForm):
    """One tag."""

    title, button = gettext_lazy("Tag"), gettext_lazy("Tag them")
    icon, needs = "tag", "tag"

    tag = forms.ChoiceField(label=gettext_lazy("Tag"))

    def prepare(self) -> None:
        cast("forms.ChoiceField", self.fields["tag"]).choices = [("", ""), *self.labels.tags()]

    def said(self) -> str:
        return self.labels.tag(self.run.details.get("tag", ""))


class UntagForm(TagForm):
    """A tag that is taken off, a retired one too."""

    title, button = gettext_lazy("Take a tag off"), gettext_lazy("Take it off")

    def prepare(self) -> None:
        all_tags = [(key, self.labels.tag(key)) for key in self.labels.profile.tags]
        cast("forms.ChoiceField", self.fields["tag"]).choices = [("", ""), *all_tags]


class ExportForm(BulkForm):
    """CSV or XLSX."""

    title, button = gettext_lazy("Export"), gettext_lazy("Make the file")
    icon = "download"

    format = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[("xlsx", "XLSX"), ("csv", "CSV")],
        initial="xlsx",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("format", "xlsx")

    def said(self) -> str:
        return str(self.run.details.get("format", "")).upper()


FORMS: dict[str, type[BulkForm]] = {
    BulkVerb.ASSIGN: AssignForm,
    BulkVerb.REFER: ReferForm,
    BulkVerb.TAG: TagForm,
    BulkVerb.UNTAG: UntagForm,
    BulkVerb.EXPORT: ExportForm,
}
