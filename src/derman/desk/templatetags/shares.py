"""Shares as people read them."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

NOTHING = "–"  # there is nothing to divide by


@register.filter
def percent(share: float | None) -> str:
    """0.624 as 62%; the sign stands where the language has it. Few are not none, nor many all."""
    if share is None:
        return NOTHING
    whole = round(share * 100)
    if whole == 0 and share > 0:
        return "< " + _("{n}%").format(n=1)
    if whole == 100 and share < 1:
        return "> " + _("{n}%").format(n=99)
    return _("{n}%").format(n=whole)


@register.filter
def points(share: float | None) -> str:
    """A score from -1 to 1 as one from −100 to +100."""
    if share is None:
        return NOTHING
    score = round(share * 100)
    return f"+{score}" if score > 0 else f"{score}".replace("-", "\u2212")
