"""The tags that every page uses."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from derman.ui.markup import filled
from derman.ui.templatetags import ui
from tests import messages

ISTANBUL = ZoneInfo("Europe/Istanbul")
THURSDAY = datetime(2026, 11, 26, 14, 20, tzinfo=ISTANBUL)


def render(text: str, **context: object) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("tr", "26 Kasım 2026 Perşembe 14:20"),
        ("en", "26 November 2026, Thursday 14:20"),
        ("de", "Donnerstag, 26. November 2026, 14:20"),
        ("fr", "26 novembre 2026, jeudi 14:20"),
    ],
)
def test_when_speaks_the_language_of_the_reader(language, said):
    with translation.override(language):
        assert ui.when(THURSDAY) == (f'<time datetime="2026-11-26T14:20:00+03:00">{said}</time>')


def test_a_day_without_its_weekday_has_the_point_that_german_wants():
    with translation.override("de"):
        assert ui.on(THURSDAY, "dated") == "26. Nov 2026"


def test_no_page_writes_a_day_in_one_format_for_all_languages():
    """`ui.on` knows how each language writes it."""
    one_for_all = re.compile(r"""date_format\(.*["'][^"']*\bj\b""")
    paths = sorted(messages.SOURCE.rglob("*.py"))
    assert not [path.name for path in paths if one_for_all.search(path.read_text())]


def test_when_tells_local_time():
    with translation.override("en"), timezone.override(ISTANBUL):
        told = ui.when(THURSDAY.astimezone(ZoneInfo("UTC")), "time")
    assert told.endswith(">14:20</time>")


def test_when_takes_dates_and_nothing():
    with translation.override("en"):
        assert "26 November 2026, Thursday<" in ui.when(date(2026, 11, 26), "date")
    assert ui.when(None) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("264839172", "264 839 172"),
        ("264839172045", "264 839 172 045"),
        ("1234", "123 4"),
        ("", ""),
    ],
)
def test_number_stands_in_threes_that_hold_together(value, shown):
    assert ui.number(value) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("left", "day", "said"),
    [
        (timedelta(hours=12), 9, "1 d 3 h"),
        (timedelta(days=1, hours=3, minutes=5), 24, "1 d 3 h"),
        (timedelta(hours=1, minutes=40), 24, "1 h 40 min"),
        (timedelta(hours=-2), 24, "2 h"),
        (timedelta(minutes=5), 24, "5 min"),
        (timedelta(0), 24, "now"),
    ],
)
def test_remaining_tells_the_two_largest_units(left, day, said):
    with translation.override("en"):
        assert ui.remaining(left, day).replace("\u00a0", " ") == said


def test_capped_counts_stop():
    with translation.override("en"):
        assert [ui.capped(n) for n in (0, 500, 501)] == ["0", "500", "500+"]


def test_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in render('{% icon "phone" %}')
    named = render('{% icon "phone" label=words %}', words='"><script>')
    assert 'role="img"' in named
    assert "<script>" not in named
    assert "style=" not in named


@pytest.mark.parametrize("state", ui.CLOCK_ICONS)
def test_clock_says_how_it_stands_without_colour(state):
    with translation.override("en"):
        chip = render(
            "{% clock state at left %}", state=state, at=THURSDAY, left=timedelta(hours=2)
        )
    words = {"late": "late 2\u00a0h", "paused": "paused", "met": "met"}.get(state, "2\u00a0h")
    assert words in chip
    assert "<svg" in chip
    assert "Thu 14:20" in chip


def test_clock_unfolds_its_reason():
    assert "<details" in render("{% clock 'normal' at why='Fifteen days' %}", at=THURSDAY)


@pytest.mark.parametrize(
    ("cookie", "chosen"), [("dark", "dark"), ("light", "light"), ('"><b>', "")]
)
def test_theme_believes_only_known_words(cookie, chosen):
    request = RequestFactory().get("/")
    request.COOKIES[ui.THEME_COOKIE] = cookie
    assert render("{% theme %}", request=request) == chosen


def test_initials_are_two_letters():
    assert [ui.initials(name) for name in ("Ayşe Nur Kaya", "İpek", "")] == ["AK", "İ", ""]


def test_a_drawing_is_put_in_as_it_is():
    svg = '<svg class="x"><title>5 &lt; 6</title><rect width="1"/></svg>'
    assert render("{% load drawings %}{{ svg|drawing }}", svg=svg) == svg


@pytest.mark.parametrize(
    "wrong",
    [
        "<svg><script>1</script></svg>",
        '<svg onload="1"></svg>',
        '<svg><a href="javascript:1"></a></svg>',
        "<svg><foreignObject/></svg>",
    ],
)
def test_a_drawing_that_could_run_is_refused(wrong):
    with pytest.raises(ValueError, match="no drawing"):
        render("{% load drawings %}{{ svg|drawing }}", svg=wrong)


def test_what_is_filled_in_is_escaped_unless_it_is_markup():
    inside = filled("<b>{text}</b>", text="a<b")
    said = filled('<i title="{title}">{inside}{n}</i>', title="\"'{x}&", inside=inside, n=3)
    assert said == '<i title="&quot;&#x27;{x}&amp;"><b>a&lt;b</b>3</i>'
