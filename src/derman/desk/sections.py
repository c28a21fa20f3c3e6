"""What a part of the case page is that many cases do not have: actions, offers, visits, links.

`case_sections` lists them; each is a module of its own with one `Section`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Exists

if TYPE_CHECKING:  # a scene asks what its case has, and so imports this module
    from derman.desk.verb_form import Scene

PREFIX = "has_"


@dataclass(frozen=True)
class Section:
    """A part of the page: `exists` is asked of the case as `OuterRef("pk")`.

    `load` reads what `template` shows, given as `section`; it is called only where `exists` holds.
    `place` is above the timeline or in the panel beside it.
    """

    key: str
    template: str
    exists: Callable[[], Exists]
    load: Callable[["Scene"], Any]
    place: Literal["main", "side"] = "side"


@dataclass(frozen=True)
class Shown:
    """A part with what it shows."""

    template: str
    content: Any


def has(case: object, key: str) -> bool:
    """Whether the case, found with the flags of all sections, has what this one shows."""
    return bool(getattr(case, f"{PREFIX}{key}", False))
