"""When teams go out to see for themselves. A part of the schema."""

from datetime import time
from typing import Annotated

from pydantic import Field

from derman.lib.worktime import Budget
from derman.profile.parts import Key, Part, Time

Slot = tuple[time, time]


class Team(Part):
    """A unit that goes out."""

    at_once: int = Field(default=2, ge=1, le=50)
    """How many visits it makes in one slot."""


class Visits(Part):
    """Visits on site; with no team, none are planned."""

    teams: dict[Key, Team] = {}
    """The units that go out."""
    slots: Annotated[tuple[Slot, ...], Field(max_length=12)] = ()
    """The times of a day that the applicant is told: from, until. On a day with less working time
    only those that fit into it."""
    lead: Time = Budget(8, "working_hours")
    """How long before it begins a visit is planned at the latest."""
    days_ahead: int = Field(default=14, ge=1, le=90)
    """How many days ahead visits are planned."""
    misses: int = Field(default=2, ge=1, le=9)
    """After how many visits at which nobody was met the next one is agreed by phone first."""
