"""From a type of the schema to the fields of a form, and back: the simple kinds.

A control stands for one field of a table. It makes form fields (one, or several whose names begin
with its own), says what they hold at first, and reads them back as the plain JSON value that the
schema takes. `tables.py` puts controls together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

from django import forms
from django.utils.translation import gettext, gettext_lazy
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from derman.administration import field_words
from derman.administration.inputs import Intervals, LongText, TimeSpan
from derman.administration.scene import REFERS_TO, Choice, Scene
from derman.administration.templatetags.settings_pages import code
from derman.lib.worktime import Budget
from derman.profile.layout import Path
from derman.profile.parts import Key
from derman.profile.schema import Colour, Email
from derman.profile.shape import plain
from derman.words.kinds import Word

ABSENT = object()  # nothing is written: the schema's default holds, or it says what is missing
LONG_FROM = 80  # letters from which a plain text gets several lines


@dataclass
class Control:
    """One field of a table; `value` is what it holds before anybody types."""

    name: str
    hint: Any
    info: FieldInfo | None
    scene: Scene
    value: Any
    key: str = ""  # the name of the field in the schema
    label: str = ""
    help: str = ""
    template: ClassVar[str] = "one"
    errors: list[str] = field(default_factory=list)  # about the control as a whole

    @property
    def is_optional(self) -> bool:
        """Whether nothing may stand here; what has a default that says something is filled."""
        if self.info is None or self.info.is_required():
            return False
        return has_none(self.hint) or self.info.default in ("", (), {})

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        """The form fields; `data` is what was typed, where their number depends on it."""
        raise TypeError(f"{type(self).__name__} makes no fields")

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        """The JSON value of what was typed, or ABSENT."""
        raise TypeError(f"{type(self).__name__} reads nothing")

    def place(self, rest: Path) -> str:
        """Which form field an error below this control belongs to; empty: to the whole of it."""
        return self.name


class One(Control):
    """A value in a single form field."""

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        made = self.make()
        made.label = self.label
        made.help_text = code(self.help)
        made.initial = self.first()
        made.required = made.required and not self.is_optional
        return {self.name: made}

    def make(self) -> forms.Field:
        bare = without_none(self.hint)
        if bare == Email:
            return forms.CharField(widget=forms.EmailInput({"autocomplete": "off"}))
        if bare == Colour:
            return forms.CharField(widget=forms.TextInput({"class": "w-10", "spellcheck": "false"}))
        if len(str(self.value or "")) > LONG_FROM or self.key == "source":
            return forms.CharField(widget=LongText())
        return forms.CharField()

    def first(self) -> Any:
        return self.value

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        value = cleaned.get(self.name)
        if value in (None, ""):
            return self.nothing()
        return self.to_json(value)

    def nothing(self) -> Any:
        if has_none(self.hint):
            return None
        default = self.info.default if self.info else PydanticUndefined
        return "" if default == "" else ABSENT

    def to_json(self, value: Any) -> Any:
        return value


class YesNo(One):
    """True or false; where nothing may be said, a third choice."""

    def make(self) -> forms.Field:
        if not has_none(self.hint):
            return forms.BooleanField(required=False)
        choices = [("", gettext("Both")), ("true", gettext("Yes")), ("false", gettext("No"))]
        return forms.ChoiceField(choices=choices, required=False)

    def first(self) -> Any:
        if has_none(self.hint):
            return "" if self.value is None else str(self.value).lower()
        return self.value

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        value = cleaned.get(self.name)
        if has_none(self.hint):
            return {"true": True, "false": False}.get(str(value))
        return bool(value)


class Number(One):
    def make(self) -> forms.Field:
        limits = {type(one).__name__: one for one in (self.info.metadata if self.info else ())}
        least, most = limits.get("Ge"), limits.get("Le")
        return forms.IntegerField(
            min_value=least.ge if least else None,
            max_value=most.le if most else None,
            widget=forms.NumberInput({"class": "w-5"}),
        )


class Chosen(One):
    """One of several fixed words or keys."""

    def make(self) -> forms.Field:
        choices = choices_of(self.hint, self.key, self.scene, [self.value])
        if has_none(self.hint) or self.value in (None, ""):
            choices = [("", "—"), *choices]
        return forms.ChoiceField(choices=choices)


class Amount(One):
    """A time: an amount and its unit."""

    def make(self) -> forms.Field:
        return TimeSpan()


class Day(One):
    def make(self) -> forms.Field:
        return forms.DateField(
            widget=forms.DateInput({"type": "date", "class": "w-10"}, "%Y-%m-%d")
        )

    def to_json(self, value: Any) -> Any:
        return value.isoformat()


class Clock(One):
    def make(self) -> forms.Field:
        return forms.TimeField(widget=forms.TimeInput({"type": "time", "class": "w-10"}, "%H:%M"))

    def first(self) -> Any:
        return str(self.value or "")[:5]

    def to_json(self, value: Any) -> Any:
        return value.isoformat()


class Hours(One):
    """The intervals of one day."""

    def make(self) -> forms.Field:
        return Intervals()

    def nothing(self) -> Any:
        return []


class Lines(One):
    """Words, one on a line."""

    def make(self) -> forms.Field:
        note = gettext_lazy("One on a line.")
        return forms.CharField(widget=LongText({"rows": 4, "aria-description": note}))

    def first(self) -> Any:
        return "\n".join(self.value or ())

    def nothing(self) -> Any:
        return []

    def to_json(self, value: Any) -> Any:
        return [line.strip() for line in value.split("\n") if line.strip()]


class Several(One):
    """Any number of fixed words or keys; those that were there keep their order."""

    def make(self) -> forms.Field:
        kept = list(self.value or ())
        choices = choices_of(get_args(plain(self.hint))[0], self.key, self.scene, kept)
        widget = forms.CheckboxSelectMultiple()
        return forms.MultipleChoiceField(choices=choices, widget=widget, required=False)

    def first(self) -> Any:
        return list(self.value or ())

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        chosen = cleaned.get(self.name) or []
        before = [one for one in self.value or () if one in chosen]
        return [*before, *(one for one in chosen if one not in before)]


def without_none(hint: Any) -> Any:
    """A type without `| None`, everything else kept."""
    if is_union(hint):
        return next(arm for arm in get_args(hint) if arm is not type(None))
    return hint


def has_none(hint: Any) -> bool:
    return is_union(hint) and type(None) in get_args(hint)


def is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, type(int | str))


def is_fixed(hint: Any) -> bool:
    """Whether a type is a fixed list of words."""
    kind = plain(hint)
    return get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, StrEnum))


def choices_of(hint: Any, key: str, scene: Scene, kept: list[Any]) -> list[Choice]:
    """What may be chosen; a value that is there already always may."""
    if is_fixed(hint):
        choices = [(str(word), word_label(word)) for word in words_of(hint)]
    else:
        choices = scene.keys(REFERS_TO[key]) if key in REFERS_TO else []
    known = {value for value, _ in choices}
    return [*choices, *((one, one) for one in kept if one and one not in known)]


def words_of(hint: Any) -> tuple[Any, ...]:
    """The words of a fixed list."""
    kind = plain(hint)
    return get_args(kind) if get_origin(kind) is Literal else tuple(kind)


def word_label(word: str) -> str:
    return gettext(word.label) if isinstance(word, Word) else field_words.choice(str(word))


def simple(hint: Any, key: str) -> type[One] | None:
    """The control for a type that fits into one form field; None where it does not."""
    bare, kind = without_none(hint), plain(hint)
    found: dict[Any, type[One]] = {
        bool: YesNo, int: Number, date: Day, time: Clock, Budget: Amount,
    }  # fmt: skip
    if kind in found:
        return found[kind]
    if is_fixed(kind) or (bare == Key and key in REFERS_TO):
        return Chosen
    if kind is str:
        return One
    return _list(kind, key) if get_origin(kind) is tuple else None


def _list(kind: Any, key: str) -> type[One] | None:
    inner = get_args(kind)[0]
    if is_fixed(inner) or (inner == Key and key in REFERS_TO):
        return Several
    if plain(inner) is str:
        return Lines
    if get_args(plain(inner)) == (time, time):
        return Hours
    return None
