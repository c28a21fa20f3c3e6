"""Several verbs in one, as an organisation names them. A part of the schema."""

from pydantic import Field

from derman.profile.parts import Key, Part, Text, Time
from derman.words.kinds import Kind, SnoozeReason
from derman.words.life import State


class Offered(Part):
    """On which cases a macro is offered; an empty field matches all."""

    kinds: tuple[Kind, ...] = ()
    """What kind of case it is."""
    topics: tuple[Key, ...] = ()
    """Topics, main or sub."""
    states: tuple[State, ...] = ()
    """The states of the case."""


class Macro(Part):
    """Steps that are done together, each at most once, in the order in which they stand here."""

    label: Text
    """What staff choose it by."""
    help: Text | None = None
    """What it is for, in one sentence."""
    when: Offered = Field(default_factory=Offered)
    """On which cases it is offered."""
    take: bool = False
    """Whether the case becomes the person's own."""
    tags: tuple[Key, ...] = ()
    """The tags that are put on the case."""
    note: Text | None = None
    """An internal note, with {{ names }}."""
    promise: Time | None = None
    """By when we promise to come back; the applicant is told."""
    unit: Key | None = None
    """The unit that is asked."""
    question: Text | None = None
    """What the unit is asked, with {{ names }}."""
    reply: Text | None = None
    """What is written to the applicant, with {{ names }}."""
    snooze: Time | None = None
    """How long the case is laid aside."""
    snooze_reason: SnoozeReason = SnoozeReason.OTHER
    """Why it is laid aside."""
    retired: bool = False
    """Offered no more."""

    @property
    def does_something(self) -> bool:
        """Whether it has any step at all."""
        steps = (self.take, self.tags, self.note, self.promise, self.unit, self.reply, self.snooze)
        return any(bool(step) for step in steps)
