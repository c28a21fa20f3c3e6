"""A flow as a picture: boxes in columns, lines as thick as what goes along them. Knows no domain.

Lines that lead back run below everything else. The template draws it as SVG by classes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, BOX_WIDTH, BOX_HEIGHT = 1160, 138, 46
GAP, TOP, LOOP = 26, 12, 26  # between boxes, above them, and for each line that leads back
THICKEST = 14.0
EDGE = 44  # room for lines that lead back, left and right
LETTERS = 19  # of a line in a box
MOST_FORWARD, MOST_BACK = 32, 7


@dataclass(frozen=True)
class Node:
    """A box: in which column it stands, its name, what stands under it, its tone."""

    key: str
    column: int
    label: str
    detail: str
    tone: str = ""


@dataclass(frozen=True)
class Box:
    node: Node
    x: float
    y: float
    lines: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Line:
    """A line of the flow: how it runs, how thick, and where its number stands."""

    path: str
    thickness: float
    is_back: bool
    count: int
    label_x: float
    label_y: float
    title: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: float
    boxes: list[Box]
    lines: list[Line]


def draw(nodes: Sequence[Node], edges: Mapping[tuple[str, str], int]) -> Drawing:
    """The boxes column by column, and the lines between them."""
    boxes = _boxes(nodes)
    floor = max((box.y + BOX_HEIGHT for box in boxes.values()), default=TOP)
    most = max(edges.values(), default=1)
    lines: list[Line] = []
    back = 0
    for (one, other), count in _frequent(boxes, edges):
        first, second = boxes[one], boxes[other]
        title = f"{first.node.label} → {second.node.label}: {count}"
        thickness = round(max(1.5, THICKEST * count / most), 1)
        if second.node.column > first.node.column:
            lines.append(_forward(first, second, count, thickness, title))
        else:
            back += 1
            level = floor + LOOP * back
            lines.append(_back(first, second, count, thickness, title, (back, level)))
    return Drawing(WIDTH, floor + LOOP * (back + 1), list(boxes.values()), lines)


def _frequent(
    boxes: Mapping[str, Box], edges: Mapping[tuple[str, str], int]
) -> list[tuple[tuple[str, str], int]]:
    """The lines that are drawn: the most frequent ones, of those that lead back fewer.

    Lines within one column are left to the table: they would hide the others.
    """
    column = {key: box.node.column for key, box in boxes.items()}
    order = sorted(edges.items(), key=lambda item: -item[1])
    forward = [item for item in order if column[item[0][0]] < column[item[0][1]]]
    leads_back = [item for item in order if column[item[0][0]] > column[item[0][1]]]
    return [*forward[:MOST_FORWARD], *leads_back[:MOST_BACK]]


def _boxes(nodes: Sequence[Node]) -> dict[str, Box]:
    columns = sorted({node.column for node in nodes})
    step = (WIDTH - BOX_WIDTH - 2 * EDGE) / max(len(columns) - 1, 1)
    tallest = max((sum(n.column == column for n in nodes) for column in columns), default=0)
    boxes = {}
    for place, column in enumerate(columns):
        own = [node for node in nodes if node.column == column]
        offset = (tallest - len(own)) * (BOX_HEIGHT + GAP) / 2
        for number, node in enumerate(own):
            y = TOP + offset + number * (BOX_HEIGHT + GAP)
            title = f"{node.label}: {node.detail}"
            boxes[node.key] = Box(node, round(EDGE + place * step, 1), y, _cut(node.label), title)
    return boxes


def _forward(first: Box, second: Box, count: int, thickness: float, title: str) -> Line:
    x1, y1 = first.x + BOX_WIDTH, first.y + BOX_HEIGHT / 2
    x2, y2 = second.x, second.y + BOX_HEIGHT / 2
    bend = (x2 - x1) / 2
    path = f"M {x1} {y1} C {x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return Line(path, thickness, False, count, (x1 + x2) / 2, (y1 + y2) / 2 + 4, title)


def _back(
    first: Box, second: Box, count: int, thickness: float, title: str, way: tuple[int, float]
) -> Line:
    """Out into the gutter beside the box, below everything, and up the other gutter."""
    number, level = way
    x1, y1 = first.x + BOX_WIDTH, first.y + BOX_HEIGHT * 0.75
    x2, y2 = second.x, second.y + BOX_HEIGHT * 0.75
    out, into = x1 + 10 + 4 * number, x2 - 10 - 4 * number
    path = f"M {x1} {y1} H {out} V {level} H {into} V {y2} H {x2}"
    return Line(path, min(thickness, 3), True, count, (x1 + x2) / 2, level + 4, title)


def _cut(label: str) -> tuple[str, ...]:
    """A name on at most two lines that fit into a box; the whole one is its title."""
    lines, line = [], ""
    for word in label.split():
        if line and len(line) + len(word) >= LETTERS:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    if len(lines) > 1:
        lines = [lines[0], " ".join(lines[1:])]
    return tuple(one if len(one) <= LETTERS else f"{one[: LETTERS - 1]}…" for one in lines)
