"""What a part of the case page is that many cases do not have: actions, offers, visits, links.

`on_page` lists them; each is a module of its own with one `Section`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Exists

from derman.desk.verbs.form import Scene


@dataclass(frozen=True)
class Section:
    """A part of the page: `exists` is asked of the case as `OuterRef("pk")`.

    `load` reads what `template` shows, given as `section`; it is called only where `exists` holds.
    `place` is above the timeline or in the panel beside it.
    """

    key: str
    template: str
    exists: Callable[[], Exists]
    load: Callable[[Scene], Any]
    place: Literal["main", "side"] = "side"


@dataclass(frozen=True)
class Shown:
    """A part with what it shows."""

    template: str
    content: Any
