"""Who is asked whether they are satisfied, and what follows an answer. A part of the schema."""

from pydantic import Field

from derman.lib.worktime import Budget
from derman.profile.parts import Key, Part, Text, Time
from derman.words.kinds import Channel, Decision, Kind


class Questions(Part):
    """The organisation's own words for the questions; nothing means Derman's."""

    process: Text | None = None
    """How the matter was handled, from 1 to 5."""
    action: Text | None = None
    """What was done about it, from 1 to 5."""
    nps: Text | None = None
    """Whether they would recommend us, from 0 to 10."""
    ces: Text | None = None
    """Whether it was easy, from 1 to 7."""
    text: Text | None = None
    """What else they want to say."""


class Survey(Part):
    """A survey after each result: two ratings, then a free text. An empty list matches all."""

    asks: bool = False
    """Whether applicants are asked."""
    kinds: tuple[Kind, ...] = ()
    """The kinds of cases whose applicants are asked."""
    decisions: tuple[Decision, ...] = ()
    """The decisions after which they are asked."""
    channels: tuple[Channel, ...] = ()
    """How the cases came in."""
    wait_hours: int = Field(default=24, ge=0, le=720)
    """Hours after the result before the applicant is asked."""
    window_days: int = Field(default=14, ge=1, le=90)
    """Days in which the answer counts; the case does not close by itself before they are over."""
    pause_days: int = Field(default=30, ge=0, le=730)
    """Days in which the same person is not asked again about another case."""
    nps: bool = False
    """Whether to ask if they would recommend us (NPS)."""
    ces: bool = False
    """Whether to ask how easy it was (CES)."""
    questions: Questions = Field(default_factory=Questions)
    """What is asked, in the organisation's own words."""
    dissatisfied_from: int = Field(default=2, ge=1, le=4)
    """The highest rating of a dissatisfied applicant; one such rating of the two is enough."""
    follow_up: Time = Budget(2, "working_days")
    """By when a dissatisfied applicant is called."""
    called_by: Key | None = None
    """The unit that calls; nothing means the one that owns the case."""

    def concerns(self, *, kind: str, decision: str, channel: str) -> bool:
        """Whether the applicant of such a case is asked."""
        return (
            self.asks
            and (not self.kinds or kind in self.kinds)
            and (not self.decisions or decision in self.decisions)
            and (not self.channels or channel in self.channels)
        )
