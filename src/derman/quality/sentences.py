"""What the figures of an improvement say, as a plain sentence in the reader's language."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from derman.quality.effect import Effect, Span
from derman.words.learning import Verdict


def number(value: float) -> str:
    """A rate as people read it: one digit after the point, two where it is below one."""
    return rounded(value, 2 if 0 < value < 1 else 1)


def rounded(value: float, places: int) -> str:
    """Rounded to the nearest; what formats numbers would cut the digits off."""
    return formats.number_format(round(value, places), places)


def percent(share: float) -> str:
    """A share of one, as 38 %, %38 or 38%."""
    whole = rounded(abs(share) * 100, 0)
    return pgettext("percentage", "{number}%").format(number=whole)


def sentence(effect: Effect) -> str:
    """One to three sentences: what changed, by how much, and how sure that is."""
    rates = {"before": number(effect.before.rate), "after": number(effect.after.rate)}
    if effect.low is None or effect.high is None or effect.ratio is None:
        return _too_few(effect.before, effect.after)
    change = _change(effect.ratio, effect.low, effect.high)
    moved = _moved(effect).format(**rates)
    if effect.compared is None:
        text = _("{moved} ({change}).").format(moved=moved, change=change)
        return f"{text} {_then(effect.last_year)}" if effect.last_year else text
    first, second = effect.compared
    text = _(
        "{moved}. The comparison group went from {first} to {second} a day; against it that is"
        " {change}."
    )
    beside = {"first": number(first.rate), "second": number(second.rate)}
    return text.format(moved=moved, change=change, **beside)


def _then(last_year: tuple[Span, Span]) -> str:
    """Whether the season does that anyway."""
    text = _("In the same weeks of the year before, they went from {first} to {second} a day.")
    first, second = last_year
    return text.format(first=number(first.rate), second=number(second.rate))


def _moved(effect: Effect) -> str:
    """Which way the rates went, as far as their written digits tell."""
    if number(effect.after.rate) == number(effect.before.rate):
        way = 0
    else:
        way = -1 if effect.after.rate < effect.before.rate else 1
    a_day = {
        -1: _("Complaints fell from {before} to {after} a day"),
        0: _("Complaints stayed at {before} a day"),
        1: _("Complaints rose from {before} to {after} a day"),
    }
    per_accounts = {
        -1: _("Complaints fell from {before} to {after} per 1,000 accounts a month"),
        0: _("Complaints stayed at {before} per 1,000 accounts a month"),
        1: _("Complaints rose from {before} to {after} per 1,000 accounts a month"),
    }
    return (per_accounts if effect.per_accounts else a_day)[way]


def _change(ratio: float, low: float, high: float) -> str:
    """By how much, with the interval; where it holds both ways, that is said."""
    if high < 1:
        text = _("{change} fewer; between {least} and {most}")
        return text.format(
            change=percent(1 - ratio), least=percent(1 - high), most=percent(1 - low)
        )
    if low > 1:
        text = _("{change} more; between {least} and {most}")
        return text.format(
            change=percent(ratio - 1), least=percent(low - 1), most=percent(high - 1)
        )
    text = _("which may be chance: anything between {fewer} fewer and {more} more")
    return text.format(fewer=percent(1 - low), more=percent(high - 1))


def _too_few(before: Span, after: Span) -> str:
    text = _(
        "Too few to say anything yet: {before} complaints in {weeks_before} whole weeks before and"
        " {after} in {weeks_after} since."
    )
    return text.format(
        before=formats.number_format(before.count, 0),
        after=formats.number_format(after.count, 0),
        weeks_before=before.weeks,
        weeks_after=after.weeks,
    )


def verdict_tone(verdict: str) -> str:
    """The tone of its badge."""
    tones = {Verdict.IMPROVED: "ok", Verdict.WORSE: "danger", Verdict.TOO_FEW: "info"}
    return tones.get(Verdict(verdict), "warn")
