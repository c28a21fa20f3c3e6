"""A flow as a picture: boxes in columns, lines as thick as what goes along them. Knows no domain.

Lines that pass over a column run above the boxes, those that lead back below them, so that none
runs behind a box; and no number stands on a box or on another number. The template draws it as SVG
by classes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, BOX_WIDTH, BOX_HEIGHT = 1160, 138, 46
GAP, TOP, LOOP = 26, 12, 26  # between boxes, above them, and for each line around them
THICKEST, THICK_AROUND = 14.0, 3.0  # lines around the boxes lie close to each other
EDGE = 44  # room for lines that lead back, left and right
LETTERS = 19  # of a line in a box
MOST_FORWARD, MOST_OVER, MOST_BACK = 32, 5, 7
DIGIT, NUMBER_HEIGHT = 8, 15  # room that a number takes
ALONG = (0.5, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88, 0.4, 0.6)  # where on a line its number may stand


Edge = tuple[tuple[str, str], int]
Spots = Sequence[tuple[float, float]]
Area = tuple[float, float, float, float]  # left, top, right, bottom


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
    chosen = _chosen(nodes, edges)
    boxes = _boxes(nodes, TOP + LOOP * len(chosen.over))
    floor = max((box.y + BOX_HEIGHT for box in boxes.values()), default=TOP)
    pen = _Pen(boxes, max(edges.values(), default=1))
    lines = [pen.over(edge, number) for number, edge in enumerate(chosen.over)]
    lines += [
        pen.back(edge, number, floor + LOOP * number) for number, edge in enumerate(chosen.back, 1)
    ]
    lines += [pen.forward(edge) for edge in chosen.forward]
    height = floor + LOOP * (len(chosen.back) + 1)
    return Drawing(WIDTH, height, list(boxes.values()), lines)


@dataclass(frozen=True)
class _Chosen:
    """The lines that are drawn: the most frequent ones, of those around the boxes fewer.

    Lines within one column are left to the table: they would hide the others.
    """

    forward: list[Edge]
    over: list[Edge]
    back: list[Edge]


def _chosen(nodes: Sequence[Node], edges: Mapping[tuple[str, str], int]) -> _Chosen:
    columns = sorted({node.column for node in nodes})
    place = {node.key: columns.index(node.column) for node in nodes}

    def steps(edge: Edge) -> int:
        (one, other), _count = edge
        return place[other] - place[one]

    order = sorted(edges.items(), key=lambda edge: -edge[1])
    over = [edge for edge in order if steps(edge) > 1][:MOST_OVER]
    return _Chosen(
        forward=[edge for edge in order if steps(edge) == 1][:MOST_FORWARD],
        over=sorted(over, key=lambda edge: -steps(edge)),  # the longest one outside
        back=[edge for edge in order if steps(edge) < 0][:MOST_BACK],
    )


class _Pen:
    """Draws one line after the other, and keeps what is taken by boxes and numbers."""

    def __init__(self, boxes: Mapping[str, Box], most: int) -> None:
        self.boxes, self.most = boxes, most
        self.taken = [
            (box.x, box.y, box.x + BOX_WIDTH, box.y + BOX_HEIGHT) for box in boxes.values()
        ]

    def forward(self, edge: Edge) -> Line:
        """A curve into the next column."""
        first, second = self._ends(edge)
        x1, y1 = first.x + BOX_WIDTH, first.y + BOX_HEIGHT / 2
        x2, y2 = second.x, second.y + BOX_HEIGHT / 2
        bend = (x2 - x1) / 2
        path = f"M {x1} {y1} C {x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
        spots = [
            (_along(share, (x1, x1 + bend, x2 - bend, x2)), _along(share, (y1, y1, y2, y2)))
            for share in ALONG
        ]
        return self._line(edge, path, self._thickness(edge), spots)

    def over(self, edge: Edge, number: int) -> Line:
        """Up the gutter beside the box, above everything, and down before the other one."""
        first, second = self._ends(edge)
        level = TOP + LOOP * number
        path, spots = _around(first, second, 0.25, 10 + 4 * number, level)
        return self._line(edge, path, min(self._thickness(edge), THICK_AROUND), spots)

    def back(self, edge: Edge, number: int, level: float) -> Line:
        """Out into the gutter, below everything, and up the other gutter."""
        first, second = self._ends(edge)
        path, spots = _around(first, second, 0.75, 10 + 4 * number, level)
        return self._line(edge, path, min(self._thickness(edge), THICK_AROUND), spots, is_back=True)

    def _ends(self, edge: Edge) -> tuple[Box, Box]:
        (one, other), _count = edge
        return self.boxes[one], self.boxes[other]

    def _thickness(self, edge: Edge) -> float:
        return round(max(1.5, THICKEST * edge[1] / self.most), 1)

    def _line(
        self, edge: Edge, path: str, thickness: float, spots: Spots, *, is_back: bool = False
    ) -> Line:
        first, second = self._ends(edge)
        count = edge[1]
        title = f"{first.node.label} → {second.node.label}: {count}"
        x, y = self._free(spots, DIGIT * len(str(count)))
        return Line(path, thickness, is_back, count, x, y + 4, title)

    def _free(self, spots: Spots, width: float) -> tuple[float, float]:
        """The first spot on which a number hides nothing; the first of all where none is."""
        sizes = [
            (x - width / 2, y - NUMBER_HEIGHT / 2, x + width / 2, y + NUMBER_HEIGHT / 2)
            for x, y in spots
        ]
        at = next(
            (n for n, one in enumerate(sizes) if not any(_meet(one, t) for t in self.taken)), 0
        )
        self.taken.append(sizes[at])
        x, y = spots[at]
        return round(x, 1), round(y, 1)


def _around(
    first: Box, second: Box, side: float, gutter: float, level: float
) -> tuple[str, list[tuple[float, float]]]:
    """A line out of one box, along a level of its own, and into another."""
    x1, y1 = first.x + BOX_WIDTH, first.y + BOX_HEIGHT * side
    x2, y2 = second.x, second.y + BOX_HEIGHT * side
    path = f"M {x1} {y1} H {x1 + gutter} V {level} H {x2 - gutter} V {y2} H {x2}"
    return path, [(x1 + (x2 - x1) * share, level) for share in ALONG]


def _along(share: float, points: tuple[float, float, float, float]) -> float:
    """One coordinate of a curve so far along it."""
    a, b, c, d = points
    rest = 1 - share
    return rest**3 * a + 3 * rest**2 * share * b + 3 * rest * share**2 * c + share**3 * d


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _boxes(nodes: Sequence[Node], top: float) -> dict[str, Box]:
    columns = sorted({node.column for node in nodes})
    step = (WIDTH - BOX_WIDTH - 2 * EDGE) / max(len(columns) - 1, 1)
    tallest = max((sum(n.column == column for n in nodes) for column in columns), default=0)
    boxes = {}
    for place, column in enumerate(columns):
        own = [node for node in nodes if node.column == column]
        offset = (tallest - len(own)) * (BOX_HEIGHT + GAP) / 2
        for number, node in enumerate(own):
            y = top + offset + number * (BOX_HEIGHT + GAP)
            title = f"{node.label}: {node.detail}"
            boxes[node.key] = Box(node, round(EDGE + place * step, 1), y, _cut(node.label), title)
    return boxes


def _cut(label: str) -> tuple[str, ...]:
    """A name on at most two lines that fit into a box; the whole one is its title."""
    lines, line = [], ""
    for word in label.split():
        if line and len(f"{line} {word}") >= LETTERS:  # as wide as the box, nearly
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    if len(lines) > 1:
        lines = [lines[0], " ".join(lines[1:])]
    return tuple(one if len(one) <= LETTERS else f"{one[: LETTERS - 1]}…" for one in lines)
