"""Numbers as addresses and hidden fields give them."""

MOST_DIGITS = 18  # more than any key has, and what a database column takes


def whole(text: str) -> int | None:
    """The whole number that a text says; None where it says none, or one that nothing here has.

    Python refuses to read numbers of thousands of digits, and takes long for those below.
    """
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
