"""From a table of the schema to the controls of its fields; and the controls that hold others."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from django import forms
from django.utils.translation import gettext
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from derman.administration import controls, field_words
from derman.administration.controls import ABSENT, Control
from derman.administration.inputs import Intervals, LongText
from derman.administration.scene import KEYS_REFER_TO, REFERS_TO, Scene
from derman.lib.numerals import whole
from derman.profile.layout import Path
from derman.profile.meanings import meaning
from derman.profile.parts import Part
from derman.profile.shape import inside, is_by_language, plain

SHORT_TEXTS = ("label", "name", "short_name", "subject")
ORDERED = ("languages",)  # lists of choices whose order says something
SPARE_ROWS = 2
MOST_ROWS = 200


class Many(Control):
    """A control whose fields carry its name and, after a dot, their own."""

    def sub(self, *steps: object) -> str:
        return ".".join([self.name, *map(str, steps)])

    def place(self, rest: Path) -> str:
        return self.sub(rest[0]) if rest else ""


class Texts(Many):
    """A text in every language, side by side."""

    template: ClassVar[str] = "texts"

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        return {self.sub(language): self._field(language) for language in self.scene.languages}

    def _field(self, language: str) -> forms.Field:
        first = (self.value or {}).get(language, "")
        area = {"lang": language, "rows": min(14, max(2, len(first) // 60 + first.count("\n") + 1))}
        is_short = self.key in SHORT_TEXTS and "\n" not in first
        widget = forms.TextInput({"lang": language}) if is_short else LongText(area)
        return language_field(self.scene.language_name(language), first, widget)

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        texts = {
            str(language): text
            for language in self.scene.languages
            if (text := (cleaned.get(self.sub(language)) or "").strip())
        }
        return None if not texts and controls.has_none(self.hint) else texts


class TextLists(Texts):
    """Words in every language, one on a line."""

    def _field(self, language: str) -> forms.Field:
        first = "\n".join((self.value or {}).get(language, ()))
        widget = LongText({"lang": language, "rows": 5})
        return language_field(self.scene.language_name(language), first, widget)

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        texts = super().read(cleaned) or {}
        return {
            language: [line.strip() for line in text.split("\n") if line.strip()]
            for language, text in texts.items()
        }


class Nested(Many):
    """A table inside a table. Where it may be left out, empty fields leave it out."""

    template: ClassVar[str] = "nested"

    @property
    def controls(self) -> list[Control]:
        table = plain(self.hint)
        value = self.value or {}
        if controls.has_none(self.hint) and self.value is None:
            value = dict.fromkeys(table.model_fields)  # defaults would make it be there
        return controls_of(table, value, self.scene, self.name)

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        found = {name: made for one in self.controls for name, made in one.fields(data).items()}
        if controls.has_none(self.hint):
            for made in found.values():
                made.required = False
        return found

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        value = read_all(self.controls, cleaned)
        if controls.has_none(self.hint) and not any(value.values()):
            return None
        return value

    def place(self, rest: Path) -> str:
        return place_in(self.controls, rest)


class ByLanguage(Many):
    """A table for each language, side by side: the texts of a message."""

    template: ClassVar[str] = "by_language"

    def one(self, language: str) -> Nested:
        value = (self.value or {}).get(language)
        name = field_words.LANGUAGES.get(language, language)
        made = Nested(self.sub(language), inside(plain(self.hint)), None, self.scene, value)
        made.label, made.key = name, language
        return made

    @property
    def controls(self) -> list[Nested]:
        return [self.one(language) for language in self.scene.languages]

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        return {name: made for one in self.controls for name, made in one.fields(data).items()}

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        found = {one.key: one.read(cleaned) for one in self.controls}
        return {language: value for language, value in found.items() if any(value.values())}

    def place(self, rest: Path) -> str:
        return self.one(str(rest[0])).place(rest[1:]) if len(rest) > 1 else ""


class Week(Many):
    """A value for each of a few fixed words."""

    template: ClassVar[str] = "fixed"

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        made: dict[str, forms.Field] = {}
        for word in get_args(get_args(plain(self.hint))[0]):
            field = Intervals()
            field.label, field.initial = field_words.choice(word), (self.value or {}).get(word, [])
            made[self.sub(word)] = drawn_by("sub_field", field)
        return made

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        words = get_args(get_args(plain(self.hint))[0])
        return {word: cleaned.get(self.sub(word)) or [] for word in words}


class Numbers(Many):
    """A whole number for each of a few fixed words; nothing typed leaves its word out."""

    template: ClassVar[str] = "numbers"

    @property
    def words(self) -> tuple[Any, ...]:
        return controls.words_of(get_args(plain(self.hint))[0])

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        return {self.sub(word): self._field(word) for word in self.words}

    def _field(self, word: str) -> forms.Field:
        hint = inside(plain(self.hint))
        limits = next((one for one in get_args(hint) if isinstance(one, FieldInfo)), None)
        first = (self.value or {}).get(word)
        made = controls.Number(self.sub(word), hint, limits, self.scene, first).make()
        made.label, made.initial, made.required = controls.word_label(word), first, False
        return drawn_by("sub_field", made)

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        typed = {str(word): cleaned.get(self.sub(word)) for word in self.words}
        return {word: number for word, number in typed.items() if number is not None}


class Rows(Many):
    """Pairs of a key and a value, or ordered choices: a line for each, and some to spare."""

    template: ClassVar[str] = "rows"

    @property
    def is_map(self) -> bool:
        return get_origin(plain(self.hint)) is dict

    def pairs(self) -> list[tuple[Any, Any]]:
        if self.is_map:
            return list((self.value or {}).items())
        return [(None, one) for one in self.value or ()]

    def count(self, data: Mapping[str, Any] | None) -> int:
        typed = whole(str((data or {}).get(self.sub("rows"), "")))
        if typed is not None:
            return min(typed, MOST_ROWS)
        hint = get_args(plain(self.hint))[0]
        words = controls.words_of(hint) if controls.is_fixed(hint) else ()
        return min(len(self.pairs()) + SPARE_ROWS, len(words) or MOST_ROWS)

    def fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        count = self.count(data)
        made: dict[str, forms.Field] = {
            self.sub("rows"): forms.IntegerField(
                widget=forms.HiddenInput, initial=count, required=False
            )
        }
        pairs = [*self.pairs(), *[(None, None)] * count][:count]
        for at, (key, value) in enumerate(pairs):
            if self.is_map:
                made[self.sub(at, "key")] = self._key_field(key, at)
            made[self.sub(at, "value")] = self._value_field(value, at)
        return made

    def _key_field(self, first: Any, at: int) -> forms.Field:
        hint = get_args(plain(self.hint))[0]
        label = gettext("Line %(n)s") % {"n": at + 1}
        if plain(hint) is date:
            widget: forms.Widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
            made: forms.Field = forms.DateField(widget=widget)
        else:
            made = self._choice(hint, KEYS_REFER_TO.get(self.key, ""), first)
        return named(made, label, first)

    def _value_field(self, first: Any, at: int) -> forms.Field:
        hint = inside(plain(self.hint))
        label = gettext("Line %(n)s, value") % {"n": at + 1}
        is_hours = get_origin(plain(hint)) is tuple and get_args(plain(inside(hint))) == (
            time,
            time,
        )
        made = Intervals() if is_hours else self._choice(hint, REFERS_TO.get(self.key, ""), first)
        return named(made, label, first)

    def _choice(self, hint: Any, refers_to: str, first: Any) -> forms.Field:
        if not controls.is_fixed(hint) and not refers_to:
            return forms.CharField()
        if refers_to and plain(hint) is str:
            choices = self.scene.keys(refers_to)
        else:
            choices = controls.choices_of(hint, self.key, self.scene, [])
        if first and first not in dict(choices):
            choices.append((first, first))
        return forms.ChoiceField(choices=[("", "—"), *choices])

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        count = int(cleaned.get(self.sub("rows")) or 0)
        values = [cleaned.get(self.sub(at, "value")) for at in range(count)]
        if not self.is_map:
            return list(dict.fromkeys(value for value in values if value))
        keys = [cleaned.get(self.sub(at, "key")) for at in range(count)]
        return {
            key.isoformat() if isinstance(key, date) else key: value
            for key, value in zip(keys, values, strict=True)
            if key and value not in (None, "")
        }

    def place(self, rest: Path) -> str:
        keys = [str(key) for key, _ in self.pairs()]
        if rest and self.is_map:
            return self.sub(keys.index(str(rest[0])), "value") if str(rest[0]) in keys else ""
        return self.sub(rest[0], "value") if rest else ""


class Raw(controls.One):
    """Whatever has no control of its own, as JSON."""

    def make(self) -> forms.Field:
        return forms.JSONField(widget=LongText({"rows": 6}), required=False)


def controls_of(
    table: type[Part], value: Mapping[str, Any], scene: Scene, prefix: str = ""
) -> list[Control]:
    """A control for each field of a table that is edited on its page."""
    hints = get_type_hints(table, include_extras=True)
    found = []
    for key, info in table.model_fields.items():
        if not is_collection(hints[key]):
            first = value.get(key, default_of(info))
            found.append(
                control_for(f"{prefix}.{key}".lstrip("."), key, hints[key], info, scene, first)
            )
            found[-1].help = gettext(text) if (text := meaning(table, key)) else ""
    return found


def control_for(
    name: str, key: str, hint: Any, info: FieldInfo | None, scene: Scene, value: Any
) -> Control:
    """The control for a type."""
    made = _kind_of(hint, key)(name, hint, info, scene, value)
    made.key, made.label = key, field_words.field(key)
    return made


def _kind_of(hint: Any, key: str) -> type[Control]:
    kind = plain(hint)
    if is_by_language(kind):
        return _by_language(inside(kind))
    if is_table(kind):
        return Nested
    if get_origin(kind) is tuple and key in ORDERED:
        return Rows
    if get_origin(kind) is dict and _fits_a_row(kind):
        fixed = controls.is_fixed(get_args(kind)[0]) and plain(inside(kind)) is not str
        return Week if fixed else Rows
    if get_origin(kind) is dict and controls.is_fixed(get_args(kind)[0]):
        return Numbers if plain(inside(kind)) is int else Raw
    return controls.simple(hint, key) or Raw


def _by_language(inner: Any) -> type[Control]:
    if is_table(plain(inner)):
        return ByLanguage
    return TextLists if get_origin(plain(inner)) is tuple else Texts


def _fits_a_row(kind: Any) -> bool:
    """Whether key and value each fit into one field."""
    key, value = get_args(kind)
    keys = controls.is_fixed(key) or plain(key) in (str, date)
    hours = get_origin(plain(value)) is tuple and get_args(plain(inside(plain(value)))) == (
        time,
        time,
    )
    return keys and (plain(value) is str or hours)


def is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def is_collection(hint: Any) -> bool:
    """Whether a field holds many tables, each with a page of its own."""
    kind = plain(hint)
    if get_origin(kind) is dict and not is_by_language(kind):
        held = plain(inside(kind))
        return is_table(held) or (is_by_language(held) and is_table(plain(inside(held))))
    return get_origin(kind) is tuple and is_table(plain(inside(kind)))


def default_of(info: FieldInfo) -> Any:
    if info.is_required():
        return None
    default = info.get_default(call_default_factory=True)
    return default.model_dump(mode="json") if isinstance(default, BaseModel) else default


def read_all(found: list[Control], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    values = {one.key: one.read(cleaned) for one in found}
    return {key: value for key, value in values.items() if value is not ABSENT}


def place_in(found: list[Control], rest: Path) -> str:
    """Which form field an error at a path below a table belongs to."""
    for one in found:
        if rest and one.key == rest[0]:
            return one.place(rest[1:])
    return ""


def language_field(label: str, first: Any, widget: forms.Widget) -> forms.Field:
    made = forms.CharField(
        label=label, initial=first, required=False, strip=False, max_length=100_000, widget=widget
    )
    return drawn_by("sub_field", made)


def drawn_by(template: str, made: forms.Field) -> forms.Field:
    """Let a template of ours draw the field (Django 5.0 and later; its stubs do not know)."""
    made.template_name = f"administration/{template}.html"  # type: ignore[attr-defined]
    return made


def named(made: forms.Field, label: str, first: Any) -> forms.Field:
    made.label, made.initial, made.required = label, first, False
    return drawn_by("row_field", made)
