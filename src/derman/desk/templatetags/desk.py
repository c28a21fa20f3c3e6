"""What lists draw by the dozen, put together here and not in templates, which cost ten times it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from derman.ui.templatetags.ui import clock, icon, number

register = template.Library()

ROW = (
    '<li>{mark}<a class="row" data-row data-number="{number}" data-state="{state_key}" href="{url}"'
    '{current}><span class="first"><span class="num">{shown}</span>{clock}</span>'
    '<span class="title">{urgent}{title}</span>{tags}'
    '<span class="last">{watched}<span class="who">{who}</span>'
    '<span class="state">{state}</span></span></a></li>'
)
MARK = (
    '<label class="mark"><span class="hidden-text">{} {}</span>'
    '<input type="checkbox" name="number" value="{}"></label>'
)


@register.simple_tag
def case_row(row: Any, mark: str = "") -> str:
    """One case in the list of the workbench; `row` is a `workbench.Row`.

    With a word for it, the line can be marked.
    """
    chip = row.chip
    return format_html(
        ROW,
        mark=format_html(MARK, mark, number(row.number), row.number) if mark else "",
        number=row.number,
        shown=number(row.number),
        state_key=row.state_key,
        url=row.url,
        current=CURRENT if row.is_current else "",
        clock=clock(chip.state, chip.at, chip.left, day=chip.day, style="short"),
        urgent=_urgent(row.priority) if row.priority else "",
        title=row.title,
        tags=_tags(row.tags) if row.tags else "",
        watched=_watched(_("A colleague has it open")) if row.is_watched else "",
        who=f"{row.applicant} · {row.region}" if row.region else row.applicant,
        state=row.state,
    )


CURRENT = format_html(' aria-current="{}"', "true")


def _tags(tags: Sequence[Any]) -> str:
    marks = ((tag.tone, tag.label) for tag in tags)
    return format_html(
        '<span class="tags">{}</span>',
        format_html_join("", '<span class="badge" data-tone="{}">{}</span>', marks),
    )


@lru_cache(maxsize=64)
def _urgent(priority: str) -> str:
    return format_html('<span class="urgent">{}</span> ', icon("siren", label=priority))


@lru_cache(maxsize=8)
def _watched(words: str) -> str:
    return format_html('<span class="here">{}</span>', icon("eye", label=words))


@register.simple_tag
def options(pairs: Sequence[tuple[str, str]], chosen: str = "") -> str:
    """The options of a select, the chosen one marked."""
    return _options(tuple(pairs), str(chosen))


@lru_cache(maxsize=512)
def _options(pairs: tuple[tuple[str, str], ...], chosen: str) -> str:
    marked = ((key, SELECTED if key == chosen else "", label) for key, label in pairs)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)


SELECTED = format_html("{}", " selected")
