"""Improvements: planning, changing, taking up again. What the figures decide is `looking`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.profile.schema import Profile
from derman.quality.models import (
    Improvement,
    ImprovementEvent,
    ImprovementRegion,
    ImprovementTopic,
    LeftOutDay,
    RootCause,
)
from derman.quality.scope import Scope
from derman.words.learning import Happening, ImprovementState

AT_NIGHT = time(3)  # when the figures of the day before are looked at
AGAIN = (ImprovementState.REOPENED, ImprovementState.NOT_EFFECTIVE)
NO_GROUP = Scope(())
UNJUDGED = (ImprovementState.PLANNED, ImprovementState.RUNNING)


class CannotImprove(Exception):
    """It cannot be done so; the message is fit for the user, `field` names the input."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class OldVersion(CannotImprove):
    """Somebody else, or the worker, changed it meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Look at it again."))


@dataclass(frozen=True)
class Said:
    """What is written about an improvement. `compared` without topics and regions: no group."""

    title: str
    text: str
    starts_on: date
    due_on: date
    owner: User
    about: Scope
    compared: Scope = NO_GROUP
    weeks_before: int = 12
    accounts: tuple[int, int] | None = None
    left_out: Mapping[date, str] = field(default_factory=dict)


@transaction.atomic
def plan(
    said: Said, *, cause: RootCause | None, by: User, at: datetime, profile: Profile
) -> Improvement:
    """Write down what is changed, where and from when on; the worker begins to measure then."""
    _check(said)
    made = Improvement(cause=cause, made_by=by, made_at=at, **_columns(said))
    made.next_at = night(said.starts_on, profile)
    made.save(force_insert=True)
    _write_rows(made, said)
    tell(made, Happening.PLANNED, by=by, at=at)
    begin_if_due(made, at=at, profile=profile)
    return made


@transaction.atomic
def change(
    improvement: Improvement, said: Said, *, by: User, at: datetime, profile: Profile
) -> None:
    """Write it otherwise. What is measured stays as it is once a verdict was drawn from it."""
    _check(said)
    values, otherwise = _columns(said), _measures_otherwise(improvement, said)
    left_out = dict(improvement.left_out.values_list("day", "reason"))
    differs = {
        "measures_otherwise": otherwise,
        "counts_otherwise": otherwise or left_out.keys() != said.left_out.keys(),
    }
    if improvement.state in UNJUDGED:
        if said.starts_on != improvement.starts_on:
            values |= _begun_anew(said.starts_on, profile)
    elif otherwise:
        text = _("This was judged already. Take it up again before you change what is measured.")
        raise CannotImprove(text, field="starts_on")
    write(improvement, **values)
    _write_rows(improvement, said)
    tell(improvement, Happening.CHANGED, by=by, at=at, **differs)
    begin_if_due(improvement, at=at, profile=profile)


@transaction.atomic
def take_up(
    improvement: Improvement, starts_on: date, *, by: User, at: datetime, profile: Profile
) -> None:
    """Begin anew after the problem came back, or after no effect was found."""
    if improvement.state not in AGAIN:
        raise CannotImprove(_("This is being measured."), field="starts_on")
    if starts_on <= improvement.starts_on:
        text = _("Choose a day after the first start.")
        raise CannotImprove(text, field="starts_on")
    due_on = max(improvement.due_on, starts_on)
    anew = _begun_anew(starts_on, profile)
    write(improvement, due_on=due_on, effective_on=None, **anew)
    tell(improvement, Happening.PLANNED, by=by, at=at)
    begin_if_due(improvement, at=at, profile=profile)


def begin_if_due(improvement: Improvement, *, at: datetime, profile: Profile) -> bool:
    """Once its day has come, an improvement runs, and its first look is fixed."""
    starts = night(improvement.starts_on, profile)
    if improvement.state != ImprovementState.PLANNED or at < starts:
        return False
    first = improvement.starts_on + timedelta(weeks=profile.learning.first_look)
    write(improvement, state=ImprovementState.RUNNING, next_at=night(first, profile))
    tell(improvement, Happening.STARTED, by=None, at=at)
    return True


def night(day: date, profile: Profile) -> datetime:
    """When the days before this one are all told."""
    return datetime.combine(day, AT_NIGHT, tzinfo=ZoneInfo(profile.organisation.timezone))


def write(improvement: Improvement, **values: Any) -> None:
    """Write if nobody else has since it was read."""
    values["version"] = improvement.version + 1
    same = Improvement.objects.filter(pk=improvement.pk, version=improvement.version)
    if not same.update(**values):
        raise OldVersion
    for name, value in values.items():
        setattr(improvement, name, value)


def tell(
    improvement: Improvement, what: Happening, *, by: User | None, at: datetime, **details: Any
) -> None:
    """Add a fact to the history."""
    ImprovementEvent.objects.create(
        improvement=improvement, type=what, by=by, at=at, details=details
    )


def _check(said: Said) -> None:
    if not said.about.topics:
        raise CannotImprove(_("Choose at least one topic."), field="topics")
    if said.due_on < said.starts_on:
        text = _("This is before the start.")
        raise CannotImprove(text, field="due_on")
    group = said.compared
    if group.topics or group.regions:
        whole = Scope(group.topics or said.about.topics, group.regions or said.about.regions)
        if said.about.overlaps(whole):
            text = _("The comparison group must share no topic and region with the improvement.")
            name = "compared_topics" if group.topics else "compared_regions"
            raise CannotImprove(text, field=name)


def _columns(said: Said) -> dict[str, Any]:
    rows = ("about", "compared", "left_out", "accounts")
    values = {one.name: getattr(said, one.name) for one in fields(said) if one.name not in rows}
    before, after = said.accounts or (None, None)
    return {**values, "accounts_before": before, "accounts_after": after}


def _begun_anew(starts_on: date, profile: Profile) -> dict[str, Any]:
    return {
        "starts_on": starts_on,
        "state": ImprovementState.PLANNED,
        "next_at": night(starts_on, profile),
    }


def _measures_otherwise(improvement: Improvement, said: Said) -> bool:
    """Whether other days, places or topics would be compared; days of outages are no such thing."""
    names = ("starts_on", "weeks_before", "accounts_before", "accounts_after")
    columns = _columns(said)
    if any(getattr(improvement, name) != columns[name] for name in names):
        return True
    return any(
        set(model.objects.filter(improvement=improvement).values_list(column, "is_compared"))
        != _rows(said, column)
        for model, column in ((ImprovementTopic, "topic"), (ImprovementRegion, "region"))
    )


def _rows(said: Said, column: str) -> set[tuple[str, bool]]:
    sides = ((said.about, False), (said.compared, True))
    return {(key, side) for scope, side in sides for key in getattr(scope, f"{column}s")}


def _write_rows(improvement: Improvement, said: Said) -> None:
    key: UUID = improvement.pk
    for related in (improvement.topics, improvement.regions, improvement.left_out):
        related.all().delete()
    ImprovementTopic.objects.bulk_create(
        ImprovementTopic(improvement_id=key, topic=topic, is_compared=side)
        for topic, side in sorted(_rows(said, "topic"))
    )
    ImprovementRegion.objects.bulk_create(
        ImprovementRegion(improvement_id=key, region=region, is_compared=side)
        for region, side in sorted(_rows(said, "region"))
    )
    LeftOutDay.objects.bulk_create(
        LeftOutDay(improvement_id=key, day=day, reason=reason)
        for day, reason in sorted(said.left_out.items())
    )
