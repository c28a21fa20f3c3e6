"""A person's name taken out of a text, for readers who may not know it."""

import re
from functools import lru_cache

from derman.lib.composing import normal
from derman.lib.turkish import lower_tr, upper_tr

HIDDEN = "•••"


def without_name(text: str, name: str) -> str:
    """The text in which this name does not stand, in whichever letters it was written."""
    name = normal("NFC", name).strip()
    return _pattern(name).sub(HIDDEN, normal("NFC", text)) if name else text


@lru_cache(maxsize=200)
def _pattern(name: str) -> re.Pattern[str]:
    """The name in small and large letters, Turkish or not, however its parts are set apart.

    What follows may be a suffix; what stands before it is another word.
    """
    parts = (
        "".join(f"[{re.escape(''.join(sorted(_cases(letter))))}]" for letter in part)
        for part in name.split()
    )
    return re.compile(r"(?<!\w)" + r"\s+".join(parts))


def _cases(letter: str) -> set[str]:
    found = (letter, letter.lower(), letter.upper(), lower_tr(letter), upper_tr(letter))
    return {one for one in found if len(one) == 1}
