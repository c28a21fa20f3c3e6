"""What lists draw by the dozen, put together here and not in templates, which cost ten times it."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from derman.desk.verb_form import address_of
from derman.ui.templatetags.ui import capped, clock, icon, number

register = template.Library()

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
    shown = number(row.number)
    who = f"{row.applicant} · {row.region}" if row.region else row.applicant
    return SafeString(
        f"<li>{format_html(MARK, mark, shown, row.number) if mark else ''}"
        f'<a class="row" data-row data-number="{escape(row.number)}"'
        f' data-state="{escape(row.state_key)}" href="{escape(row.url)}"'
        f"{CURRENT if row.is_current else ''}>"
        f'<span class="first"><span class="num">{escape(shown)}</span>'
        f"{clock(chip.state, chip.at, chip.left, day=chip.day, style='short')}</span>"
        f'<span class="title">{_urgent(row.priority) if row.priority else ""}'
        f"{escape(row.title)}</span>{_tags(row.tags) if row.tags else ''}"
        f'<span class="last">'
        f"{_watched(_('A colleague has it open')) if row.is_watched else ''}"
        f'<span class="who">{escape(who)}</span>'
        f'<span class="state">{escape(row.state)}</span></span></a></li>'
    )


@register.simple_tag
def menu_line(item: Any, current: str) -> str:
    """One line of the menu, under its heading where a group begins; a `views_menu.Item`."""
    heading = f'<p class="views-heading">{escape(item.heading)}</p>' if item.heading else ""
    key = f' data-key="{escape(item.key)}"' if item.key else ""
    here = ' aria-current="page"' if item.name == current else ""
    return SafeString(
        f'{heading}<a class="view" href="{escape(item.url)}"{key}{here}>{icon(item.icon)}'
        f'<span class="name">{escape(item.label)}</span>{_count_of(item)}</a>'
    )


def _count_of(item: Any) -> str:
    if item.count is None:
        name = escape(item.name)
        return f' <span class="count" id="count-{name}"></span>' if item.is_pinned else ""
    tone = f' data-tone="{escape(item.tone)}"' if item.tone else ""
    poll = f' data-poll="{escape(item.poll)}"' if item.poll else ""
    return f' <span class="count"{tone}{poll}>{capped(item.count)}</span>'


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
