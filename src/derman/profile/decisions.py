"""How an organisation decides, acts on what it decided, and checks that it kept to its rules.

A part of the schema.
"""

from typing import Literal

from pydantic import Field

from derman.lib.worktime import Budget
from derman.profile.parts import Key, Name, Part, Text, Time
from derman.words.kinds import Channel, Decision

Judgement = Literal[Decision.JUSTIFIED, Decision.PARTLY, Decision.NOT_JUSTIFIED]
ACTION_TIME = Budget(10, "working_days")


class Reason(Part):
    """Why a complaint was decided as it was. The applicant reads its label."""

    label: Text
    """What staff and the applicant read."""
    decisions: tuple[Judgement, ...] = ()
    """The decisions that it can be given for; none means all."""
    topics: tuple[Key, ...] = ()
    """The topics, main or sub, that it is offered for; none means all."""
    needs_evidence: bool = False
    """Whether the file must say what the decision rests on."""
    retired: bool = False
    """Given for no new decision; old ones keep it."""

    def fits(self, decision: str, topic: str) -> bool:
        """Whether it can be given for this decision on this topic."""
        about = any(topic == key or topic.startswith(f"{key}.") for key in self.topics)
        return (
            not self.retired
            and (not self.decisions or decision in self.decisions)
            and (not self.topics or about)
        )


class Compliance(Part):
    """What the check of a concluded case asks for beyond clocks, decision and proof."""

    notice_channels: tuple[Channel, ...] = ()
    """How cases come in whose applicants have to be shown the privacy notice."""
    notice_tag: Key | None = None
    """The tag that says that the notice was handed over, where the portal did not show it."""
    consent_topics: tuple[Key, ...] = ()
    """Topics, main or sub, that need the applicant's explicit consent."""
    consent_tag: Key | None = None
    """The tag that says that the signed consent is on file."""

    def needs_consent(self, topic: str) -> bool:
        """Whether cases on this topic need explicit consent."""
        return any(topic == key or topic.startswith(f"{key}.") for key in self.consent_topics)


class Decisions(Part):
    """What a decision on a complaint needs, and what follows from it."""

    asks_reason: bool = False
    """Whether staff have to choose a reason when they decide on a complaint."""
    needs_action: bool = False
    """Whether a justified complaint is closed only once an action is planned."""
    action_time: Time = ACTION_TIME
    """How long an action may take where nobody names a date."""
    remind_days_before: int = Field(default=2, ge=0, le=60)
    """How many days before its date whoever owes an action is reminded; 0 means on the day."""
    remind_every_days: int = Field(default=7, ge=1, le=90)
    """Every how many days they are reminded once that date is past."""
    check_after_days: int = Field(default=30, ge=0, le=365)
    """How many days after an action its effect is looked at; 0 means never."""
    reasons: dict[Name, Reason] = {}
    """The reasons to choose from."""
    compliance: Compliance = Field(default_factory=Compliance)
    """What the check of a concluded case asks for."""

    def fitting(self, decision: str, topic: str) -> dict[str, Reason]:
        """The reasons that can be given for this decision on this topic."""
        return {key: one for key, one in self.reasons.items() if one.fits(decision, topic)}
