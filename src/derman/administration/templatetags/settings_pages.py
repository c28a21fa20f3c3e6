"""Small words of the settings' templates."""

import re

from django import template
from django.utils.html import format_html, format_html_join

from derman.profile.layout import Path

register = template.Library()
CODE = re.compile(r"`([^`]+)`")


@register.filter
def steps(path: Path) -> str:
    """A path of the profile as addresses write it."""
    return "/".join(map(str, path))


@register.filter
def code(text: str) -> str:
    """What stands between backticks is a key as it is written in files."""
    *pairs, last = CODE.split(str(text))
    marked = zip(pairs[::2], pairs[1::2], strict=True)
    return format_html("{}{}", format_html_join("", "{}<code>{}</code>", marked), last)
