"""The form of a search for a root cause: its answers, and what the cause is.

Both are one form, so that keeping the one never loses what was typed of the other.
"""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.desk.labels import Labels, word
from derman.profile.schema import Profile
from derman.quality.causes import Found, Steps, sides_of
from derman.quality.models import RootCause
from derman.words.learning import Bone, CauseMethod

LONGEST, LONGEST_ANSWER = 10_000, 2000
WHY = "why"
WHYS = 5
TOO_LONG = gettext_lazy("This is too long: at most %d characters.")


class Whys(forms.Textarea):
    """One text area after the other, all of one name."""

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> list[str]:
        return list(data.getlist(name))


class WhysField(forms.Field):
    """The answers to "why?", in order."""

    widget = Whys

    def clean(self, value: Any) -> list[str]:
        return [_checked(text) for text in value or ()]


class SideField(forms.CharField):
    """One side of the fishbone: what plays a part, one on a line."""

    widget = forms.Textarea({"rows": 4, "maxlength": LONGEST_ANSWER})

    def clean(self, value: Any) -> list[str]:
        return _checked(super().clean(value)).splitlines()

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class SearchForm(forms.Form):
    """Answers by the method that was shown; the cause is asked for once it is concluded."""

    category = forms.ChoiceField(label=gettext_lazy("Where the cause lies"), required=False)
    conclusion = forms.CharField(
        label=gettext_lazy("What the cause is"), max_length=LONGEST, required=False,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say what the cause is.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, cause: RootCause, profile: Profile, concludes: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        shown = self.data.get("method", cause.method)
        self.method = CauseMethod(shown if shown in tuple(CauseMethod) else cause.method)
        self.fields = {**self._answers(), **self.fields}
        self.fields["conclusion"].required = concludes
        self._offer_categories(profile, cause, required=concludes)

    def _answers(self) -> dict[str, forms.Field]:
        if self.method == CauseMethod.WHYS:
            return {WHY: WhysField(label=word(CauseMethod, CauseMethod.WHYS), required=False)}
        return {
            side: SideField(label=word(Bone, side), required=False)
            for side in sides_of(self.method)
        }

    def _offer_categories(self, profile: Profile, cause: RootCause, *, required: bool) -> None:
        language = Labels.for_reader(profile).language
        offered = [
            (key, profile.text(one.label, language))
            for key, one in profile.learning.categories.items()
            if not one.retired or key == cause.category
        ]
        if not offered:
            del self.fields["category"]
            return
        field = cast("forms.ChoiceField", self.fields["category"])
        field.required = required
        field.error_messages["required"] = _("Choose where the cause lies.")
        field.choices = [("", _("Choose one")), *offered]

    @property
    def whys(self) -> list[str]:
        """The answers to show, with room for more."""
        typed = [text for text in self[WHY].value() or () if text.strip()]
        return [*typed, *[""] * max(1, WHYS - len(typed))]

    @property
    def sides(self) -> list[forms.BoundField]:
        """The sides of the fishbone."""
        return [self[side] for side in sides_of(self.method)]

    def said(self) -> Found:
        """What a form without mistakes says; what was not sent stays as it was."""
        given = self.cleaned_data
        steps: Steps | None = None
        if any(name in self.data for name in (WHY, *map(str, Bone))):
            steps = {side: given[side or WHY] for side in sides_of(self.method)}
        return Found(steps, given.get("category", ""), given["conclusion"])


def first_of(cause: RootCause) -> dict[str, Any]:
    """The form of a search as it stands."""
    answers: dict[str, Any] = {"category": cause.category, "conclusion": cause.conclusion}
    for side, text in cause.steps.order_by("place", "id").values_list("bone", "text"):
        answers.setdefault(side or WHY, []).append(text)
    return answers


def _checked(text: str) -> str:
    """One line break is one character, as the browser counts them."""
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST_ANSWER:
        raise forms.ValidationError(TOO_LONG % LONGEST_ANSWER)
    return text
