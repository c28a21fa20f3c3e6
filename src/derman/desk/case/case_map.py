"""The map of one case: a lane for each who had it, and how long, to the second."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.cases.permissions import find_case
from derman.desk import frame
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.reports import case_map
from derman.reports.case_map import CaseMap, Row
from derman.reports.stays import Lane, Place, Stay
from derman.ui import lane_chart
from derman.ui.templatetags.ui import on
from derman.words.life import State, Verb

NARROW = 350


@dataclass(frozen=True)
class ShownRow:
    """A lane in the table of sums."""

    label: str
    total: timedelta
    exact: str
    waiting: str
    working: str
    share: float


@dataclass(frozen=True)
class ShownStay:
    """One stay in the table of stays."""

    label: str
    state: str
    begins: datetime
    ends: datetime
    exact: str
    is_waiting: bool
    is_last: bool


@never_cache
@require_GET
@page(verb=Verb.READ)
def case(request: DeskRequest, number: str) -> HttpResponse:
    """Who had the case when, drawn and as tables."""
    found = find_case(request.user, number, verb=Verb.READ, what="map", at=request.at)
    shown = case_map.of_case(found, request.profile.profile, request.at)
    labels = Labels.for_reader(request.profile.profile)
    owner = labels.unit(found.owner_unit)
    context = {
        "case": found,
        "topic": labels.topic(found.topic),
        "state": word(State, found.state),
        "map": shown,
        "age": exactly(shown.age),
        "waiting": exactly(shown.waiting),
        "working": in_hours(shown.working),
        "description": _description(shown, labels, owner),
        "drawings": _drawings(shown, labels, owner),
        "rows": [_row(row, shown, labels, owner) for row in shown.rows],
        "stays": [_stay(stay, labels, owner) for stay in shown.stays],
        "is_shaded": bool(shown.working_spans),
    }
    return frame.render(request, "desk/maps/case.html", context)


def exactly(length: timedelta) -> str:
    """Days, hours, minutes and seconds."""
    seconds = int(length.total_seconds())
    days, seconds = divmod(seconds, 86_400)
    clock = _clock(seconds)
    return _("%(days)s d %(clock)s") % {"days": days, "clock": clock} if days else clock


def in_hours(length: timedelta) -> str:
    """Working time: hours, minutes and seconds, because a working day is shorter than a day."""
    return _clock(int(length.total_seconds()))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def lane_label(lane: Lane, units: tuple[str, ...], labels: Labels, owner: str) -> str:
    """Who holds the case there, as staff call them."""
    if lane is Lane.UNITS:
        return " + ".join(labels.unit(unit) for unit in units)
    return {
        Lane.OWNER: owner or _("Owner of the case"),
        Lane.CALLER: _("Waiting for the call to the applicant"),
        Lane.APPLICANT: _("Applicant"),
        Lane.NOBODY: _("Closed"),
    }[lane]


def place_label(place: Place, labels: Labels) -> str:
    """A place on the maps of many cases: the state, or the units that were asked."""
    if place.state is State.REFERRED:
        return lane_label(Lane.UNITS, place.units, labels, "")
    return word(State, place.state)


def _drawings(shown: CaseMap, labels: Labels, owner: str) -> list[lane_chart.Drawing]:
    """One for a wide screen and one for a phone; the sheet shows the one that fits."""
    lanes = [
        lane_chart.Lane(
            lane_label(row.lane, row.units, labels, owner),
            exactly(row.total),
            [_bar(stay, labels, owner) for stay in row.stays],
        )
        for row in shown.rows
    ]
    begins, ends = timezone.localtime(shown.begins), timezone.localtime(shown.ends)
    return [
        lane_chart.draw(lanes, begins, ends, shades=shown.working_spans),
        lane_chart.draw(
            lanes, begins, ends, shades=shown.working_spans,
            name="narrow", width=NARROW, most_marks=3,
        ),
    ]  # fmt: skip


def _bar(stay: Stay, labels: Labels, owner: str) -> lane_chart.Bar:
    who = lane_label(stay.place.lane, stay.place.units, labels, owner)
    state = word(State, stay.place.state)
    since = on(timezone.localtime(stay.begins), "short")
    tone = "wait" if stay.is_waiting else "work"
    if stay.place.lane is Lane.NOBODY:
        tone = "none"
    title = f"{who} · {state} · {since} · {exactly(stay.length)}"
    return lane_chart.Bar(stay.begins, stay.ends, tone, title)


def _row(row: Row, shown: CaseMap, labels: Labels, owner: str) -> ShownRow:
    return ShownRow(
        lane_label(row.lane, row.units, labels, owner),
        row.total,
        exactly(row.total),
        exactly(row.waiting),
        in_hours(row.working),
        row.total / shown.age if shown.age else 0,
    )


def _stay(stay: Stay, labels: Labels, owner: str) -> ShownStay:
    return ShownStay(
        lane_label(stay.place.lane, stay.place.units, labels, owner),
        word(State, stay.place.state),
        stay.begins,
        stay.ends,
        exactly(stay.length),
        stay.is_waiting,
        stay.is_last,
    )


def _description(shown: CaseMap, labels: Labels, owner: str) -> str:
    """The picture in a sentence."""
    parts = [
        f"{lane_label(row.lane, row.units, labels, owner)} {exactly(row.total)}"
        for row in shown.rows
    ]
    return ", ".join(parts)
