"""A form for one place of the profile, made from the schema; what it reads goes into the draft."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorList
from django.utils.translation import get_language, gettext

from derman.administration import tables
from derman.administration.controls import Control
from derman.administration.scene import Scene
from derman.lib import turkish
from derman.profile.errors import Finding, Sentence
from derman.profile.layout import Path
from derman.profile.shape import plain
from derman.ui.forms import ScriptedField

WHOLE = "value"  # the one control of a place that is no table


@dataclass(frozen=True)
class Group:
    """A control with its fields, ready to be drawn."""

    control: Control
    fields: list[BoundField]
    inner: list["Group"]
    errors: list[str]

    @property
    def template(self) -> str:
        return f"administration/controls/{self.control.template}.html"


@dataclass(frozen=True)
class Complaint:
    """What is wrong at a field, for the list on top of the page."""

    label: str
    text: str
    id: str = ""


class PartForm(forms.Form):
    """The fields of one place. `value` is what stands there, in JSON; `hidden` is not asked for."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    shown = ScriptedField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        hint: Any,
        value: Any,
        scene: Scene,
        data: Mapping[str, Any] | None = None,
        *,
        hidden: Collection[str] = (),
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.is_table = tables.is_table(plain(hint))
        if self.is_table:
            found = tables.controls_of(plain(hint), value or {}, scene)
            self.controls = [one for one in found if one.key not in hidden]
        else:
            self.controls = [tables.control_for(WHOLE, "text", hint, None, scene, value)]
        self.problems: dict[str, list[str]] = {}  # of controls as a whole, by their name
        for control in self.controls:
            self.fields.update(control.fields(data))

    def remember(self, value: Any) -> None:
        """Let the browser send back what was shown, so that a save can tell what was changed."""
        self.initial["shown"] = value

    def was(self) -> Any:
        """What was shown when this was typed."""
        return self.cleaned_data.get("shown")

    def read(self) -> Any:
        """The JSON value that was typed."""
        values = tables.read_all(self.controls, self.cleaned_data)
        return values if self.is_table else next(iter(values.values()), None)

    def blame(self, found: Iterable[Finding], above: Path) -> list[str]:
        """Put each finding below `above` at its field; return those that have none."""
        homeless: list[str] = []
        for finding in found:
            rest, message = finding.path[len(above) :], in_words(finding.message)
            name = self.place(rest)
            if name in self.fields:
                self.errors.setdefault(name, ErrorList(error_class="")).append(message)
            elif control := self._control(rest):
                self.problems.setdefault(control.name, []).append(message)
            else:
                homeless.append(f"{'.'.join(map(str, rest))}: {message}" if rest else message)
        return homeless

    def complaints(self) -> list[Complaint]:
        """Everything that is wrong, with the field that it is about."""
        found = [
            Complaint(self.label_of(name), str(text), self[name].id_for_label)
            for name, texts in self.errors.items()
            if name in self.fields
            for text in texts
        ]
        names = {control.name: control.label for control in self.controls}
        for name, problems in self.problems.items():
            found += [Complaint(names.get(name, name), text) for text in problems]
        return found

    def label_of(self, name: str) -> str:
        """What a form field is called together with the control that it belongs to."""
        own = str(self.fields[name].label or name)
        above = next((one.label for one in self.controls if name.startswith(f"{one.name}.")), "")
        return f"{above} · {own}" if above and self.is_table else own

    def place(self, rest: Path) -> str:
        """The form field that a path below this place leads to."""
        if not self.is_table:
            return self.controls[0].place(rest)
        return tables.place_in(self.controls, rest)

    def _control(self, rest: Path) -> Control | None:
        if not self.is_table:
            return self.controls[0]
        return next((one for one in self.controls if rest and one.key == rest[0]), None)

    def groups(self) -> list[Group]:
        """What to draw, in the order of the schema."""
        return [self._group(control) for control in self.controls]

    def _group(self, control: Control) -> Group:
        inner = [self._group(one) for one in getattr(control, "controls", ())]
        below = f"{control.name}."
        names = [name for name in self.fields if name == control.name or name.startswith(below)]
        bound = [] if inner else [self[name] for name in names]
        return Group(control, bound, inner, self.problems.get(control.name, []))


def in_words(message: str) -> str:
    """What is wrong, in the reader's language, as a sentence."""
    if isinstance(message, Sentence):
        given = message.values.items()
        values = {name: gettext(value) if value else value for name, value in given}
        said = gettext(message.pattern).format(**values)
        begins_with_key = message.pattern.startswith("{")
    else:
        said, begins_with_key = gettext(message), False
    upper = turkish.upper_tr if get_language() == "tr" else str.upper
    first = said[:1] if begins_with_key else upper(said[:1])
    return f"{first}{said[1:]}{'' if said.endswith(('.', '…')) else '.'}"
