"""The board of a supervisor: what is late, what will be, who has too much, what surges."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.cases import escalated
from derman.desk import frame, raised
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels
from derman.desk.learning import board_figures
from derman.desk.learning.board_figures import COUNTED
from derman.desk.worklists import VIEWS
from derman.words.rights import Place

MOST_RAISED = 6
TONES = {"late": "danger", "unseen": "danger", "approvals": "warn", "soon": "warn"}


@never_cache
@require_GET
@page(place=Place.ESCALATIONS)
def board(request: DeskRequest) -> HttpResponse:
    """Everything that needs a hand, each number a link."""
    labels = Labels.for_reader(request.profile.profile)
    units = board_figures.units(request.at)
    people = board_figures.people(request.user, request.at)
    newest = escalated.unseen(request.user).select_related("case", "seen_by")
    context: dict[str, Any] = {
        "figures": _figures(board_figures.counts(request.user, request.at)),
        "units": [(labels.unit(load.key), load) for load in units],
        "most_of_units": board_figures.heaviest(units),
        "people": people,
        "most_of_people": board_figures.heaviest(load for _user, load in people),
        "surges": [
            (labels.topic(one.topic), one) for one in board_figures.surges(localdate(request.at))
        ],
        "raised": [
            (row.case, labels.topic(row.case.topic), raised.shown(row, labels))
            for row in newest.order_by("-at", "id")[:MOST_RAISED]
        ],
        "current": "board",
    }
    return frame.render(request, "desk/board/page.html", context)


def _figures(counts: dict[str, int]) -> list[dict[str, object]]:
    """The numbers at the top with their lists."""
    shown: list[dict[str, object]] = [
        {
            "key": name,
            "count": counts[name],
            "label": VIEWS[name].label,
            "url": f"{reverse('desk:workbench')}?view={name}",
            "tone": TONES.get(name, "") if counts[name] else "",
        }
        for name in COUNTED
    ]
    unseen = counts["unseen"]
    shown.append(
        {
            "key": "unseen",
            "count": unseen,
            "label": "",
            "url": reverse("desk:escalations"),
            "tone": TONES["unseen"] if unseen else "",
        }
    )
    return shown
