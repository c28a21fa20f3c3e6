"""When things happen in the demo: in office hours, after plausible delays, never after its end."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from derman.lib import worktime
from derman.lib.worktime import Budget
from derman.profile.calendars import calendar_of
from derman.profile.schema import Profile
from derman.words.kinds import SPOKEN, Channel

# On paper or in person: only while the office is open.
IN_OFFICE = (Channel.BRANCH, Channel.LETTER, Channel.FAX, Channel.VISIT, Channel.REGULATOR)


@dataclass(frozen=True)
class Hours:
    """The organisation's time up to `end`, the first moment of the demo's today."""

    profile: Profile
    today: date

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.profile.organisation.timezone)

    @property
    def end(self) -> datetime:
        """Where history stops: everything in it has happened by then."""
        return datetime.combine(self.today, time(), tzinfo=self.zone)

    def work(self, start: datetime, hours: float) -> datetime:
        """The moment after so many working hours, a few seconds past the minute."""
        budget = Budget(Decimal(f"{max(hours, 0.02):.2f}"), "working_hours")
        return worktime.due(start, budget, calendar_of(self.profile)).at.astimezone(self.zone)

    @property
    def works_today(self) -> bool:
        return bool(calendar_of(self.profile).intervals(self.today))

    def resolve_budget(self, topic: str) -> Budget:
        """How long a case on this topic may take."""
        found = self.profile.topic(topic)
        return (found.resolve if found else None) or self.profile.clocks.resolve

    def resolve_due(self, topic: str, start: datetime) -> datetime:
        """When a case on this topic that began then is due."""
        budget = self.resolve_budget(topic)
        return worktime.due(start, budget, calendar_of(self.profile)).at.astimezone(self.zone)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def received(self, channel: Channel, days: tuple[float, float], random: Random) -> datetime:
        """A moment so many days before the end at which somebody would turn to us this way."""
        oldest, newest = days
        at = self.end - timedelta(days=random.uniform(oldest, newest))
        hour = random.triangular(9, 23, 11) if channel not in SPOKEN else random.uniform(8.5, 20)
        at = at.replace(hour=int(hour), minute=random.randrange(60), microsecond=0)
        if at >= self.end:
            at -= timedelta(days=1)
        if channel in IN_OFFICE:
            at = self.work(at, random.uniform(0.1, 2))
        return at if at < self.end else self.end - timedelta(minutes=random.randint(60, 420))
