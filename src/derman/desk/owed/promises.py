"""Promises to applicants: whom to come back to today, what is overdue, and what was kept."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.audit import access
from derman.cases import promised
from derman.cases.models import Case, Clock
from derman.cases.promised import Open, Whose
from derman.desk import frame, worklists
from derman.desk.chips import Chip, Chips
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.desk.shown_people import Applicant
from derman.words.life import State, Verb

SIZE = 50
MINE = "mine"
NAMES = {
    "today": (_("Today"), "phone-outgoing"),
    "late": (_("Overdue"), "clock-alert"),
    "ahead": (_("Coming"), "calendar-clock"),
    "kept": (_("Promises kept"), "check"),
    "broken": (_("Promises broken"), "x"),
}


@dataclass(frozen=True)
class Line:
    """One promise in the list."""

    number: str
    url: str
    topic: str
    applicant: str
    holder: str
    state: str
    state_key: str
    chip: Chip


@never_cache
@require_GET
@page(verb=Verb.READ)
def promises(request: DeskRequest) -> HttpResponse:
    """One kind at a time, by whose they are; the counts of the open kinds beside it."""
    said = request.GET.get("which", "")
    which = said if said in NAMES else "today"
    whose = _whose(request)
    lines, after = _page(request, whose, which)
    numbers = [line.number for line in lines]
    access.record_list(numbers, what="promises", by=request.user, at=request.at)
    midnight = worklists.end_of_day(request.at)
    counts: dict[str, int] = {
        name: worklists.count(promised.open_promises(whose, name, request.at, midnight))
        for name in promised.OPEN
    }
    context: dict[str, Any] = {
        "current": "promises",
        "which": which,
        "kinds": [(name, *NAMES[name], counts.get(name)) for name in NAMES],
        "lines": lines,
        "after": f"{after[0].isoformat()}~{after[1]}" if after else "",
        "whose": MINE if whose.mine else whose.unit,
        "choices": _choices(request),
        "days": promised.SPAN.days,
    }
    if "figures" in request.GET:
        context["figures"] = promised.figures(whose, request.at)
    return frame.render(request, "desk/promises/list.html", context)


@never_cache
@require_GET
@page(verb=Verb.READ)
def promises_figures(request: DeskRequest) -> HttpResponse:
    """What became of the promises of the last days; fetched after the list."""
    whose = _whose(request)
    context = {
        "figures": promised.figures(whose, request.at),
        "whose": MINE if whose.mine else whose.unit,
        "days": promised.SPAN.days,
    }
    return frame.render(request, "desk/promises/figures.html#figures", context)


def _whose(request: DeskRequest) -> Whose:
    said = request.GET.get("whose", "")
    known = said in request.profile.profile.units
    return Whose(request.user, mine=said == MINE, unit=said if known else "")


def _choices(request: DeskRequest) -> list[tuple[str, Any]]:
    labels = Labels.for_reader(request.profile.profile)
    own = rights.own_units(request.user)
    sees_all = rights.sees_all(request.user)
    units = [pair for pair in labels.units() if sees_all or pair[0] in own]
    return [("", _("All")), (MINE, _("Mine")), *units]


def _page(
    request: DeskRequest, whose: Whose, which: str
) -> tuple[list[Line], tuple[Any, UUID] | None]:
    after = worklists.read_key(request.GET.get("after", ""))
    make = _Lines(request)
    if which in promised.ENDED:
        clocks = promised.ended_promises(whose, which, request.at)
        ended, next_key = promised.page_of_ended(clocks, after, SIZE)
        return [make.of_clock(clock) for clock in ended], next_key
    midnight = worklists.end_of_day(request.at)
    cases = promised.open_promises(whose, cast("Open", which), request.at, midnight)
    found, next_key = promised.page_of_open(cases, after, SIZE)
    return [make.of_case(case) for case in found], next_key


class _Lines:
    """Makes the lines of one page; what they share is looked up once."""

    def __init__(self, request: DeskRequest) -> None:
        self.user = request.user
        self.labels = Labels.for_reader(request.profile.profile)
        self.chips = Chips(request.profile.profile, request.at)

    def of_case(self, case: Case) -> Line:
        return self._line(case, self.chips.of_due(case.promised_at or case.due_at))

    def of_clock(self, clock: Clock) -> Line:
        return self._line(clock.case, self.chips.of_clock(clock))

    def _line(self, case: Case, chip: Chip) -> Line:
        owner = case.owner_user
        return Line(
            number=case.number,
            url=f"{reverse('desk:case', args=[case.number])}?view=promised",
            topic=self.labels.topic(case.topic),
            applicant=Applicant(case, self.user).name,
            holder=owner.name if owner else self.labels.unit(case.owner_unit),
            state=word(State, case.state),
            state_key=case.state,
            chip=chip,
        )
