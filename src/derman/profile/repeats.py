"""When somebody who comes again counts as coming about the same matter. A part of the schema."""

from pydantic import Field

from derman.profile.parts import Part
from derman.words.kinds import Kind


class Repeats(Part):
    """A repeat: the same customer, account, address or contact with the same matter (row T10)."""

    days: int = Field(default=30, ge=0, le=730)
    """How many days back an earlier case counts, from its receipt or its end; an open one always
    does. 0 notices no repeats. Net first-contact resolution looks ahead as many days."""
    likeness: int = Field(default=27, ge=10, le=100)
    """How alike two texts must be where the topics differ, in percent (`docs/repeats.md`)."""
    kinds: tuple[Kind, ...] = (Kind.COMPLAINT, Kind.REQUEST)
    """What kinds of cases can be repeats."""
    same_owner: bool = True
    """Whether the repeat goes to the person who owns the earlier case."""
    one_level_up: bool = True
    """Whether a repeat is raised one level, as the escalation says."""
