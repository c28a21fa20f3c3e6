"""Who acts and when in a demo's history: what every step of a story is told with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db.models import Min

from derman.accounts.models import User
from derman.cases import due
from derman.cases.models import Case, Clock, Task
from derman.cases.submissions import Submission
from derman.demo.hours import Hours
from derman.demo.staff import Cast
from derman.demo.texts import Entry, Texts
from derman.profile.publishing import Published
from derman.quality import asking
from derman.quality.models import Survey
from derman.words.kinds import OPEN_TASK_STATES, Channel, Priority
from derman.words.rights import Role

# Who takes down what comes in; nobody where the applicant writes.
TAKEN_BY = {
    Channel.PHONE: Role.AGENT,
    Channel.BRANCH: Role.CLERK,
    Channel.VISIT: Role.CLERK,
    Channel.LETTER: Role.REGISTRY,
    Channel.FAX: Role.REGISTRY,
    Channel.REGULATOR: Role.REGISTRY,
    Channel.VOICE: Role.AGENT,
    Channel.SOCIAL: Role.AGENT,
    Channel.SURVEY: Role.AGENT,
}
SWITCHBOARD = 0.06  # the share of calls that the switchboard takes


@dataclass(frozen=True)
class World:
    """What all stories share."""

    texts: Texts
    published: Published
    hours: Hours
    cast: Cast


@dataclass(frozen=True)
class Beginning:
    """What somebody said and when, before it is a case."""

    entry: Entry
    submission: Submission
    at: datetime
    on_time: bool  # whether the organisation will keep to its time


class Teller:
    """A case on its way; `at` is the moment of the last step."""

    def __init__(self, world: World, beginning: Beginning, *, random: Random):
        self.world = world
        self.beginning = beginning
        self.random = random
        self.at = beginning.at
        self.turn = random.randrange(60)  # which of several phrases; an answer fits its question
        self.owner: User | None = None
        self.ending = world.texts.ending(beginning.entry, random)
        self.case = Case()

    # Who

    @property
    def _profile(self) -> Published:
        return self.world.published

    def _pick(self, role: Role, unit: str = "") -> User:
        return self.world.cast.one(self.random, role, unit)

    def _opener(self, channel: Channel) -> User | None:
        role = TAKEN_BY.get(channel)
        if channel == Channel.PHONE and self.random.random() < SWITCHBOARD:
            role = Role.SWITCHBOARD
        return self._pick(role) if role else None

    def _expert(self) -> User:
        return self._pick(Role.SOLUTION)

    def _owner(self) -> User:
        self.owner = self.owner or self._expert()
        return self.owner

    def _informer(self) -> User:
        """Who speaks to the applicant: the unit's own people once it has answered."""
        if self.case.inform_unit and self.case.inform_unit != self.case.owner_unit:
            return self._pick(Role.UNIT, self.case.inform_unit)
        return self._owner()

    def _worker(self, task: Task) -> User:
        crew = [p for p in self.world.cast.posts if p.role == Role.FIELD and p.unit == task.unit]
        if crew and self.random.random() < 0.5:
            return crew[0].user
        return self._pick(Role.UNIT, task.unit)

    def _task(self) -> Task:
        """The open task that was asked first."""
        return self.case.tasks.filter(state__in=OPEN_TASK_STATES).order_by("asked_at")[0]

    @property
    def _elsewhere(self) -> list[str]:
        """Units that can be asked about anything."""
        return list(self.world.texts.phrases["elsewhere"])

    # What they say

    def _internal(self, what: str) -> str:
        return self.world.texts.internal(what, self.random)

    def _outward(self, what: str) -> str:
        return self.world.texts.outward(what, self.case.language, self.turn)

    # When

    def _later(self, least: float, most: float) -> datetime:
        """So many working hours after the last step; in an emergency a tenth, round the clock."""
        hours = self.random.uniform(least, most)
        if self.case.priority == Priority.EMERGENCY:
            return self._reach(self.at + timedelta(hours=hours / 10))
        return self._reach(self.world.hours.work(self.at, hours))

    def _towards(self, due_at: datetime, share: float) -> datetime:
        """A moment this far on the way to a due time."""
        at = self.at + (due_at - self.at) * share if due_at > self.at else self.at
        return self._reach(
            at if self.case.priority == Priority.EMERGENCY else self.world.hours.work(at, 0.05)
        )

    def _reach(self, at: datetime) -> datetime:
        """Go on to `at`: earlier where it would be after the end, or late in a story on time."""
        limit = self.world.hours.end
        if self.beginning.on_time and self.at < self.case.due_at:
            limit = min(limit, self.case.due_at)
        if at >= limit:
            at = self.at + (limit - self.at) * self.random.uniform(0.15, 0.5)
        at = at.replace(second=self.random.randrange(60), microsecond=0)
        self.at = at if at > self.at else self.at + timedelta(seconds=7)
        self.pass_until(self.at)
        return self.at

    def pass_until(self, at: datetime) -> None:
        """What the worker has done on the case's clocks and surveys by then, in turn."""
        while moment := self._next_due(at) if self.case.number else None:
            due.settle_of(self.case, until=moment, profile=self._profile)
            asking.settle_of(self.case, until=moment, profile=self._profile)

    def _next_due(self, until: datetime) -> datetime | None:
        rows = (Clock.objects.filter(case=self.case), Survey.objects.filter(case=self.case))
        waiting = [found.filter(next_at__lte=until).aggregate(at=Min("next_at")) for found in rows]
        return min((one["at"] for one in waiting if one["at"]), default=None)
