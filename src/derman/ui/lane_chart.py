"""Lanes over time as a picture: who had something when. Knows lanes, bars and moments, no domain.

The template draws it as SVG by classes, so that both colour schemes and paper fit. A narrow screen
gets a drawing of its own, in which writing stays readable.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TOP, BOTTOM = 8, 28
LANE, LABEL, BAR = 50, 18, 22  # heights, in units of the drawing
LEAST = 1.5  # a bar that can still be seen
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = (
    HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY,
    28 * DAY, 56 * DAY, 91 * DAY, 182 * DAY, 364 * DAY, 728 * DAY, 3640 * DAY,
)  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A time in a lane; `tone` is `work` or `wait`."""

    begins: datetime
    ends: datetime
    tone: str
    title: str


@dataclass(frozen=True)
class Lane:
    """A lane with its name, and what stands at its end."""

    label: str
    total: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    tone: str = ""
    title: str = ""


@dataclass(frozen=True)
class Mark:
    """A moment on the axis; its writing begins, centres on or ends at `x`."""

    x: float
    at: datetime
    anchor: str


@dataclass(frozen=True)
class Row:
    label: str
    total: str
    label_y: float
    line_y: float


@dataclass(frozen=True)
class Drawing:
    """Everything at its place."""

    name: str
    width: int
    height: int
    base: float
    rows: list[Row]
    bars: list[Box]
    shades: list[Box]
    marks: list[Mark]
    has_times: bool  # the axis is marked in hours


def draw(
    lanes: Sequence[Lane],
    begins: datetime,
    ends: datetime,
    *,
    shades: Iterable[tuple[datetime, datetime]] = (),
    name: str = "wide",
    width: int = 860,
    most_marks: int = 7,
) -> Drawing:
    """Lanes one under the other, over one axis from `begins` to `ends`."""
    whole = max((ends - begins).total_seconds(), 1)
    base = TOP + LANE * len(lanes)

    def x(moment: datetime) -> float:
        return round((moment - begins).total_seconds() / whole * width, 2)

    rows, bars = [], []
    for number, lane in enumerate(lanes):
        y = TOP + number * LANE
        rows.append(Row(lane.label, lane.total, y + LABEL - 4, y + LABEL + BAR + 5))
        for bar in lane.bars:
            left, wide = x(bar.begins), max(x(bar.ends) - x(bar.begins), LEAST)
            left = min(left, width - wide)
            bars.append(Box(left, y + LABEL, round(wide, 2), BAR, bar.tone, bar.title))
    ground = [Box(x(one), TOP, round(x(other) - x(one), 2), base - TOP) for one, other in shades]
    step = _step(ends - begins, most_marks)
    marks = [_mark(moment, x(moment), width) for moment in _moments(begins, ends, step)]
    return Drawing(
        name, width, base + BOTTOM, base, rows, bars, ground, marks, has_times=step < DAY
    )


def _step(whole: timedelta, most: int) -> timedelta:
    """The shortest step that does not fill the axis with writing."""
    return next((step for step in STEPS if whole / step <= most), STEPS[-1])


def _moments(begins: datetime, ends: datetime, step: timedelta) -> Iterable[datetime]:
    """Round hours, or midnights, from the first after the beginning."""
    midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0)
    moment = midnight
    while moment < begins:
        moment += min(step, DAY)
    while moment <= ends:
        yield moment
        moment += step


def _mark(moment: datetime, x: float, width: int) -> Mark:
    near = width * 0.06
    anchor = "start" if x < near else "end" if x > width - near else "middle"
    return Mark(x, moment, anchor)
