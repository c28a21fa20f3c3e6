"""Who is not satisfied and is to be called, those due first; and what came of earlier calls."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.audit import access
from derman.desk import frame, worklists
from derman.desk.chips import Chip, Chips
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.desk.shown_people import Applicant
from derman.quality import owed
from derman.quality.models import FollowUp, SurveyAnswer
from derman.quality.owed import Which
from derman.words.life import Verb
from derman.words.loop import FollowUpState

SIZE = 50
NAMES = {
    "open": (_("To be called"), "phone-call"),
    "late": (_("Overdue"), "clock-alert"),
    "mine": (_("Mine"), "user"),
    "done": (_("Done"), "check"),
}
TONES = {
    FollowUpState.SATISFIED: ("ok", "smile"),
    FollowUpState.DISSATISFIED: ("danger", "frown"),
    FollowUpState.NOT_REACHED: ("warn", "phone-off"),
    FollowUpState.MOVED_ON: ("", "rotate-ccw"),
}


@dataclass(frozen=True)
class Line:
    """One follow-up in the list."""

    number: str
    url: str
    topic: str
    person: str
    applicant: str
    chip: Chip | None
    answer: SurveyAnswer | None
    said: str
    attempts: int
    state: str
    tone: str
    icon: str
    done_at: datetime | None


@never_cache
@require_GET
@page(verb=Verb.FOLLOW_UP)
def follow_ups(request: DeskRequest) -> HttpResponse:
    """One kind at a time; the counts of the others beside it."""
    said = request.GET.get("which", "")
    which: Which = next((one for one in owed.WHICH if one == said), "open")
    key = worklists.read_key(request.GET.get("after", ""))
    found = owed.page(request.user, which, request.at, after=key, size=SIZE)
    numbers = [row.case.number for row in found.rows]
    access.record_list(numbers, what="follow-ups", by=request.user, at=request.at)
    labels = Labels.for_reader(request.profile.profile)
    chips = Chips(request.profile.profile, request.at)
    context = {
        "current": "follow_ups",
        "which": which,
        "kinds": [(name, *NAMES[name], _count(request, name)) for name in owed.WHICH],
        "lines": [_line(row, request, labels, chips) for row in found.rows],
        "after": f"{found.after[0].isoformat()}~{found.after[1]}" if found.after else "",
    }
    return frame.render(request, "desk/surveys/follow_ups.html", context)


def _count(request: DeskRequest, which: Which) -> int | None:
    """How many there are, counted up to the cap; nothing for what only grows."""
    if which == "done":
        return None
    rows = owed.follow_ups(request.user, which, request.at).order_by().values("pk")
    return rows[: worklists.CAP + 1].count()


def _line(row: FollowUp, request: DeskRequest, labels: Labels, chips: Chips) -> Line:
    answer = getattr(row.survey, "answer", None)
    applicant = Applicant(row.case, request.user)
    said = row.result if row.done_at else answer.text if answer else ""
    person = row.done_by if row.done_at else row.owner_user
    tone, icon = TONES.get(FollowUpState(row.state), ("", "phone-call"))
    form = {} if row.done_at else {"do": "follow-up"}
    return Line(
        row.case.number,
        f"{reverse('desk:case', args=[row.case.number])}?{urlencode({'view': 'all', **form})}",
        labels.topic(row.case.topic),
        person.name if person else labels.unit(row.owner_unit),
        applicant.name,
        None if row.done_at else chips.of_due(row.due_at),
        answer,
        applicant.readable(said),
        row.attempts,
        word(FollowUpState, row.state),
        tone,
        icon,
        row.done_at,
    )
