"""What this session may see: a case by number and key, and its details by code or link."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from derman.cases.models import Case

NAME = "follows"
LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Grant:
    """That a case may be followed; `details` is what a code or a link opened."""

    case_id: str
    details: bool


def give(request: HttpRequest, case: Case, *, details: bool, at: datetime) -> None:
    """Open the case to this session, which gets a new id so that a planted one is of no use."""
    until = (at + LASTS).isoformat()
    before = request.session.get(NAME, {})
    entry = {**before.get(case.number, {}), "case": str(case.pk), "state": until}
    if details:
        entry["details"] = until
    request.session[NAME] = {**before, case.number: entry}
    if request.session.session_key:
        request.session.cycle_key()


def find(request: HttpRequest, number: str, *, at: datetime) -> Grant | None:
    """What the session may see of this number; it asks the session only, never the cases."""
    entry = request.session.get(NAME, {}).get(number)
    if not entry or not _lasts(entry.get("state"), at):
        return None
    return Grant(entry["case"], _lasts(entry.get("details"), at))


def _lasts(until: str | None, at: datetime) -> bool:
    return until is not None and datetime.fromisoformat(until) > at
