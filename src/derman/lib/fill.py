"""Filling stored message texts: `{{ name }}` becomes a value, and nothing else happens.

Stored text never meets a template engine: no logic, no filters, no attributes, no second pass
over what a value brought in.
"""

import re
from collections.abc import Mapping

MARK = re.compile(r"\{\{(?P<name>[^{}]*)\}\}|\{\{|\}\}")


class UnknownName(Exception):
    """The text asks for a name that has no value, or its braces do not match."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} has no value in this text")
        self.name = name


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in place of their names, each exactly as it is."""

    def value(match: re.Match[str]) -> str:
        name = _name(match)
        if name not in values:
            raise UnknownName(name)
        return values[name]

    return MARK.sub(value, text)


def names_in(text: str) -> frozenset[str]:
    """Which names a text asks for; a brace pair that is left open counts as one."""
    return frozenset(_name(match) for match in MARK.finditer(text))


def _name(match: re.Match[str]) -> str:
    return match[0] if match["name"] is None else match["name"].strip(" ")
