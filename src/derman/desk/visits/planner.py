"""The visit planner: a week, team by team, with what is planned and what is free.

Opened from a case it offers each free slot for that case; alone it is a list of who goes where, and
of those whom nobody met and who have no new date yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.audit import access
from derman.cases.models import Case
from derman.desk import days, frame
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels
from derman.lib import identifiers
from derman.profile.schema import Profile
from derman.visits import finding, slots
from derman.visits.models import FieldVisit
from derman.visits.slots import Slot
from derman.words.life import Verb

WEEK = timedelta(days=7)
MOST_MISSED = 50


@dataclass(frozen=True)
class Cell:
    """One slot of a team on one day."""

    slot: Slot
    visits: list[FieldVisit]
    plan_url: str  # where it can be planned for the case that is looked at


@dataclass(frozen=True)
class Day:
    """A team's day; without work there are no cells."""

    day: date
    is_today: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Team:
    """A team's week."""

    key: str
    label: str
    days: list[Day]


@never_cache
@require_GET
@page(verb=Verb.PLAN_VISIT)
def planner(request: DeskRequest) -> HttpResponse:
    """Who goes where in a week, and when there is room."""
    profile = request.profile.profile
    today = slots.today(profile, request.at)
    labels = Labels.for_reader(profile)
    units = _units(request, profile)
    chosen = request.GET.get("unit", "")
    shown = [unit for unit in units if chosen not in units or unit == chosen]
    case = _case(request)
    week = request.GET.get("week", "")
    monday = _monday(week, _first_free(request, shown, today) if case else today)
    visits = finding.of_week(request.user, profile, monday)
    missed = list(finding.missed(request.user)[: MOST_MISSED + 1])
    teams = _teams(request, shown, monday, visits, case, labels)
    numbers = [visit.case.number for visit in (*visits, *missed)]
    access.record_list(numbers, what="visits", by=request.user, at=request.at)
    context = {
        "current": "visits",
        "teams": teams,
        "others": [
            (visit, labels.unit(visit.unit)) for visit in _others(visits, teams) if not chosen
        ],
        "choices": [(unit, labels.unit(unit)) for unit in units],
        "unit": chosen if chosen in units else "",
        "case": case,
        "case_topic": labels.topic(case.topic) if case else "",
        "monday": monday,
        "sunday": monday + WEEK - slots.ONE_DAY,
        "previous": monday - WEEK,
        "following": monday + WEEK,
        "is_this_week": monday <= today < monday + WEEK,
        "now": request.at,
        "missed": missed[:MOST_MISSED],
        "more_missed": len(missed) > MOST_MISSED,
    }
    return frame.render(request, "desk/visits/planner.html", context)


def _teams(
    request: DeskRequest,
    units: list[str],
    monday: date,
    visits: Iterable[FieldVisit],
    case: Case | None,
    labels: Labels,
) -> list[Team]:
    profile = request.profile.profile
    week = [monday + slots.ONE_DAY * number for number in range(7)]
    made: dict[tuple, list[FieldVisit]] = {}
    for visit in visits:
        made.setdefault((visit.unit, visit.begins_at), []).append(visit)
    open_now = (
        {slot.key for slot in slots.offered(profile, request.at, units=units)} if case else ()
    )
    cells: dict[tuple[str, date], list[Cell]] = {}
    for slot in slots.of_days(profile, week, units=units):
        url = ""
        if case and slot.free and slot.key in open_now:
            address = reverse("desk:visit", args=[case.number])
            url = f"{address}?{urlencode({'slot': slot.key})}"
        there = made.pop((slot.unit, slot.begins_at), [])
        cells.setdefault((slot.unit, slot.begins_at.date()), []).append(Cell(slot, there, url))
    today = slots.today(profile, request.at)
    return [
        Team(
            unit,
            labels.unit(unit),
            [Day(day, day == today, cells.get((unit, day), [])) for day in week],
        )
        for unit in units
    ]


def _others(visits: Iterable[FieldVisit], teams: list[Team]) -> list[FieldVisit]:
    """Visits of teams or times that the profile names no more: nobody may forget them."""
    shown = {
        visit.pk
        for team in teams
        for day in team.days
        for cell in day.cells
        for visit in cell.visits
    }
    return [visit for visit in visits if visit.pk not in shown]


def _units(request: DeskRequest, profile: Profile) -> list[str]:
    """The teams whose week this person may see."""
    teams = list(profile.visits.teams)
    own = rights.units_for(request.user, Verb.PLAN_VISIT)
    if rights.sees_all(request.user, Verb.PLAN_VISIT) or "" in own:
        return teams
    return [unit for unit in teams if unit in own]


def _case(request: DeskRequest) -> Case | None:
    """The case for which a slot is looked for, if this person may plan a visit on it."""
    number = identifiers.read_number(request.GET.get("case", ""))
    if not number:
        return None
    return Case.objects.visible_to(request.user, Verb.PLAN_VISIT).filter(number=number).first()


def _first_free(request: DeskRequest, units: list[str], today: date) -> date:
    """The day of the first free slot, where a case looks for one; today where none is free."""
    found = slots.offered(request.profile.profile, request.at, units=units)
    return min((slot.begins_at.date() for slot in found if slot.free), default=today)


def _monday(given: str, otherwise: date) -> date:
    """The Monday of the week of a date, or of another day where none is given."""
    day = days.read(given) or otherwise
    return day - timedelta(days=day.weekday())
