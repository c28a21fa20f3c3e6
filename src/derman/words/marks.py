"""Marks a label for translation without importing Django; the pages translate it."""


def gettext_noop(text: str) -> str:
    """Return the text unchanged; `makemessages` finds it by this name."""
    return text
