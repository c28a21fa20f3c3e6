"""Who may decide what, and promise how much. A part of the schema."""

from decimal import Decimal as Amount
from typing import Annotated

from pydantic import Field

from derman.profile.parts import Key, Name, Part, Text
from derman.words.kinds import Decision
from derman.words.rights import Role


class Limit(Part):
    """What these roles may do alone; above it a decision waits for a second pair of eyes."""

    label: Text
    """What people call it."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    """Whom it binds."""
    units: tuple[Key, ...] = ()
    """The units in which it binds them; none means everywhere."""
    topics: tuple[Key, ...] = ()
    """Topics, main or sub, on whose cases it binds them; none means all."""
    decisions: tuple[Decision, ...] = ()
    """What they may decide alone; none means anything."""
    compensation: int | None = Field(default=None, ge=0)
    """The most they may promise alone on one case, with what it was granted before, in whole units
    of the currency; nothing means any amount, and 0 means none at all."""

    def binds(self, *, role: str, unit: str, topic: str) -> bool:
        """Whether it holds for somebody with this role in this unit, on a case of this topic."""
        return (
            role in self.roles
            and (not self.units or unit in self.units)
            and (
                not self.topics
                or any(topic == key or topic.startswith(f"{key}.") for key in self.topics)
            )
        )

    def allows(self, decision: str, compensation: Amount | None) -> bool:
        """Whether this decision with this amount stays within it; no decision is within all."""
        decided = not decision or not self.decisions or decision in self.decisions
        return decided and (self.compensation is None or (compensation or 0) <= self.compensation)


class Authority(Part):
    """Without limits everybody who may decide does so alone."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "TRY"
    """The currency of every amount, by its three letters."""
    approvers: tuple[Role, ...] = (Role.SUPERVISOR, Role.MANAGER)
    """Who is told that a decision waits; of them those whose own limits allow it."""
    limits: dict[Name, Limit] = {}
    """The limits; somebody with several roles has the widest of those that reach the case."""
