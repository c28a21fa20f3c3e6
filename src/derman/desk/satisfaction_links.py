"""From the figures of satisfaction to the cases behind them: filters that only links bring.

A case with two cycles was asked twice; it stands in the list once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.desk import days
from derman.quality import satisfaction
from derman.quality.satisfaction import COLUMNS, COUNTED, By
from derman.words.kinds import EARLY_CLOSING, Kind

MARK = "~"
# What a number counts, as the list above its cases says it.
NAMES = {
    "asked": gettext_lazy("asked whether satisfied"),
    "answered": gettext_lazy("answered the survey"),
    "skipped": gettext_lazy("not asked"),
    "good_process": gettext_lazy("satisfied with how it was handled"),
    "good_action": gettext_lazy("satisfied with what was done"),
    "dissatisfied": gettext_lazy("not satisfied"),
    "with_nps": gettext_lazy("said whether they would recommend us"),
    "promoters": gettext_lazy("would recommend us"),
    "detractors": gettext_lazy("would not recommend us"),
    "with_ces": gettext_lazy("said whether it was easy"),
    "easy": gettext_lazy("found it easy"),
}
AT_ONCE, ALL = "gross", "all"


@dataclass(frozen=True)
class Number:
    """One number of the page: what it counts, in which months, of which cut."""

    what: str
    first: date
    last: date
    by: By | None = None
    key: str = ""

    @classmethod
    def read(cls, text: str) -> "Number | None":
        """What an address says; None when it makes no sense."""
        what, *rest = text.split(MARK)
        if what not in COUNTED or len(rest) not in (2, 4):
            return None
        first, last = (days.read(f"{month}-01") for month in rest[:2])
        by, key = rest[2:] or (None, "")
        if first is None or last is None or (by == "month" and days.read(key) is None):
            return None
        if by is not None and (by not in COLUMNS or "\x00" in key):
            return None
        return cls(what, first, last, by, key)  # type: ignore[arg-type]

    def __str__(self) -> str:
        cut = [str(self.by), self.key] if self.by else []
        return MARK.join([self.what, f"{self.first:%Y-%m}", f"{self.last:%Y-%m}", *cut])

    @property
    def url(self) -> str:
        """The workbench with the cases behind the number."""
        return _workbench(survey=str(self))


def read_number(text: str) -> str:
    """The value of the filter `survey`, "" when it says nothing."""
    number = Number.read(text[:120])
    return str(number) if number else ""


def of_number(value: str, _user: User) -> Q:
    """The cases whose surveys the number counts."""
    number = Number.read(value)
    if number is None:
        return Q(pk__in=())
    found = satisfaction.behind(number.what, number.first, number.last, number.by, number.key)
    return Q(pk__in=found.values("case"))


def name_of_number(value: str) -> str:
    """What the number counts, and when."""
    number = Number.read(value)
    if number is None:
        return "?"
    first, last = (date_format(day, "YEAR_MONTH_FORMAT") for day in (number.first, number.last))
    months = first if first == last else f"{first} – {last}"
    return f"{NAMES[number.what]}, {months}"


def first_contact(which: str, kinds: Iterable[Kind], first: date, last: date) -> str:
    """The cases received in these days that count towards first-contact resolution."""
    value = ".".join([which, *kinds])
    days = {"received_from": first.isoformat(), "received_to": last.isoformat()}
    return _workbench(first_contact=value, **days)


def read_first_contact(text: str) -> str:
    which, *kinds = text.split(".")
    known = which in (AT_ONCE, ALL) and all(kind in tuple(Kind) for kind in kinds)
    return text if known and kinds else ""


def of_first_contact(value: str, _user: User) -> Q:
    which, *kinds = value.split(".")
    counted = Q(kind__in=kinds, merged_into=None) & ~Q(closing_reason__in=EARLY_CLOSING)
    return counted & Q(first_contact=True) if which == AT_ONCE else counted


def name_of_first_contact(value: str) -> str:
    return _("settled at once") if value.startswith(AT_ONCE) else _("counted")


def _workbench(**filters: str) -> str:
    return f"{reverse('desk:workbench')}?{urlencode({'view': 'all', **filters})}"
