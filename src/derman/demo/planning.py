"""The demo's cases before there is a row: who said what when, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, cycle
from random import Random
from typing import TypeVar

from derman.demo.hours import Hours
from derman.demo.plots import Due, Matter, Plot, cast_for
from derman.demo.speaking import Crowd
from derman.demo.teller import Beginning
from derman.demo.texts import Entry, Texts
from derman.profile.schema import Profile
from derman.words.kinds import Channel, Kind, Language

T = TypeVar("T")

TRIES = 120  # moments looked at for one with the wanted due time
YESTERDAY = (0.95, 0.1)
LATEST = timedelta(days=8)
ON_TIME = 0.88  # the share of concluded cases that meet their time

# Complaints that an improvement made fewer: so many, most of them before it began.
IMPROVED_AGO = timedelta(weeks=7)
STUDIED, BEFORE_IT = 36, 0.93
LONG_AGO, SINCE_THEN = (92.0, 50.0), (48.0, 21.0)

# How often people use a channel, where the organisation has it switched on.
WEIGHTS = {
    Channel.PHONE: 132,
    Channel.WEB: 72,
    Channel.BRANCH: 30,
    Channel.EMAIL: 22,
    Channel.SURVEY: 12,
    Channel.APP: 24,
    Channel.SOCIAL: 11,
    Channel.LETTER: 8,
    Channel.SMS: 8,
    Channel.REGULATOR: 6,
    Channel.VOICE: 5,
    Channel.VISIT: 4,
    Channel.FAX: 2,
}


@dataclass(frozen=True)
class Planned:
    """One case to be told."""

    index: int
    plot: Plot
    beginning: Beginning


def plan(cases: int, crowd: Crowd, hours: Hours, random: Random) -> list[Planned]:
    """So many cases in the order in which they came in."""
    plots = cast_for(cases)
    pile = _pile(crowd.texts, len(plots), random)
    strays = {why: cycle(entries) for why, entries in crowd.texts.strays.items()}
    channels = _channels(crowd.profile, len(plots), random)
    planned: list[Planned] = []
    study = Study(studied(crowd.texts, crowd.profile), crowd.profile)
    for index, plot in enumerate(p for p in plots if not p.again):
        if plot.stray:
            entry = next(strays[plot.stray])
        else:
            liked = (study.likes(e, plot) and fits(e, plot, crowd, hours) for e in pile)
            entry = _taken(pile, chain(liked, (fits(e, plot, crowd, hours) for e in pile)))
            plot = study.dated(entry, plot, random)
        channel = _taken(channels, (c in plot.channels for c in channels))
        submission = crowd.says(entry, channel, index, random)
        at = _received(plot, entry.topic, channel, hours, random)
        on_time = plot.due is not Due.LATE and random.random() < ON_TIME
        planned.append(Planned(index, plot, Beginning(entry, submission, at, on_time)))
    planned += _repeated([p for p in plots if p.again], planned, hours, random)
    return sorted(planned, key=lambda p: (p.beginning.at, p.index))


def studied(texts: Texts, profile: Profile) -> str:
    """The main topic whose complaints were looked into: the one with most to say."""
    counted = Counter(
        entry.topic.partition(".")[0]
        for entry in texts.entries
        if is_complaint(entry.topic, profile) and entry.topic not in texts.phrases["at_once"]
    )
    return min(counted, key=lambda topic: (-counted[topic], topic))


def is_complaint(topic: str, profile: Profile) -> bool:
    """Whether it is a complaint that a unit deals with, and no emergency."""
    leaf = profile.leaves()[topic]
    return leaf.kind == Kind.COMPLAINT and bool(leaf.unit) and not leaf.emergency


@dataclass
class Study:
    """Sees to it that complaints about the topic of the improvement came mostly before it."""

    topic: str
    profile: Profile
    left: int = STUDIED

    def likes(self, entry: Entry, plot: Plot) -> bool:
        """Old cases are about it while there are not enough of them, new ones are not."""
        return self._is_about(entry) is (_is_old(plot) and self.left > 0)

    def dated(self, entry: Entry, plot: Plot, random: Random) -> Plot:
        """The plot at a time before the change, or seldom after it."""
        if not (_is_old(plot) and self._is_about(entry)):
            return plot
        self.left -= 1
        return replace(plot, days=LONG_AGO if random.random() < BEFORE_IT else SINCE_THEN)

    def _is_about(self, entry: Entry) -> bool:
        main = entry.topic.partition(".")[0]
        return main == self.topic and is_complaint(entry.topic, self.profile)


def _is_old(plot: Plot) -> bool:
    return plot.days[1] >= SINCE_THEN[1] and plot.days[0] >= LONG_AGO[0]


def fits(entry: Entry, plot: Plot, crowd: Crowd, hours: Hours) -> bool:
    """Whether this may be the text of such a case."""
    if not _can_be_due(entry, plot, hours):
        return False
    topic = crowd.profile.leaves()[entry.topic]
    if topic.emergency:
        return plot.matter is Matter.EMERGENCY
    if plot.matter is Matter.AT_ONCE:
        return entry.topic in crowd.texts.phrases["at_once"]
    goes_on = bool(topic.unit) and crowd.profile.process.refers == "itself"
    return plot.matter is Matter.ORDINARY and (bool(plot.steps) or not goes_on)


def _can_be_due(entry: Entry, plot: Plot, hours: Hours) -> bool:
    """On a day without work only what is counted round the clock is due."""
    budget = hours.resolve_budget(entry.topic)
    return plot.due is not Due.TODAY or hours.works_today or budget.unit == "hours"


def _pile(texts: Texts, count: int, random: Random) -> list[Entry]:
    """The texts, one of every topic first; each once before any comes again."""
    shuffled = random.sample(texts.entries, len(texts.entries))
    seen: dict[tuple[str, bool], int] = {}
    turns: list[tuple[int, Entry]] = []
    for entry in shuffled:
        key = (entry.topic, entry.language is Language.TURKISH)
        seen[key] = seen.get(key, 0) + 1
        turns.append((seen[key] - entry.special, entry))
    once = [entry for _, entry in sorted(turns, key=lambda turn: turn[0])]
    rounds = count // len(once) + 1
    again = [e for e in once if e.language is Language.TURKISH and not e.special]
    return once + random.sample(again, len(again)) * rounds


def _channels(profile: Profile, count: int, random: Random) -> list[Channel]:
    """Every channel in use, the usual ones more often."""
    enabled = [c for c, setting in profile.channels.items() if setting.enabled]
    weights = [WEIGHTS.get(channel, 1) for channel in enabled]
    drawn = random.choices(enabled, weights, k=count * 3)
    return [*enabled, *drawn]


def _taken(pile: list[T], fits: Iterable[bool]) -> T:
    """The first of the pile that fits, removed from it; `fits` may go round more than once."""
    place = next(place for place, fit in enumerate(fits) if fit)
    return pile.pop(place % len(pile))


def _received(plot: Plot, topic: str, channel: Channel, hours: Hours, random: Random) -> datetime:
    """A moment in the plot's days from which the case is due as the plot wants it."""
    at = hours.received(channel, plot.days, random)
    for _ in range(TRIES):
        if plot.due in (None, _when(hours.resolve_due(topic, at), hours)):
            return at
        at = hours.received(channel, plot.days, random)
    return hours.received(channel, YESTERDAY, random)  # as far ahead as this topic can be


def _when(due_at: datetime, hours: Hours) -> Due | None:
    """None: so late that somebody would have done something."""
    if due_at < hours.end:
        return Due.LATE if hours.end - due_at < LATEST else None
    return Due.TODAY if hours.day_of(due_at) == hours.today else Due.AHEAD


def _repeated(
    plots: Sequence[Plot], planned: Sequence[Planned], hours: Hours, random: Random
) -> Iterator[Planned]:
    """People who say the same again, some hours later and in another way."""
    before = [
        p
        for p in planned
        if p.plot.matter is Matter.ORDINARY and p.beginning.submission.channel == Channel.PHONE
        if not p.beginning.entry.special
    ]
    told = random.sample(before, len(plots))
    for index, (plot, first) in enumerate(zip(plots, told, strict=True), len(planned)):
        said = replace(first.beginning.submission, channel=Channel.WEB)
        at = first.beginning.at + timedelta(hours=random.uniform(3, 30))
        at = min(at, hours.end - timedelta(hours=2))
        yield Planned(index, plot, replace(first.beginning, submission=said, at=at))
