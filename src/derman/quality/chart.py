"""The effect of an improvement as a picture that needs no words: before, start, after.

SVG without any library and without a style of its own: its colours are presentation attributes, so
that it prints as it is, and its classes let a page colour it for either scheme. A bar is a week,
as high as its complaints a day; the bands are the levels of both sides with their intervals; days
that were left out are hatched; the dashed line is the comparison group, drawn to the same level
before the start.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from derman.quality.effect import Effect, Span
from derman.quality.weeks import WEEK, Week

TOP, BOTTOM, LEFT, RIGHT = 30, 26, 40, 12
GAP = 0.22  # of a week's width, between two bars
DAY_WIDTH = 76  # of a day as it is written under the axis
FONT = 'font-family="system-ui, Noto Sans, sans-serif" font-size="13"'
GREY, ACCENT, BAND, INK, HATCH = "#8a9892", "#085645", "#46534d", "#14201c", "#6b7a73"


@dataclass(frozen=True)
class Words:
    """What the picture says to those who cannot see it, and how it writes numbers and days."""

    title: str
    description: str
    rate: Callable[[float], str]
    tick: Callable[[float], str]  # of the scale
    day: Callable[[date], str]
    week: Callable[[Week], str]


@dataclass(frozen=True)
class Size:
    """Of the drawing; a narrow screen gets a drawing of its own, so that writing stays readable."""

    name: str
    width: int
    height: int


WIDE, NARROW = Size("wide", 760, 280), Size("narrow", 350, 240)


def draw(
    effect: Effect, words: Words, size: Size = WIDE, link: Callable[[Week], str] | None = None
) -> str:
    """The whole picture; `link` leads from a week to its cases."""
    if not effect.weeks:
        return ""
    return "\n".join(_Drawing(effect, words, size, link).parts())


class _Drawing:
    """Where each day and each rate lies, and what is drawn there."""

    def __init__(
        self,
        effect: Effect,
        words: Words,
        size: Size,
        link: Callable[[Week], str] | None,
    ) -> None:
        self.effect, self.words, self.size, self.link = effect, words, size, link
        self.first = effect.weeks[0].begins
        self.end = effect.weeks[-1].begins + WEEK
        after = [week for week in effect.weeks if week.is_after]
        self.start = after[0].begins if after else self.end
        self.top = max(
            [1e-9, effect.before.high, effect.after.high]
            + [self._rate(week) for week in effect.weeks]
            + [rate for _day, rate in self._compared()]
        )
        self.step = _step(self.top)
        self.top = max(self.top, self.step)

    def x(self, day: date) -> float:
        share = (day - self.first) / (self.end - self.first)
        return LEFT + share * (self.size.width - LEFT - RIGHT)

    def y(self, rate: float) -> float:
        return TOP + (1 - rate / self.top) * (self.size.height - TOP - BOTTOM)

    def parts(self) -> Iterator[str]:
        key = f"effect-{self.size.name}"
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="effect {self.size.name}" role="group"'
            f' viewBox="0 0 {self.size.width} {self.size.height}"'
            f' aria-labelledby="{key}-title {key}-desc" {FONT}>'
        )
        yield f'<title id="{key}-title">{escape(self.words.title)}</title>'
        yield f'<desc id="{key}-desc">{escape(self.words.description)}</desc>'
        yield (
            f'<defs><pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)">'
            f'<line class="hatch" y2="6" stroke="{HATCH}" stroke-width="2"/></pattern></defs>'
        )
        yield from self._scale()
        yield from self._left_out(f"{key}-hatch")
        yield from self._bars()
        yield from self._levels()
        yield from self._comparison()
        yield from self._start()
        yield "</svg>"

    def _unit(self) -> float:
        """From complaints a day to the unit of the effect."""
        span = self.effect.before if self.effect.before.count else self.effect.after
        return span.rate * span.days / span.count if span.count else 1.0

    def _rate(self, week: Week) -> float:
        span = self.effect.after if week.is_after else self.effect.before
        unit = span.rate * span.days / span.count if span.count else self._unit()
        return week.count / week.days * unit

    def _compared(self) -> list[tuple[date, float]]:
        """The comparison group, stretched to the level that the complaints had before."""
        if self.effect.compared is None or not self.effect.compared[0].rate:
            return []
        stretch = self.effect.before.rate / self.effect.compared[0].rate
        return [
            (week.begins + WEEK / 2, (week.compared or 0) / week.days * stretch)
            for week in self.effect.weeks
        ]

    def _scale(self) -> Iterator[str]:
        rate = 0.0
        while rate <= self.top * 1.001:
            y = self.y(rate)
            yield (
                f'<line class="grid" x1="{LEFT}" x2="{self.size.width - RIGHT}" y1="{y:.1f}"'
                f' y2="{y:.1f}" stroke="{GREY}" stroke-opacity="{0.9 if not rate else 0.3}"/>'
            )
            yield (
                f'<text class="quiet" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end"'
                f' fill="{BAND}">{escape(self.words.tick(rate))}</text>'
            )
            rate += self.step
        for day, anchor in ((self.first, "start"), (self.end, "end")):
            if not 0 < abs(self.x(self.start) - self.x(day)) < DAY_WIDTH * 1.5:
                yield self._below(day, anchor)  # else the start's own day stands there

    def _below(self, day: date, anchor: str) -> str:
        return (
            f'<text class="quiet" x="{self.x(day):.1f}" y="{self.size.height - 8}"'
            f' text-anchor="{anchor}" fill="{BAND}">{escape(self.words.day(day))}</text>'
        )

    def _left_out(self, pattern: str) -> Iterator[str]:
        """Days of a week that were left out, and weeks that were left out whole."""
        shown = {week.begins: week for week in self.effect.weeks}
        begins = self.first
        while begins < self.end:
            week = shown.get(begins)
            days = week.left_out if week else tuple(begins + timedelta(days=n) for n in range(7))
            for day in days:
                x, width = self.x(day), self.x(day + timedelta(days=1)) - self.x(day)
                yield (
                    f'<rect class="left-out" x="{x:.1f}" y="{TOP}" width="{width:.1f}"'
                    f' height="{self.size.height - TOP - BOTTOM}" fill="url(#{pattern})"/>'
                )
            begins += WEEK

    def _bars(self) -> Iterator[str]:
        for week in self.effect.weeks:
            whole = self.x(week.begins + WEEK) - self.x(week.begins)
            x, y = self.x(week.begins) + whole * GAP / 2, self.y(self._rate(week))
            side, fill = ("after", ACCENT) if week.is_after else ("before", GREY)
            bar = (
                f'<rect class="bar {side}" x="{x:.1f}" y="{y:.1f}" width="{whole * (1 - GAP):.1f}"'
                f' height="{max(0.0, self.y(0) - y):.1f}" rx="2" fill="{fill}"/>'
            )
            said = escape(self.words.week(week), quote=True)
            if self.link:
                href = escape(self.link(week), quote=True)
                yield f'<a href="{href}" tabindex="-1" aria-label="{said}">{bar}</a>'
            else:
                yield bar

    def _levels(self) -> Iterator[str]:
        sides = (
            (self.effect.before, self.first, self.start),
            (self.effect.after, self.start, self.end),
        )
        for span, begins, ends in sides:
            if span.weeks:
                yield from self._level(span, self.x(begins), self.x(ends))

    def _level(self, span: Span, begins: float, ends: float) -> Iterator[str]:
        low, high, mean = self.y(span.low), self.y(span.high), self.y(span.rate)
        yield (
            f'<rect class="band" x="{begins:.1f}" y="{high:.1f}" width="{ends - begins:.1f}"'
            f' height="{low - high:.1f}" fill="{BAND}" fill-opacity="0.22"/>'
        )
        yield (
            f'<line class="level" x1="{begins:.1f}" x2="{ends:.1f}" y1="{mean:.1f}"'
            f' y2="{mean:.1f}" stroke="{INK}" stroke-width="2"/>'
        )
        yield (
            f'<text class="mean" x="{(begins + ends) / 2:.1f}" y="{max(12.0, high - 6):.1f}"'
            f' text-anchor="middle" font-weight="700" font-size="15" fill="{INK}">'
            f"{escape(self.words.rate(span.rate))}</text>"
        )

    def _comparison(self) -> Iterator[str]:
        points = " ".join(f"{self.x(day):.1f},{self.y(rate):.1f}" for day, rate in self._compared())
        if points:
            yield (
                f'<polyline class="compared" points="{points}" fill="none" stroke="{INK}"'
                ' stroke-width="1.5" stroke-dasharray="2 4" stroke-linecap="round"/>'
            )

    def _start(self) -> Iterator[str]:
        if self.start >= self.end:
            return
        x = self.x(self.start)
        yield (
            f'<line class="start" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 14}"'
            f' y2="{self.size.height - BOTTOM}" stroke="{INK}" stroke-width="2"/>'
        )
        yield (f'<path class="flag" d="M{x:.1f} {TOP - 18}h18l-5 6 5 6h-18z" fill="{INK}"/>')
        yield self._below(self.start, "middle")


def _step(top: float) -> float:
    """One, two or five times a power of ten, so that two to five lines fit beneath the top."""
    size = 10.0 ** (len(str(int(top))) - 1) if top >= 1 else 0.01
    for factor in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100):
        if top / (size * factor) <= 5:
            return size * factor
    return size * 100
