"""Parts of a page that say the same to everybody who reads a language: drawn once, then kept."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.urls import get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.tag
def kept(parser: Parser, token: Token) -> "Kept":
    """`{% kept %}…{% endkept %}`: drawn once in each language by each process.

    What stands inside sees nothing of the page and its reader, but what is handed over by name:
    `{% kept chosen=theme %}`. That must have few values, for each of them is kept.
    """
    name, *words = token.split_contents()
    given = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"{name} takes values by name only, not {words[0]!r}")
    inside = parser.parse((f"end{name}",))
    parser.delete_first_token()
    return Kept(inside, given)


class Kept(template.Node):
    """Draws what it holds in a context of its own, and remembers the result."""

    def __init__(self, nodelist: NodeList, given: Mapping[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.given = given
        self.drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.given.items()}
        key = (get_language(), get_urlconf(), settings.ROOT_URLCONF, *values.values())
        drawn = self.drawn.get(key)
        if drawn is None or settings.DEBUG:
            drawn = self.drawn[key] = self.nodelist.render(context.new(values))
        return drawn
