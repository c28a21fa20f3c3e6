"""Small words of the settings' templates."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from derman.profile.layout import Path

register = template.Library()
CODE = re.compile(r"`([^`]+)`")


@register.filter
def steps(path: Path) -> str:
    """A path of the profile as addresses write it."""
    return "/".join(map(str, path))


@register.filter
def code(text: str) -> SafeString:
    """What stands between backticks is a key as it is written in files."""
    return mark_safe(CODE.sub(r"<code>\1</code>", conditional_escape(text)))  # noqa: S308
