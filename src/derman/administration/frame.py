"""What every page of the settings has around it: the right to enter, and the list of sections.

A view is decorated with `page()` (or `page(Place.…)` for a place of its own) and ends with
`render(request, template, context)`; the template extends `administration/frame.html`, and the
context says which section it is, as `current`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from derman.accounts import rights
from derman.administration import publication, sections
from derman.desk import frame as desk
from derman.desk.frame import DeskRequest, View
from derman.words.rights import Place

__all__ = ["DeskRequest", "page", "render"]


def page(place: Place = Place.SETTINGS) -> Callable[[View], Callable[..., HttpResponse]]:
    """Let in who may enter the place; speak their language and their time."""
    return desk.page(place=place)


def render(
    request: DeskRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the settings, or a fragment of one, with the list of sections."""
    frame: dict[str, Any] = {}
    if "#" not in template:
        frame = {
            "groups": list(sections.shown_to(request.user)),
            "plan": publication.planned(),
            "may_settings": rights.may_enter(request.user, Place.SETTINGS),
        }
    return desk.render(request, template, {**frame, **(context or {})}, status)
