"""How a due time came about, in sentences: the steps that are stored with every clock."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from derman.ui.templatetags.ui import DATES, remaining

Step = Mapping[str, Any]


def sentences(steps: Iterable[Step]) -> list[str]:
    """One sentence for each step that says something."""
    said = (SAYS[step["step"]](step) for step in steps if step.get("step") in SAYS)
    return [sentence for sentence in said if sentence]


def _start(step: Step) -> str:
    return _("It began on {moment}.").format(moment=_moment(step["at"]))


def _budget(step: Step) -> str:
    amount, unit = step["amount"], step["unit"]
    if unit == "working_days" and not amount:
        return _("It is due on the same day.")
    if unit == "calendar_days" and not amount:
        return _("It is due before midnight of the same day, working day or not.")
    n = _n(amount)
    words = {
        "working_days": ngettext("{n} working day is allowed.", "{n} working days are allowed.", n),
        "calendar_days": ngettext(
            "{n} day is allowed, working day or not.",
            "{n} days are allowed, working days or not.",
            n,
        ),
        "working_hours": ngettext(
            "{n} working hour is allowed.", "{n} working hours are allowed.", n
        ),
        "hours": ngettext(
            "{n} hour is allowed, round the clock.", "{n} hours are allowed, round the clock.", n
        ),
        "minutes": ngettext(
            "{n} minute is allowed, round the clock.",
            "{n} minutes are allowed, round the clock.",
            n,
        ),
    }
    return words[unit].format(n=amount)


def _skipped(step: Step) -> str:
    reasons = {
        "receipt": _("{days}: the day of receipt does not count."),
        "weekend": _("{days}: a weekend, no work."),
        "closed": _("{days}: a holiday or closed, no work."),
        "half": _("{days}: a half day, which does not count."),
    }
    return reasons[step["why"]].format(days=_days(step))


def _shorter(step: Step) -> str:
    return _("{days}: a half day, with less working time.").format(days=_days(step))


def _paused(step: Step) -> str:
    span = {"start": _moment(step["from"]), "end": _moment(step["until"])}
    if "days" in step:
        return ngettext(
            "It stood still from {start} to {end}: {n} working day longer.",
            "It stood still from {start} to {end}: {n} working days longer.",
            step["days"],
        ).format(n=step["days"], **span)
    if "seconds" in step:
        time = remaining(timedelta(seconds=step["seconds"]))
        return _("It stood still from {start} to {end}: {time} longer.").format(time=time, **span)
    return _("It stood still from {start} to {end}.").format(**span)


def _named(step: Step) -> str:
    return _("A person set it to {moment}.").format(moment=_moment(step["at"]))


def _due(step: Step) -> str:
    return _("So it is due on {moment}.").format(moment=_moment(step["at"]))


SAYS = {
    "start": _start,
    "budget": _budget,
    "skipped": _skipped,
    "shorter": _shorter,
    "paused": _paused,
    "named": _named,
    "due": _due,
}


def _n(amount: float) -> int:
    """The amount for choosing the plural."""
    return int(amount) if amount == int(amount) else 2


def _moment(text: str) -> str:
    return _formatted(timezone.localtime(datetime.fromisoformat(text)), "full")


def _days(step: Step) -> str:
    first, last = date.fromisoformat(step["from"]), date.fromisoformat(step["until"])
    if first == last:
        return _formatted(first, "date")
    return f"{_formatted(first, 'date')} – {_formatted(last, 'date')}"


def _formatted(value: date, style: str) -> str:
    language = (get_language() or "en")[:2]
    return date_format(value, DATES[style].get(language, DATES[style]["en"]))
