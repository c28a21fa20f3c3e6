"""What lists draw by the dozen, put together here and not in templates, which cost ten times it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from derman.desk.verbs.form import address_of
from derman.ui.markup import filled
from derman.ui.templatetags.ui import capped, clock, icon, number

register = template.Library()

ROW = (
    '<li>{mark}<a class="row" data-row data-number="{number}" data-state="{state_key}" href="{url}"'
    '{current}><span class="first"><span class="num">{shown}</span>{clock}</span>'
    '<span class="title">{urgent}{title}</span>{tags}'
    '<span class="last">{watched}<span class="who">{who}</span>'
    '<span class="state">{state}</span></span></a></li>'
)
MARK = (
    '<label class="mark"><span class="hidden-text">{word} {shown}</span>'
    '<input type="checkbox" name="number" value="{number}"></label>'
)
LINE = (
    '{heading}<a class="view" href="{url}"{key}{here}>{icon}<span class="name">{label}</span>'
    "{count}</a>"
)


@register.simple_tag
def case_row(row: Any, mark: str = "") -> str:
    """One case in the list of the workbench; `row` is a `workbench.Row`.

    With a word for it, the line can be marked.
    """
    chip = row.chip
    shown = number(row.number)
    who = f"{row.applicant} · {row.region}" if row.region else row.applicant
    return filled(
        ROW,
        mark=filled(MARK, word=mark, shown=shown, number=row.number) if mark else "",
        number=row.number,
        shown=shown,
        state_key=row.state_key,
        url=row.url,
        current=CURRENT if row.is_current else "",
        clock=clock(chip.state, chip.at, chip.left, day=chip.day, style="short"),
        urgent=_urgent(row.priority) if row.priority else "",
        title=row.title,
        tags=_tags(row.tags) if row.tags else "",
        watched=_watched(_("A colleague has it open")) if row.is_watched else "",
        who=who,
        state=row.state,
    )


@register.simple_tag
def menu_line(item: Any, current: str) -> str:
    """One line of the menu, under its heading where a group begins; a `views_menu.Item`."""
    return filled(
        LINE,
        heading=filled('<p class="views-heading">{text}</p>', text=item.heading)
        if item.heading
        else "",
        url=item.url,
        key=filled(' data-key="{key}"', key=item.key) if item.key else "",
        here=HERE if item.name == current else "",
        icon=icon(item.icon),
        label=item.label,
        count=_count_of(item),
    )


def _count_of(item: Any) -> str:
    if item.count is None:
        place = ' <span class="count" id="count-{name}"></span>'
        return filled(place, name=item.name) if item.is_pinned else ""
    return filled(
        ' <span class="count"{tone}{poll}>{count}</span>',
        tone=filled(' data-tone="{tone}"', tone=item.tone) if item.tone else "",
        poll=filled(' data-poll="{poll}"', poll=item.poll) if item.poll else "",
        count=capped(item.count),
    )


VERB = '<a class="{}" href="{}" hx-get="{}" hx-target="#panel" data-verb="{}"{}>{}{}{}</a>'


@register.simple_tag
def verb_link(form: Any, page: Any, style: str = "") -> str:
    """The link to the form of a verb: a `primary` button, a plain one, or an `item` of a menu."""
    case = page.case
    seen = f"version={case.version}&seen={page.last_event}"
    address = f"{address_of(form.noun, case.number)}?{page.list_query}&{seen}"
    return format_html(
        VERB,
        "menu-item" if style == "item" else f"button {style}",
        address,
        address,
        form.noun,
        format_html(' data-key="{}"', form.key) if form.key else "",
        icon(form.icon),
        form.label if not style and form.label else form.title,
        _drafted(_("Draft")) if form.noun in page.kept else "",
    )


@lru_cache(maxsize=8)
def _drafted(words: str) -> str:
    return format_html(' <span class="badge">{}</span>', words)


@register.simple_tag
def verb_address(noun: str, number: str) -> str:
    """Where the form of a verb lies, for the case of this number."""
    return address_of(noun, number)


HERE = format_html(' aria-current="{}"', "page")
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
