"""Where an applicant may turn when nothing that we could reasonably do has helped (row G19).

A part of the schema; import these names from `schema.py`. Limits and addresses change every year,
so each body says from which day its entry is; nothing here is advice, and nothing is a constant.
"""

from datetime import date

from pydantic import Field

from derman.profile.parts import Key, Name, Part, Text, WebAddress
from derman.words.kinds import Kind


class Body(Part):
    """An authority or body outside that may decide a dispute with us."""

    label: Text
    """What it is called."""
    decides: Text
    """What it may decide, in one sentence."""
    limits: Text | None = None
    """Up to which amount and by when one may turn to it, with the year or day of the rule."""
    address: Text | None = None
    """Where to write or go to."""
    phone: str = Field(default="", max_length=40)
    """Its number as people read it."""
    url: WebAddress | None = None
    """Where to apply or to read more."""
    as_of: date
    """The day of this entry; rules change, so look at it again from time to time."""
    source: str = ""
    """Where this was read."""
    kinds: tuple[Kind, ...] = ()
    """The kinds of cases that it is right for; none means all."""
    topics: tuple[Key, ...] = ()
    """The topics, main or sub, that it is right for; none means all."""
    regions: tuple[Key, ...] = ()
    """The regions that it is right for; none means all."""
    retired: bool = False
    """Named in no new letter; old ones keep it."""

    def is_right_for(self, *, kind: str, topic: str, region: str) -> bool:
        """Whether a case like this may go there."""
        about = any(topic == key or topic.startswith(f"{key}.") for key in self.topics)
        return (
            not self.retired
            and (not self.kinds or kind in self.kinds)
            and (not self.topics or about)
            and (not self.regions or region in self.regions)
        )


class External(Part):
    """Bodies outside, and the words of the letter that names them."""

    bodies: dict[Name, Body] = {}
    """The bodies, in the order in which a letter names them."""
    opening: Text | None = None
    """What the letter says first; nothing means Derman's own words."""
    closing: Text | None = None
    """What the letter says last; nothing means Derman's own words."""

    def right_for(self, *, kind: str, topic: str, region: str) -> list[str]:
        """The keys of the bodies that a case like this may go to."""
        return [
            key
            for key, body in self.bodies.items()
            if body.is_right_for(kind=kind, topic=topic, region=region)
        ]
