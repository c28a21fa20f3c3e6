"""What to say about a name that nobody knows."""

import difflib
from collections.abc import Iterable


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The name is not known: which one was meant, or which there are."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"there is no {what} {name}; did you mean {close[0]}?"
    return f"there is no {what} {name}" + (f"; known are {', '.join(names)}" if names else "")
