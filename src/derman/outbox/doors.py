"""What the single-use link of a message opens: the case, or one thing in it alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from derman.cases.access_codes import LINK_LIVES
from derman.profile.schema import Profile
from derman.words.events import EventType


def _two_weeks(profile: Profile) -> timedelta:
    return LINK_LIVES


def _while_it_is_open(profile: Profile) -> timedelta:
    return timedelta(days=profile.clocks.offer_days)


def _while_it_counts(profile: Profile) -> timedelta:
    return timedelta(days=profile.survey.window_days)


@dataclass(frozen=True)
class Door:
    """Where a link leads (`/<path>/<token>/`), and what it opens there.

    `purpose` keeps a link from opening another page than its own; `detail` is the key under which
    the event names the row that it opens; `lives` is how long the link is good.
    """

    path: str
    purpose: str = ""
    detail: str = ""
    lives: Callable[[Profile], timedelta] = _two_weeks

    def about(self, details: Mapping[str, Any]) -> UUID | None:
        """The row that the event speaks of; None for the case itself, and in a preview."""
        key = details.get(self.detail) if self.detail else None
        return UUID(key) if key else None


CASE = Door("track")
# Events whose message leads straight to what it speaks of; the link counts as the code.
DOORS: Mapping[EventType, Door] = {
    EventType.ASKED: CASE,
    EventType.REPLIED: CASE,
    EventType.RESOLVED: CASE,
    EventType.ACTION_DONE: CASE,
    EventType.REFERRED_EXTERNALLY: CASE,
    EventType.OFFERED: Door("offer", "offer", "offer", _while_it_is_open),
    EventType.SURVEY_ASKED: Door("survey", "survey", "survey", _while_it_counts),
}
