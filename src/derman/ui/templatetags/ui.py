"""Tags for every page: icons, numbers in threes, times and durations in the reader's words."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.forms import Form
from django.forms.boundfield import BoundField
from django.utils import dateformat, formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

register = template.Library()

NO_BREAK_SPACE = "\u00a0"
THEMES = ("light", "dark")
THEME_COOKIE = "derman-theme"

# Per language and style; the weekday stands where the language puts it.
DATES = {
    "full": {"tr": "j F Y l H:i", "en": "j F Y, l H:i", "de": "l, j. F Y, H:i"},
    "date": {"tr": "j F Y l", "en": "j F Y, l", "de": "l, j. F Y"},
    "short": {"tr": "j M H:i", "en": "j M H:i", "de": "j. M H:i"},
    "planned": {"tr": "D j M H:i", "en": "D j M H:i", "de": "D j. M H:i"},
    "day": {"tr": "D j M", "en": "D j M", "de": "D j. M"},
    "dated": {"tr": "j M Y", "en": "j M Y", "de": "j. M Y"},
    "weekday": {"tr": "D H:i", "en": "D H:i", "de": "D H:i"},
    "time": {"tr": "H:i", "en": "H:i", "de": "H:i"},
}

TONE_ICONS = {
    "info": "info",
    "ok": "circle-check",
    "warn": "triangle-alert",
    "danger": "octagon-alert",
}
CLOCK_ICONS = {
    "normal": "clock",
    "soon": "hourglass",
    "late": "clock-alert",
    "paused": "circle-pause",
    "met": "circle-check",
}


@lru_cache(maxsize=512)
def _svg(name: str, size: int | None, label: str) -> SafeString:
    named = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    classes = {"class": "icon sized" if size else "icon", "focusable": "false"}
    return SafeString(lucide(name, size=size, **classes, **named))


@register.simple_tag
def icon(name: str, size: int | None = None, label: str = "") -> SafeString:
    """An inline SVG as large as the text; silent for screen readers unless it has a label."""
    return _svg(str(name), size, str(label))


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """The icon that goes with a tone: info, ok, warn, danger."""
    return icon(TONE_ICONS.get(tone, "info"))


@register.simple_tag
def clock(
    state: str,
    at: datetime | None = None,
    left: timedelta | None = None,
    *,
    day: int = 24,
    style: str = "weekday",
    why: str = "",
) -> str:
    """A clock chip: the due moment, what is left, how it stands; `why` unfolds the derivation.

    state: normal, soon, late, paused, met; `day` is how many hours a (working) day has.
    Put together here and not in a template: a list has fifty of them.
    """
    minutes = None if left is None else _minutes(left)
    chip = _chip(state, when(at, style), minutes, day, get_language())
    if not why:
        return chip
    return format_html(
        '<details class="clock-why"><summary>{}</summary><div class="why">{}</div></details>',
        chip,
        why,
    )


@lru_cache(maxsize=4096)
def _chip(state: str, at: str, minutes: int | None, day: int, language: str | None) -> SafeString:
    """Kept for as long as it says the same: the lists of all show the same open cases."""
    said = _standing(state, minutes, day)
    return format_html(
        '<span class="clock" data-clock="{}">{}{}{}</span>',
        state,
        icon(CLOCK_ICONS.get(state, "clock")),
        at,
        format_html('<span class="left">{}</span>', said) if said else "",
    )


def _standing(state: str, minutes: int | None, day: int) -> str:
    if state == "paused":
        return _("paused")
    if state == "met":
        return _("met")
    said = "" if minutes is None else _said(minutes, day)
    return _("late {time}").format(time=said) if state == "late" else said


@register.filter
def number(value: object) -> str:
    """A case number in threes that never breaks over a line: 264 839 172."""
    digits = str(value)
    return NO_BREAK_SPACE.join(digits[i : i + 3] for i in range(0, len(digits), 3))


@register.simple_tag
def when(value: date | None, style: str = "full") -> str:
    """A moment as the reader's language writes it, in a time element."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return _written(value, style, (get_language() or "en")[:2])


@lru_cache(maxsize=4096)
def _written(value: date, style: str, language: str) -> SafeString:
    """Kept, because the same open cases stand in everybody's lists."""
    written = on(value, style, language)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), written)


def on(value: date, style: str, language: str = "") -> str:
    """A date in one of the styles of `DATES`, in the reader's language unless another is told."""
    language = language or (get_language() or "en")[:2]
    return dateformat.format(value, DATES[style].get(language, DATES[style]["en"]))


@register.filter
def remaining(value: timedelta | None, day: int = 24) -> str:
    """A duration in its two largest units; `day` is how many hours a (working) day has."""
    return "" if value is None else _said(_minutes(value), int(day))


def _minutes(value: timedelta) -> int:
    return abs(int(value.total_seconds())) // 60


def _said(minutes: int, day: int) -> str:
    days, minutes = divmod(minutes, day * 60)
    hours, minutes = divmod(minutes, 60)
    parts = []
    if days:
        parts.append(_("{n} d").format(n=days))
    if hours:
        parts.append(_("{n} h").format(n=hours))
    if minutes and not days:
        parts.append(_("{n} min").format(n=minutes))
    return " ".join(parts).replace(" ", NO_BREAK_SPACE) or _("now")


@register.filter
def capped(count: int, cap: int = 500) -> str:
    """A count that stops at a limit: 500+."""
    return f"{cap}+" if count > cap else formats.number_format(count, force_grouping=True)


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The reader's own choice of theme, or nothing: the system decides."""
    request = context.get("request")
    choice = request.COOKIES.get(THEME_COOKIE, "") if request else ""
    return choice if choice in THEMES else ""


@register.filter
def focus_id(field: BoundField) -> str:
    """The id of the control that takes focus: of a group, its first choice."""
    return f"{field.auto_id}_0" if is_choices(field) else (field.id_for_label or field.auto_id)


@register.filter
def is_choices(field: BoundField) -> bool:
    """Radio buttons or a group of checkboxes."""
    return field.widget_type in {"radioselect", "checkboxselectmultiple"}


@register.filter
def problem_count(form: Form) -> str:
    """How many problems the summary lists, as its heading."""
    count = sum(len(errors) for errors in form.errors.values())
    return ngettext("There is a problem", "There are {n} problems", count).format(n=count)


@register.filter
def counter_id(field: BoundField) -> str:
    """The id of the place where a text field's length is told, where it wants one."""
    return field.field.widget.attrs.get("data-counter", "")


@register.filter
def initials(person: object) -> str:
    """Two letters for a person: Ayşe Kaya is AK."""
    words = str(person).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:]))
