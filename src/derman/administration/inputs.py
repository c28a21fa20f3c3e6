"""Form fields for what only a profile holds: a budget of time, the hours of a day."""

import re
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from derman.administration import field_words
from derman.lib.worktime import SAME_DAY, Budget

INTERVAL = re.compile(r"(\d{1,2}[:.]\d{2})\s*[-–]\s*(\d{1,2}[:.]\d{2})")
FORM_OF_INTERVALS = gettext_lazy("Write hours like 08:30-12:30, 13:30-17:30; nothing means none.")


class LongText(forms.Textarea):
    """Prose; grows with what is typed where the browser can."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 2, "class": "grows", **(attrs or {})})


class _TimeSpanInput(forms.MultiWidget):
    template_name = "administration/time_span.html"

    def __init__(self) -> None:
        units = [(unit, gettext_lazy(label)) for unit, label in field_words.TIMES.items()]
        amount = forms.NumberInput({"class": "w-5", "min": 0, "step": "any"})
        super().__init__({"amount": amount, "unit": forms.Select(choices=units)})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Each of the two inputs says what it is."""
        context = super().get_context(name, value, attrs)
        for part, label in zip(
            context["widget"]["subwidgets"],
            (gettext("Amount"), gettext("Unit of time")),
            strict=True,
        ):
            part["attrs"]["aria-label"] = label
        return context

    def decompress(self, value: Any) -> list[Any]:
        if not value:
            return [None, "working days"]
        budget = Budget.parse(str(value))
        if not budget.amount:
            return [None, str(budget)]
        return [budget.amount, budget.unit.replace("_", " ")]


class TimeSpan(forms.MultiValueField):
    """A budget as text: "8 working hours"."""

    def __init__(self) -> None:
        fields = (
            forms.DecimalField(min_value=0, max_value=10_000, required=False),
            forms.ChoiceField(choices=list(field_words.TIMES.items())),
        )
        super().__init__(fields, widget=_TimeSpanInput(), require_all_fields=False)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(initial, data))

    def compress(self, parts: list[Any]) -> str:
        amount, unit = parts or [None, ""]
        if unit in SAME_DAY:
            return unit
        if amount is None:
            return ""
        try:
            return str(Budget.parse(f"{_plain(amount)} {unit}"))
        except ValueError:
            wrong = gettext("Days are counted whole.") if amount else gettext("Enter more than 0.")
            raise ValidationError(wrong) from None


def _plain(amount: Decimal) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


class Intervals(forms.CharField):
    """The working hours of one day as JSON: [["08:30:00", "12:30:00"], …]."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            widget=forms.TextInput({"class": "w-20", "aria-description": FORM_OF_INTERVALS}),
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return ", ".join(f"{start[:5]}-{end[:5]}" for start, end in value)
        return value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        found = [(match[1], match[2]) for match in INTERVAL.finditer(text)]
        if INTERVAL.sub("", text).strip(" ,;"):
            raise ValidationError(FORM_OF_INTERVALS)
        return [[self._time(start), self._time(end)] for start, end in found]

    def _time(self, written: str) -> str:
        hour, minute = written.replace(".", ":").split(":")
        try:
            return time(int(hour), int(minute)).isoformat()
        except ValueError:
            raise ValidationError(
                format_lazy("{time}: {rule}", time=written, rule=FORM_OF_INTERVALS)
            ) from None
