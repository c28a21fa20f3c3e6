"""The picture of many ways: every line to be followed, every number to be read."""

from itertools import combinations

from derman.ui import flow_chart
from derman.ui.flow_chart import BOX_HEIGHT, BOX_WIDTH, DIGIT, NUMBER_HEIGHT, Drawing, Node

COLUMNS = {"new": 0, "review": 1, **{f"unit{n}": 2 for n in range(7)}, "asked": 3, "told": 3,
           "done": 4}  # fmt: skip
EDGES = {
    ("new", "review"): 244,
    **{("review", f"unit{n}"): 20 + n for n in range(7)},
    **{(f"unit{n}", "told"): 18 + n for n in range(7)},
    **{(f"unit{n}", "asked"): 2 for n in range(3)},
    ("review", "done"): 17,
    ("review", "told"): 9,
    ("review", "asked"): 20,
    ("new", "done"): 3,
    ("told", "done"): 144,
    ("done", "review"): 15,
    ("unit0", "review"): 1,
    ("unit0", "unit1"): 30,
}


def drawn() -> Drawing:
    nodes = [Node(key, column, key, "1 time") for key, column in COLUMNS.items()]
    return flow_chart.draw(nodes, EDGES)


def areas(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """What boxes and numbers cover."""
    boxes = [(box.x, box.y, box.x + BOX_WIDTH, box.y + BOX_HEIGHT) for box in drawing.boxes]
    numbers = []
    for line in drawing.lines:
        half = DIGIT * len(str(line.count)) / 2
        middle = line.label_y - 4
        numbers.append((line.label_x - half, middle - NUMBER_HEIGHT / 2,
                        line.label_x + half, middle + NUMBER_HEIGHT / 2))  # fmt: skip
    return [*boxes, *numbers]


def test_no_number_stands_on_a_box_or_on_another_number():
    for one, other in combinations(areas(drawn()), 2):
        apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
        assert apart, (one, other)


def test_lines_over_a_column_run_above_the_boxes_and_those_back_below():
    drawing = drawn()
    lines = {line.title.rsplit(":", 1)[0]: line for line in drawing.lines}
    highest = min(box.y for box in drawing.boxes)
    lowest = max(box.y for box in drawing.boxes) + BOX_HEIGHT
    for title in ("review → done", "review → told", "review → asked", "new → done"):
        assert lines[title].label_y < highest
    for title in ("done → review", "unit0 → review"):
        assert lines[title].is_back
        assert lines[title].label_y > lowest
    assert "unit0 → unit1" not in lines  # within a column: in the table only
    assert all(0 <= line.label_y <= drawing.height for line in drawing.lines)


def test_the_thicker_a_line_the_more_cases():
    lines = {line.title.rsplit(":", 1)[0]: line.thickness for line in drawn().lines}
    assert lines["new → review"] > lines["told → done"] > lines["review → unit6"]


def test_a_name_as_wide_as_its_box_breaks():
    names = {"a": "Taahhüt ve Sözleşme", "b": "Genel Aydınlatma", "c": "Mitgliedschaftswesen"}
    nodes = [Node(key, 0, name, "1 time") for key, name in names.items()]
    lines = {box.node.key: box.lines for box in flow_chart.draw(nodes, {}).boxes}
    assert lines == {
        "a": ("Taahhüt ve", "Sözleşme"),
        "b": ("Genel Aydınlatma",),
        "c": ("Mitgliedschaftswes…",),
    }
