"""What to say about a name that nobody knows."""

import difflib
from collections.abc import Iterable

from derman.profile.errors import Sentence, say
from derman.words.marks import gettext_noop as _

# What `unknown` may be asked about.
KINDS = (
    _("unit"), _("region"), _("topic"), _("tag"), _("channel"), _("line"), _("message"), _("name"),
    _("key"), _("choice"), _("text"), _("file"), _("preset"),
)  # fmt: skip


def unknown(what: str, name: str, known: Iterable[str]) -> Sentence:
    """The name is not known: which one was meant, or which there are."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        pattern = _("there is no {what} {name}; did you mean {close}?")
        return say(pattern, what=what, name=name, close=close[0])
    if not names:
        return say(_("there is no {what} {name}"), what=what, name=name)
    pattern = _("there is no {what} {name}; known are {known}")
    return say(pattern, what=what, name=name, known=", ".join(names))
