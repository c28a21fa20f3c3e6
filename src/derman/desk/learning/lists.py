"""Lists of root causes and improvements, newest first, a page at a time and by key."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from derman.desk import worklists
from derman.desk.frame import DeskRequest

SIZE = 30


@dataclass(frozen=True)
class Listed:
    """One page; addresses are empty where there is nothing further."""

    rows: list[Any]
    previous: str
    next: str


def page(found: QuerySet[Any], request: DeskRequest) -> Listed:
    """The page that the address asks for."""
    key = worklists.read_key(request.GET.get("after", ""))
    if key:
        at, pk = key
        found = found.filter(Q(made_at__lt=at) | Q(made_at=at, pk__lt=pk))
    rows = list(found.order_by("-made_at", "-id")[: SIZE + 1])
    shown = rows[:SIZE]
    params = request.GET.copy()
    params.pop("after", None)
    first = f"?{params.urlencode()}" if key else ""
    following = ""
    if len(rows) > SIZE:
        params["after"] = f"{shown[-1].made_at.isoformat()}~{shown[-1].pk}"
        following = f"?{params.urlencode()}"
    return Listed(shown, first, following)
