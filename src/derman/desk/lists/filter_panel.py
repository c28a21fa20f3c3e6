"""The filters of the list as a form that is fetched when somebody opens it, and as chips."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.desk import frame, worklists
from derman.desk.filters import FILTERS, shown
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels
from derman.desk.worklists import Asked
from derman.words.life import Verb


@dataclass(frozen=True)
class Choice:
    """One filter as a field; `options` None is a day."""

    name: str
    label: Any
    options: list[tuple[str, str]] | None
    chosen: str


@dataclass(frozen=True)
class FilterChip:
    """A filter that is on: what it says, and the address without it."""

    label: Any
    value: str
    url: str


def choices(asked: Asked, labels: Labels) -> list[Choice]:
    """Every filter, with what is chosen now."""
    return [
        Choice(
            name,
            one.label,
            _options(name, asked, labels),
            asked.filters.get(name, ""),
        )
        for name, one in FILTERS.items()
        if one.named is None or name in asked.filters
    ]


def _options(name: str, asked: Asked, labels: Labels) -> list[tuple[str, str]] | None:
    one = FILTERS[name]
    if one.named:
        value = asked.filters[name]
        return [(value, one.named(value))]
    return one.options(labels) if one.options else None


def chips(asked: Asked, labels: Labels) -> list[FilterChip]:
    """The filters that are on, each with the way to take it away."""
    return [
        FilterChip(FILTERS[name].label, shown(name, value, labels), _without(asked, name))
        for name, value in asked.filters.items()
    ]


def _without(asked: Asked, name: str) -> str:
    rest = {key: value for key, value in asked.filters.items() if key != name}
    said = {"view": asked.view, "q": asked.query, **rest}
    query = urlencode({key: value for key, value in said.items() if value})
    return f"{reverse('desk:workbench')}?{query}"


@never_cache
@require_GET
@page(verb=Verb.READ)
def panel(request: DeskRequest) -> HttpResponse:
    """The form alone; the address of the list says what is chosen in it."""
    asked = worklists.read(request.GET, default="all")
    labels = Labels.for_reader(request.profile.profile)
    context = {"asked": asked, "choices": choices(asked, labels)}
    return frame.render(request, "desk/workbench/filters.html#form", context)
