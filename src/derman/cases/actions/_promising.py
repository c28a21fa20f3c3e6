"""Whether we came back to the applicant as promised; the caller holds the transaction."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from derman.cases import clocks
from derman.cases.actions._core import Act
from derman.cases.models import Case, Clock, Event
from derman.profile.publishing import Published
from derman.words.kinds import ClockKind


def come_back(case: Case, act: Act) -> dict[str, Any]:
    """What changes on the case: the promise has ended, met or missed, where its day has come.

    Whoever speaks with the applicant earlier has another reason to, and the promise stands.
    """
    if not case.is_open or case.promised_at is None:
        return {}
    if _day(act.at, act.profile) < _day(case.promised_at, act.profile):
        return {}
    clocks.stop(case, ClockKind.PROMISE, at=act.at)
    return {"promised_at": None}


def said_of(case: Case, ended: dict[str, Any]) -> dict[str, Any]:
    """What the event says of it: the date that was promised."""
    if not ended or case.promised_at is None:
        return {}
    return {"promise": case.promised_at.isoformat()}


def owe_again(case: Case, event: Event, profile: Published) -> dict[str, Any]:
    """What changes where the words by which we came back were called back: the promise stands.

    Not where a result or another promise has taken its place meanwhile.
    """
    promise = event.details.get("promise")
    if promise is None or not case.is_open or case.promised_at is not None:
        return {}
    for clock in Clock.objects.filter(case=case, kind=ClockKind.PROMISE, stopped_at=event.at):
        clock.case = case
        clocks.run_again(clock, profile=profile.profile)
    return {"promised_at": datetime.fromisoformat(promise)}


def _day(at: datetime, profile: Published) -> date:
    return at.astimezone(ZoneInfo(profile.profile.organisation.timezone)).date()
