"""Days as forms and addresses give them: only of years in which nobody mistyped.

A date picker calls a year that is half typed 0002, or 0026; beyond the ends of the calendar there
is no day before or after one, and no midnight.
"""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

YEARS = range(1900, 2201)


def read(text: str) -> date | None:
    """The day that an address names; None where it names none that is known."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


class DayField(forms.DateField):
    """A day that somebody chooses or types."""

    def clean(self, value: Any) -> Any:
        return _within_reach(super().clean(value))


class MomentField(forms.DateTimeField):
    """A day and a time that somebody chooses or types."""

    def clean(self, value: Any) -> Any:
        return _within_reach(super().clean(value))


def _within_reach(day: date | None) -> date | None:
    if day and day.year not in YEARS:
        raise forms.ValidationError(_("Give a year between 1900 and 2200."), code="year")
    return day
