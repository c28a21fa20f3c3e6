"""The picture of an effect, and the sentence that says it."""

import itertools
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import translation

from derman.quality import chart, effect, figures, sentences
from derman.quality.weeks import WEEK, Asked, Week
from tests.series import START

ASKED = Asked(START - WEEK * 6, START, START + WEEK * 4)
WORDS = chart.Words(
    title='5 < 6 & "more"',
    description="What it shows",
    rate=lambda value: f"{value:.1f}",
    tick=lambda value: f"{value:g}",
    day=lambda day: day.isoformat(),
    week=lambda week: f"{week.begins}: {week.count}",
)


def counts(before: int, after: int) -> dict[date, int]:
    return {START + timedelta(days=n): before if n < 0 else after for n in range(-42, 28)}


def drawn(found: effect.Effect, **more: object) -> ElementTree.Element:
    """Parsed, so that it is well formed whatever stands in it."""
    return ElementTree.fromstring(chart.draw(found, WORDS, **more))


def marks(svg: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [one for one in svg.iter() if kind in (one.get("class") or "").split()]


def test_every_week_is_a_bar_and_the_start_a_line():
    found = effect.reckon(counts(5, 2), ASKED)
    svg = drawn(found)
    before, after = marks(svg, "before"), marks(svg, "after")
    assert (len(before), len(after)) == (6, 4)
    start = float(marks(svg, "start")[0].get("x1"))
    assert all(float(bar.get("x")) + float(bar.get("width")) <= start for bar in before)
    assert all(float(bar.get("x")) >= start for bar in after)
    assert float(before[0].get("height")) == pytest.approx(
        2.5 * float(after[0].get("height")), abs=0.2
    )
    assert len(marks(svg, "band")) == 2
    assert [mark.text for mark in marks(svg, "mean")] == ["5.0", "2.0"]


def test_nothing_leaves_the_picture():
    for found in (
        effect.reckon(counts(1, 400), ASKED),
        effect.reckon(counts(400, 0), ASKED, counts(900, 1800)),
        effect.reckon(counts(0, 0), ASKED),
    ):
        for size in (chart.WIDE, chart.NARROW):
            for one in drawn(found, size=size).iter():
                if one.tag.endswith("rect"):
                    assert 0 <= float(one.get("y")) <= size.height
                    assert float(one.get("x")) + float(one.get("width")) <= size.width
                    assert float(one.get("height")) >= 0


@pytest.mark.parametrize("size", [chart.WIDE, chart.NARROW])
@pytest.mark.parametrize("weeks", [1, 3, 8, 40])
def test_no_day_is_written_over_another(size, weeks):
    asked = Asked(START - WEEK * 12, START, START + WEEK * weeks)
    svg = drawn(effect.reckon(counts(5, 2), asked), size=size)
    days = [mark for mark in svg.iter() if (mark.text or "").startswith("202") and mark.get("x")]
    assert START.isoformat() in [day.text for day in days]
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}
    lefts = sorted(
        float(day.get("x")) - chart.DAY_WIDTH * shift[day.get("text-anchor")] for day in days
    )
    assert all(b - a >= chart.DAY_WIDTH - 1 for a, b in itertools.pairwise(lefts))


def test_left_out_days_are_hatched_and_whole_weeks_too():
    out = [START + timedelta(days=n) for n in (1, 2, *range(7, 14))]
    found = effect.reckon(counts(5, 2), Asked(ASKED.since, START, ASKED.until, left_out=out))
    svg = drawn(found)
    assert len(marks(svg, "left-out")) == 9
    assert len(marks(svg, "after")) == 3


def test_the_comparison_group_is_drawn_to_the_level_before():
    found = effect.reckon(counts(5, 2), ASKED, counts(50, 50))
    svg = drawn(found)
    line = marks(svg, "compared")[0]
    heights = [float(point.split(",")[1]) for point in line.get("points").split()]
    level = float(marks(svg, "level")[0].get("y1"))
    assert heights == pytest.approx([level] * 10, abs=0.2)


def test_bars_are_links_where_there_are_cases_to_see():
    found = effect.reckon(counts(5, 2), ASKED)
    assert "href" not in chart.draw(found, WORDS)
    linked = drawn(found, link=lambda week: f"/?a=1&from={week.begins}")
    links = [one for one in linked.iter() if one.get("href")]
    assert links[0].get("href") == f"/?a=1&from={found.weeks[0].begins}"
    assert links[0].get("aria-label") == f"{found.weeks[0].begins}: 35"


def test_without_weeks_there_is_no_picture():
    assert chart.draw(effect.reckon({}, Asked(START, START, START)), WORDS) == ""


def test_it_has_no_style_of_its_own():
    text = chart.draw(effect.reckon(counts(5, 2), ASKED), WORDS)
    assert "style" not in text


def test_figures_are_read_as_they_were_written():
    found = effect.reckon(
        counts(5, 2), Asked(ASKED.since, START, ASKED.until, left_out=[START]), counts(9, 9)
    )
    assert figures.read(figures.written(found, ASKED)) == found
    beside = effect.reckon(counts(5, 2) | {START: 60}, ASKED, last_year=counts(4, 4))
    assert beside.peaks == ((START, 60),)
    written = figures.written(beside, ASKED)
    assert figures.read(written) == beside
    del written["last_year"], written["peaks"]  # as looks of earlier versions were kept
    assert (figures.read(written).last_year, figures.read(written).peaks) == (None, ())
    assert isinstance(found.weeks[0], Week)


@pytest.mark.parametrize(
    ("language", "number", "percent"),
    [("en", "4.2", "38%"), ("de", "4,2", "38"), ("tr", "4,2", "38")],
)
def test_numbers_are_written_as_the_language_does(language, number, percent):
    with translation.override(language):
        assert sentences.number(4.1999999) == number
        assert percent in sentences.percent(-0.3777)


@pytest.mark.parametrize(
    ("before", "after", "begins"),
    [
        (5, 2, "Complaints fell from 5.0 to 2.0 a day (60% fewer; between "),
        (2, 5, "Complaints rose from 2.0 to 5.0 a day (150% more; between "),
        (5, 5, "Complaints stayed at 5.0 a day (which may be chance: anything between "),
        (0, 0, "Too few to say anything yet: 0 complaints in 6 whole weeks before and 0 in 4"),
    ],
)
def test_the_sentence_is_plain(before, after, begins):
    assert sentences.sentence(effect.reckon(counts(before, after), ASKED)).startswith(begins)


def test_a_rate_that_reads_the_same_did_not_fall():
    """One complaint less in four weeks: 5.0 a day before, and 5.0 a day after."""
    after = counts(5, 5) | {START: 4}
    assert sentences.sentence(effect.reckon(after, ASKED)).startswith("Complaints stayed at 5.0 ")


def test_the_sentence_names_accounts_and_the_comparison_group():
    asked = Asked(ASKED.since, START, ASKED.until, accounts=(1000, 1000))
    assert "per 1,000 accounts a month" in sentences.sentence(effect.reckon(counts(5, 2), asked))
    told = sentences.sentence(effect.reckon(counts(5, 2), ASKED, counts(9, 9)))
    assert "The comparison group went from 9.0 to 9.0 a day; against it that is 60% fewer" in told


def test_the_sentence_names_the_year_before():
    told = sentences.sentence(effect.reckon(counts(5, 2), ASKED, last_year=counts(4, 3)))
    assert told.endswith("In the same weeks of the year before, they went from 4.0 to 3.0 a day.")
