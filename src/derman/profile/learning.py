"""What an organisation learns from complaints, and how it reckons. A part of the schema."""

from typing import Annotated

from pydantic import Field

from derman.profile.parts import Key, Name, Part, Text
from derman.words.kinds import Channel


class CauseCategory(Part):
    label: Text
    """What people call it."""
    retired: bool = False
    """Chosen for no new root cause; old ones keep it."""


class Learning(Part):
    """Root causes, what complaints cost, and when the effect of an improvement is looked at."""

    categories: dict[Name, CauseCategory] = {}
    """Where causes lie; one is chosen when a root cause was found."""
    minutes: dict[Channel, Annotated[int, Field(ge=0, le=600)]] = {}
    """Minutes of work that a contact takes, by its channel."""
    minutes_otherwise: int = Field(default=10, ge=0, le=600)
    """Minutes that a contact takes by any other channel."""
    cost_per_hour: int = Field(default=0, ge=0, le=100_000)
    """What an hour of work costs; nothing means that only the minutes are shown."""
    weeks_before: int = Field(default=12, ge=4, le=104)
    """Weeks before an improvement begins with which it is compared."""
    first_look: int = Field(default=8, ge=3, le=52)
    """Weeks after its start when the figures are looked at for the first time."""
    every: int = Field(default=4, ge=1, le=52)
    """Weeks between two looks after that."""
    gives_up: int = Field(default=26, ge=4, le=104)
    """Weeks after its start when an improvement without an effect is called not effective."""
    watched: tuple[Key, ...] = ()
    """Topics that are always listed among the most frequent ones, however few."""
