"""How satisfied applicants are: the figures of some months, cut four ways, each with its n.

Every number leads to the cases that it counts.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.desk import days, frame, satisfaction_links
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.desk.satisfaction_links import Number
from derman.quality import satisfaction
from derman.quality.satisfaction import COLUMNS, By, Tally
from derman.reports import first_contact
from derman.words.kinds import Channel
from derman.words.rights import Place

MONTHS = 12  # shown where nobody chose others
CUTS: dict[By, Any] = {
    "month": _("By month"),
    "topic": _("By topic"),
    "unit": _("By unit"),
    "channel": _("By channel"),
}


@dataclass(frozen=True)
class Cell:
    """A count that leads to its cases, beside the share that it is of another."""

    count: int
    url: str
    share: float | None = None


@dataclass(frozen=True)
class Line:
    """One line of a table."""

    label: str
    asked: Cell
    answered: Cell
    skipped: Cell
    process: Cell
    action: Cell
    dissatisfied: Cell
    nps: float | None
    with_nps: int
    ces: float | None
    with_ces: int
    is_few: bool


@never_cache
@require_GET
@page(place=Place.LEARNING)
def figures(request: DeskRequest) -> HttpResponse:
    """The whole in a few large figures, then a table cut one way."""
    first, last = _months(request)
    asked_by = request.GET.get("by", "")
    by: By = next((one for one in COLUMNS if one == asked_by), "month")
    found = satisfaction.figures(first, last)
    labels = Labels.for_reader(request.profile.profile)
    rules = request.profile.profile.survey
    context = {
        "current": "satisfaction",
        "first": first,
        "last": last,
        "whole": _line("", found.whole, first, last, None),
        "tally": found.whole,
        "lines": [
            _line(_label(by, key, labels), tally, first, last, by, str(key))
            for key, tally in found.cuts[by]
        ],
        "by": by,
        "cuts": CUTS.items(),
        "has_nps": rules.nps or found.whole.with_nps,
        "has_ces": rules.ces or found.whole.with_ces,
        "nps_url": Number("with_nps", first, last).url,
        "ces_url": Number("with_ces", first, last).url,
        "few": satisfaction.FEW,
        "is_asking": rules.asks,
        "contact": _first_contact(request, first, last),
    }
    return frame.render(request, "desk/satisfaction/page.html", context)


def _first_contact(request: DeskRequest, first: date, last: date) -> dict[str, object]:
    """What was settled at once, and what of it stayed settled (row T4)."""
    repeats = request.profile.profile.repeats
    ends = _end_of(last)
    since, until = (_midnight(day) for day in (first, ends + timedelta(days=1)))
    found = first_contact.figures(since, until, repeats=repeats, at=request.at)
    return {
        "whole": found.whole,
        "days": found.days,
        "is_final": found.is_final,
        "all_url": satisfaction_links.first_contact("all", repeats.kinds, first, ends),
        "gross_url": satisfaction_links.first_contact("gross", repeats.kinds, first, ends),
    }


def _line(label: str, tally: Tally, first: date, last: date, by: By | None, key: str = "") -> Line:
    def cell(what: str, share: float | None = None) -> Cell:
        return Cell(getattr(tally, what), Number(what, first, last, by, key).url, share)

    return Line(
        label,
        asked=cell("asked"),
        answered=cell("answered", tally.response),
        skipped=cell("skipped"),
        process=cell("good_process", tally.csat_process),
        action=cell("good_action", tally.csat_action),
        dissatisfied=cell("dissatisfied"),
        nps=tally.nps,
        with_nps=tally.with_nps,
        ces=tally.ces,
        with_ces=tally.with_ces,
        is_few=tally.is_few,
    )


def _label(by: By, key: str | date, labels: Labels) -> str:
    if by == "month":
        return date_format(cast("date", key), "YEAR_MONTH_FORMAT")
    if by == "channel":
        return word(Channel, str(key))
    return labels.topic(str(key)) if by == "topic" else labels.unit(str(key))


def _months(request: DeskRequest) -> tuple[date, date]:
    """The first and the last month: those asked for, else the last twelve."""
    today = timezone.localtime(request.at).date().replace(day=1)
    last = _month(request.GET.get("to", "")) or today
    usual = date(last.year - (last.month < MONTHS), last.month % MONTHS + 1, 1)
    first = _month(request.GET.get("from", "")) or usual
    return min(first, last), max(first, last)


def _month(text: str) -> date | None:
    return days.read(f"{text}-01")


def _end_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
