"""Shares as people read them."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

NOTHING = "–"  # there is nothing to divide by


@register.filter
def percent(share: float | None) -> str:
    """0.624 as 62%; the sign stands where the language has it."""
    return NOTHING if share is None else _("{n}%").format(n=round(share * 100))


@register.filter
def points(share: float | None) -> str:
    """A score from -1 to 1 as one from −100 to +100."""
    if share is None:
        return NOTHING
    score = round(share * 100)
    return f"+{score}" if score > 0 else f"{score}".replace("-", "\u2212")
