"""A look at the figures as a page shows it: the sentence, the picture, the table behind it."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from derman.desk import learning_links
from derman.desk.labels import word
from derman.quality import chart, figures, sentences
from derman.quality.effect import Effect
from derman.quality.models import ImprovementLook
from derman.quality.weeks import WEEK, Week
from derman.ui.templatetags.ui import on
from derman.words.learning import Caution, Look, Verdict

A_DAY = timedelta(days=1)


def line(look: ImprovementLook) -> dict[str, Any]:
    """A look in a list of them."""
    effect = figures.read(look.figures)
    return {
        "look": look,
        "asks": word(Look, look.look),
        "verdict": word(Verdict, look.verdict),
        "tone": sentences.verdict_tone(look.verdict),
        "sentence": sentences.sentence(effect),
    }


def shown(look: ImprovementLook) -> dict[str, Any]:
    """A look in full."""
    effect = figures.read(look.figures)
    said, key = line(look), look.improvement_id
    return {
        **said,
        "effect": effect,
        "cautions": [
            (word(Caution, caution), "info" if caution == Caution.NO_COMPARISON else "warn")
            for caution in effect.cautions
        ],
        "charts": pictures(effect, said["sentence"], str(look.improvement_id)),
        "weeks": _weeks(effect, look),
        "peaks": [
            (day, count, learning_links.of_span("improvement", key, day, day + A_DAY))
            for day, count in effect.peaks
        ],
        "sides": _sides(effect, look),
        "p": _probability(effect.p),
        "level": sentences.percent(look.figures["level"]),
        "per_accounts": effect.per_accounts,
        "compared": effect.compared is not None,
        "has_left_out": _has_left_out(effect),
    }


def _has_left_out(effect: Effect) -> bool:
    """Whether days are missing from the picture, or whole weeks of them."""
    begins = [week.begins for week in effect.weeks]
    return any(week.left_out for week in effect.weeks) or any(
        later - earlier > WEEK for earlier, later in pairwise(begins)
    )


def pictures(effect: Effect, sentence: str, key: str) -> list[str]:
    """For wide screens and for narrow ones; what stands in them is escaped where they are drawn."""
    words = chart.Words(
        title=sentence,
        description=_(
            "Complaints by week, before and after the start, with the mean of both sides."
            " The table below holds the figures."
        ),
        rate=sentences.number,
        tick=_tick,
        day=lambda day: on(day, "dated"),
        week=_said,
    )

    def link(week: Week) -> str:
        return learning_links.of_week("improvement", key, week)

    return [chart.draw(effect, words, size, link) for size in (chart.WIDE, chart.NARROW)]


def _probability(p: float | None) -> str:
    if p is None:
        return ""
    return sentences.rounded(p, 3) if p >= 0.001 else f"< {sentences.rounded(0.001, 3)}"


def _tick(value: float) -> str:
    """A number of the scale, without digits that say nothing."""
    places = next((n for n in (0, 1) if abs(value - round(value, n)) < 0.001), 2)
    return sentences.rounded(value, places)


def _said(week: Week) -> str:
    text = ngettext("Week of {day}: {n} complaint", "Week of {day}: {n} complaints", week.count)
    day = on(week.begins, "dated")
    return text.format(day=day, n=formats.number_format(week.count, 0))


def _weeks(effect: Effect, look: ImprovementLook) -> list[dict[str, Any]]:
    key = look.improvement_id
    return [
        {
            "week": week,
            "rate": sentences.number(week.count / week.days),
            "link": learning_links.of_week("improvement", key, week),
            "compared_link": learning_links.of_week("compared", key, week),
        }
        for week in effect.weeks
    ]


def _sides(effect: Effect, look: ImprovementLook) -> list[dict[str, Any]]:
    """Before and after: the rate, its interval, and the cases."""
    sides = []
    for name, span in ((_("Before"), effect.before), (_("After"), effect.after)):
        weeks = [week for week in effect.weeks if week.is_after == (span is effect.after)]
        link = ""
        if weeks:
            ends = weeks[-1].begins + WEEK
            link = learning_links.of_span("improvement", look.improvement_id, weeks[0].begins, ends)
        sides.append(
            {
                "name": name,
                "span": span,
                "rate": sentences.number(span.rate),
                "low": sentences.number(span.low),
                "high": sentences.number(span.high),
                "link": link,
            }
        )
    return sides
