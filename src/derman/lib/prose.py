"""Longer texts that people wrote for a page: paragraphs, `## headings` and `- lists`, no more."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list with its items."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def blocks(text: str) -> list[Block]:
    """The parts of a text in their order; the template draws and escapes them."""
    found: list[Block] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if not lines:
            continue
        if lines[0].startswith("#"):
            found.append(Block("heading", lines.pop(0).lstrip("# ")))
        if lines and all(line.startswith("- ") for line in lines):
            found.append(Block("list", items=tuple(line[2:] for line in lines)))
        elif lines:
            found.append(Block("paragraph", " ".join(lines)))
    return found
