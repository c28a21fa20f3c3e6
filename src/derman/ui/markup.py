"""Markup put together in Python, for what pages draw by the dozen."""

from html import escape

from django.utils.safestring import SafeString


def filled(pattern: str, **values: object) -> SafeString:
    """What `format_html` makes, for half of its price: all is escaped that is not markup yet."""
    written = {
        name: value if type(value) is SafeString else escape(str(value))
        for name, value in values.items()
    }
    return SafeString(pattern.format_map(written))
