"""The palette is readable: measured as WCAG measures, in both themes."""

import re
from pathlib import Path

import pytest

from derman import ui

CSS = Path(ui.__file__).parent / "static" / "ui" / "css"
THEMES = {
    "light": ":root {",
    "dark by the system": ':root:not([data-theme="light"]) {',
    "dark by choice": ':root[data-theme="dark"] {',
}
TEXT = ["ink", "ink-2", "brand", "info", "ok", "warn", "danger"]
GROUNDS = ["bg", "surface"]


def palette(theme: str) -> dict[str, str]:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    block = text.split(THEMES[theme], 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_on_the_pages_has_seven_to_one(theme):
    colours = palette(theme)
    weak = {
        (text, ground): round(contrast(colours[text], colours[ground]), 2)
        for text in TEXT
        for ground in GROUNDS
        if contrast(colours[text], colours[ground]) < 7
    }
    assert not weak


@pytest.mark.parametrize("theme", THEMES)
def test_words_of_a_tone_can_be_read_on_its_ground(theme):
    colours = palette(theme)
    pairs = [(tone, f"{tone}-bg") for tone in ("brand", "info", "ok", "warn", "danger")]
    pairs += [("ink", ground) for ground in colours if ground.endswith("-bg")]
    pairs += [("ink", "sunken"), ("on-brand", "brand"), ("surface", "danger"), ("bg", "ink")]
    weak = {
        pair: ratio for pair in pairs if (ratio := contrast(*(colours[name] for name in pair))) < 7
    }
    assert not weak
    assert contrast(colours["ink-2"], colours["sunken"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_focus_and_the_edges_of_controls_stand_out(theme):
    colours = palette(theme)
    for ground in ("bg", "surface", "sunken", "brand-bg", "note-bg", "danger-bg"):
        assert contrast(colours["focus"], colours[ground]) >= 3
    for ground in GROUNDS:
        assert contrast(colours["edge"], colours[ground]) >= 3


def test_dark_is_the_same_by_choice_and_by_the_system():
    assert palette("dark by choice") == palette("dark by the system")
    assert palette("dark by choice").keys() == palette("light").keys()


def test_every_sheet_is_imported_and_names_its_layer():
    entry = (CSS / "app.css").read_text(encoding="utf-8")
    others = {path.name for path in CSS.glob("*.css")} - {"app.css"}
    assert set(re.findall(r'@import "([a-z-]+\.css)"', entry)) == others
    for name in others:
        assert re.search(r"^@layer \w+ \{", (CSS / name).read_text(encoding="utf-8"), re.M), name


def test_colours_stand_in_tokens_only():
    """Print is the exception: paper is white."""
    for path in CSS.glob("*.css"):
        if path.name not in {"tokens.css", "print.css"}:
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text), path.name


def test_every_used_token_exists():
    defined = set(
        re.findall(r"--[a-z0-9-]+(?=:)", "".join(p.read_text() for p in CSS.glob("*.css")))
    )
    used = set(
        re.findall(r"var\((--[a-z0-9-]+)", "".join(p.read_text() for p in CSS.glob("*.css")))
    )
    assert used <= defined
