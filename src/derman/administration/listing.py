"""What a collection of the profile looks like as a list; topics are a tree that can be searched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from derman.administration import field_words, places
from derman.administration.places import Place
from derman.lib import turkish
from derman.profile import editing
from derman.profile.errors import Finding
from derman.profile.layout import Path

EXCERPT = 90


@dataclass
class Line:
    """One item: what it is called, a few facts, and whether something is wrong with it."""

    key: str | int
    label: str
    url: str
    facts: list[str] = field(default_factory=list)
    retired: bool = False
    emergency: bool = False
    problems: int = 0
    children: list["Line"] = field(default_factory=list)
    path: str = ""
    seen: str = ""  # of an item that only its position names: what is meant by that position

    @property
    def has_key(self) -> bool:
        """Whether its key says more than its label."""
        return isinstance(self.key, str) and self.key != self.label


@dataclass(frozen=True)
class Below:
    """A collection inside a table, for the link to it."""

    label: str
    url: str
    count: int


def lists_below(here: Place) -> list[Below]:
    """The collections of a table. Sub-topics are shown where a topic has some, or may have."""
    return [
        Below(place.label, place.url, len(place.value or ()))
        for place in here.below()
        if place.path[-1] != "children" or len(here.path) == 2
    ]


def page_of(
    request: HttpRequest, here: Place, findings: list[Finding]
) -> tuple[str, dict[str, Any]]:
    """The template and what it shows."""
    wanted = request.GET.get("q", "").strip()
    lines = list(_lines(here, findings))
    is_tree = here.path == ("topics",)
    if wanted:
        lines = [line for line in lines if _keep(line, wanted)]
    context = {
        "place": here,
        "lines": lines,
        "wanted": wanted,
        "item": field_words.item(str(here.path[-1])),
        "current": here.path[0],
    }
    return f"administration/{'topics' if is_tree else 'list'}.html", context


def _lines(here: Place, findings: list[Finding]) -> Iterator[Line]:
    value = here.value or ()
    steps = range(len(value)) if here.is_list else list(value)
    for step in steps:
        yield _line(here, (*here.path, step), value[step], findings)


def _line(here: Place, path: Path, value: Any, findings: list[Finding]) -> Line:
    line = Line(
        key=path[-1],
        label=places.item_label(path, value, here.scene),
        url=places.url_of(path),
        path="/".join(map(str, path)),
        seen=editing.fingerprint(value) if here.is_list else "",
        problems=sum(1 for one in findings if one.path[: len(path)] == path),
    )
    if not isinstance(value, Mapping):
        return line
    line.retired = bool(value.get("retired"))
    line.emergency = bool(value.get("emergency"))
    line.facts = [fact for fact in _facts(here, value) if fact]
    children = value.get("children") or {}
    line.children = [
        _line(here, (*path, "children", key), child, findings) for key, child in children.items()
    ]
    return line


def _facts(here: Place, value: Mapping[str, Any]) -> Iterator[str]:
    """A few words on an item, whatever it is."""
    scene = here.scene
    match here.path[0]:
        case "topics":
            if not value.get("children"):
                unit = scene.profile.units.get(str(value.get("unit")))
                yield scene.text(unit.label) if unit else str(value.get("unit") or "")
                yield field_words.time_span(str(value.get("resolve") or ""))
        case "notices":
            yield " · ".join(
                f"{field_words.choice(wire)}: {key}" for wire, key in value["send"].items()
            )
        case "messages":
            yield _excerpt(scene.text({key: one["text"] for key, one in value.items()}))
        case "channels":
            yield "" if value.get("enabled", True) else "–"
        case _:
            yield field_words.choice(str(value.get("kind") or ""))
            yield str(value.get("number") or value.get("email") or "")


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"


def _keep(line: Line, wanted: str) -> bool:
    """Whether a line or anything under it is meant; children that are not are dropped."""
    found = turkish.fold(wanted)
    if found in turkish.fold(" ".join([line.label, str(line.key), *line.facts])):
        return True
    line.children = [child for child in line.children if _keep(child, wanted)]
    return bool(line.children)
