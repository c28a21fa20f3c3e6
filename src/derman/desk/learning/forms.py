"""The forms of root causes and improvements; what is wrong is said at its field."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.desk import days
from derman.desk.days import DayField
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels, choices
from derman.desk.people import by_name
from derman.profile.schema import Profile
from derman.quality.improving import Said
from derman.quality.models import Improvement, RootCause
from derman.quality.scope import Scope
from derman.words.learning import CauseMethod
from derman.words.rights import RIGHTS, Place, Role

LEARNERS = [role for role in Role if Place.LEARNING in RIGHTS[role].places]
LONGEST = 10_000
DAYS = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
MOST_DAYS = 200


def people() -> list[tuple[str, str]]:
    """Who may own a root cause or an improvement: whoever may see them."""
    staff = User.objects.filter(is_active=True, is_service=False, memberships__role__in=LEARNERS)
    return by_name(staff.distinct())


class Owned(forms.Form):
    """A form that names who looks after it."""

    owner = forms.ChoiceField(
        label=gettext_lazy("Who looks after it"),
        error_messages={"required": gettext_lazy("Choose who looks after it.")},
    )

    def __init__(self, *args: Any, request: DeskRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.labels = Labels.for_reader(request.profile.profile)
        staff, owner = people(), self.initial.get("owner") or str(request.user.pk)
        if owner not in dict(staff):  # who left is not replaced by the first of the list
            staff.insert(0, ("", _("Choose one")))
        self._choose("owner", staff)
        self.fields["owner"].initial = owner

    def _choose(self, name: str, options: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = options

    def clean_owner(self) -> User:
        return User.objects.get(pk=self.cleaned_data["owner"])


class CauseForm(Owned):
    """A root cause as it begins, or its name, method and owner later."""

    title = forms.CharField(
        label=gettext_lazy("What happens again and again"), max_length=160,
        error_messages={"required": gettext_lazy("Say in a few words what happens.")},
    )  # fmt: skip
    method = forms.ChoiceField(
        label=gettext_lazy("How to look for the cause"), widget=forms.RadioSelect,
        initial=CauseMethod.WHYS,
    )  # fmt: skip
    field_order = ["title", "method", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("method", choices(CauseMethod))


class ImprovementForm(Owned):
    """What is changed, where and since when; with what it is compared; which days do not count."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=gettext_lazy("Name"), max_length=160,
        error_messages={"required": gettext_lazy("Give it a name.")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What is changed"), max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say what is changed.")},
    )  # fmt: skip
    starts_on = DayField(
        label=gettext_lazy("From which day on"), widget=DAYS,
        help_text=gettext_lazy("Complaints before this day are compared with those after it."),
        error_messages={"required": gettext_lazy("Choose the day.")},
    )  # fmt: skip
    due_on = DayField(
        label=gettext_lazy("In place by"), widget=DAYS,
        error_messages={"required": gettext_lazy("Choose the day.")},
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one topic.")},
    )  # fmt: skip
    regions = forms.MultipleChoiceField(
        label=gettext_lazy("Regions"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("None means all."),
    )  # fmt: skip
    compared_topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics to compare with"), widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Similar complaints that the change does not touch, if there are."),
    )  # fmt: skip
    compared_regions = forms.MultipleChoiceField(
        label=gettext_lazy("Regions to compare with"), widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    weeks_before = forms.IntegerField(
        label=gettext_lazy("Weeks before it that count"), min_value=4, max_value=104,
        widget=forms.NumberInput({"class": "w-5"}),
    )  # fmt: skip
    accounts_before = forms.IntegerField(
        label=gettext_lazy("Accounts before"), min_value=1, max_value=1_000_000_000, required=False,
        widget=forms.NumberInput({"class": "w-10"}),
        help_text=gettext_lazy("Only where their number has changed: then per 1,000 accounts."),
    )  # fmt: skip
    accounts_after = forms.IntegerField(
        label=gettext_lazy("Accounts since"), min_value=1, max_value=1_000_000_000, required=False,
        widget=forms.NumberInput({"class": "w-10"}),
    )  # fmt: skip
    left_out = forms.CharField(
        label=gettext_lazy("Days to leave out"), required=False, max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("One on a line with its reason: 2026-03-04 outage in the north"),
    )  # fmt: skip
    field_order = [
        "version", "title", "text", "owner", "starts_on", "due_on", "topics", "regions",
        "compared_topics", "compared_regions", "weeks_before", "accounts_before",
        "accounts_after", "left_out",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = _topics(self.labels, self["topics"].value() or ())
        regions = [(key, self.labels.region(key)) for key in self._profile.organisation.regions]
        for name, options in (("topics", topics), ("regions", regions)):
            self._choose(name, options)
            self._choose(f"compared_{name}", options)
        self.fields["weeks_before"].initial = self._profile.learning.weeks_before

    @property
    def _profile(self) -> Profile:
        return self.request.profile.profile

    def clean_left_out(self) -> Mapping[date, str]:
        """Each line a day and its reason."""
        found: dict[date, str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["left_out"].splitlines())):
            said, _space, reason = line.partition(" ")
            day = days.read(said)
            if day is None:
                text = _("Begin each line with a day as 2026-03-04: %s")
                raise forms.ValidationError(text % line[:80])
            if not reason.strip():
                raise forms.ValidationError(_("Say why %s is left out.") % said)
            found[day] = reason.strip()[:160]
        if len(found) > MOST_DAYS:
            raise forms.ValidationError(_("These are too many days; at most %d.") % MOST_DAYS)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sizes = [cleaned.get(f"accounts_{side}") for side in ("before", "after")]
        if any(sizes) and not all(sizes):
            missing = "accounts_after" if sizes[0] else "accounts_before"
            if missing not in self.errors:
                self.add_error(missing, _("Give both numbers, or none."))
        return cleaned

    def said(self) -> Said:
        """What a form without mistakes says."""
        given = self.cleaned_data
        sizes = (given["accounts_before"], given["accounts_after"])
        return Said(
            **{name: given[name] for name in ("title", "text", "starts_on", "due_on", "owner")},
            about=Scope(tuple(given["topics"]), tuple(given["regions"])),
            compared=Scope(tuple(given["compared_topics"]), tuple(given["compared_regions"])),
            weeks_before=given["weeks_before"],
            accounts=sizes if all(sizes) else None,
            left_out=given["left_out"],
        )


class RestartForm(forms.Form):
    """From which day on it is tried again."""

    starts_on = DayField(
        label=gettext_lazy("Take it up again from"), widget=DAYS,
        error_messages={"required": gettext_lazy("Choose the day.")},
    )  # fmt: skip


def first_values(improvement: Improvement) -> dict[str, Any]:
    """The form of an improvement as it stands."""
    names = ("version", "title", "text", "starts_on", "due_on", "weeks_before")
    rows = {
        f"{prefix}{kind}s": [getattr(row, kind) for row in found if row.is_compared == bool(prefix)]
        for kind, found in (
            ("topic", list(improvement.topics.all())),
            ("region", list(improvement.regions.all())),
        )
        for prefix in ("", "compared_")
    }
    left_out = improvement.left_out.order_by("day").values_list("day", "reason")
    return {
        **{name: getattr(improvement, name) for name in names},
        **rows,
        "owner": str(improvement.owner_id),
        "accounts_before": improvement.accounts_before,
        "accounts_after": improvement.accounts_after,
        "left_out": "\n".join(f"{day.isoformat()} {reason}" for day, reason in left_out),
    }


def first_of_cause(cause: RootCause) -> dict[str, Any]:
    """The form of an improvement that follows from a root cause: its most frequent topics."""
    return {"title": cause.title, "topics": list(cause.topics)[:3], "owner": str(cause.owner_id)}


def _topics(labels: Labels, chosen: Collection[str]) -> list[Any]:
    """Main topics, each followed by its sub-topics; retired ones are still measured.

    The list shows only its beginning, so those with something chosen stand first.
    """
    groups, mains = [], {topic.split(".")[0] for topic in chosen}
    for key, topic in labels.profile.topics.items():
        subs = [(f"{key}.{sub}", f"— {labels.topic(f'{key}.{sub}')}") for sub in topic.children]
        whole = (key, _("All of %s") % labels.topic(key) if subs else labels.topic(key))
        groups.append((labels.topic(key), [whole, *subs]))
    return sorted(groups, key=lambda group: group[1][0][0] not in mains)
