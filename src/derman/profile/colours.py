"""Whether writing can be read on a colour (WCAG 2.2, 1.4.3)."""

READABLE = 4.5
# What an accent is written on: the pages of the house style (`ui/css/tokens.css`).
LIGHT_PAGE = "#ffffff"
DARK_PAGE = "#161d1a"
SHARE = 0.1  # of the accent in the tint behind what is chosen


def contrast(ground: str, ink: str) -> float:
    """The contrast ratio of two colours written as #rrggbb, from 1 to 21."""
    darker, lighter = sorted((_luminance(ground), _luminance(ink)))
    return (lighter + 0.05) / (darker + 0.05)


def tint(accent: str, page: str) -> str:
    """A page with a little of the accent in it, as #rrggbb."""
    mixed = (
        round(int(accent[at : at + 2], 16) * SHARE + int(page[at : at + 2], 16) * (1 - SHARE))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
