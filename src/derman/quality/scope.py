"""Which complaints an improvement is about, and with which it is compared."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from derman.cases.models import Case
from derman.quality.models import Improvement
from derman.quality.weeks import Counts
from derman.words.kinds import Kind


@dataclass(frozen=True)
class Scope:
    """Topics, main or sub, in these regions; no region means in all."""

    topics: tuple[str, ...]
    regions: tuple[str, ...] = ()

    def overlaps(self, other: "Scope") -> bool:
        """Whether a complaint could belong to both."""
        same_topic = any(_within(a, b) or _within(b, a) for a in self.topics for b in other.topics)
        same_region = not (self.regions and other.regions) or bool(
            set(self.regions) & set(other.regions)
        )
        return same_topic and same_region


def _within(topic: str, other: str) -> bool:
    return topic == other or topic.startswith(f"{other}.")


def own(improvement: Improvement) -> Scope:
    """What the improvement is about."""
    return _scope(improvement, is_compared=False)


def compared(improvement: Improvement) -> Scope | None:
    """The comparison group: where only topics or only regions are named, the others are its own."""
    found, mine = _scope(improvement, is_compared=True), own(improvement)
    if not found.topics and not found.regions:
        return None
    return Scope(found.topics or mine.topics, found.regions or mine.regions)


def _scope(improvement: Improvement, *, is_compared: bool) -> Scope:
    """Walks the rows in memory, so that a caller may have fetched them before."""
    topics = [row.topic for row in improvement.topics.all() if row.is_compared == is_compared]
    regions = [row.region for row in improvement.regions.all() if row.is_compared == is_compared]
    return Scope(tuple(sorted(topics)), tuple(sorted(regions)))


def condition(scope: Scope) -> Q:
    """The complaints of a scope; main topics are named too, for the index over them."""
    mains = [topic for topic in scope.topics if "." not in topic]
    leaves = [topic for topic in scope.topics if "." in topic]
    found = Q(main_topic__in=mains) if mains else Q()
    if leaves:
        parents = sorted({leaf.split(".")[0] for leaf in leaves})
        found |= Q(main_topic__in=parents, topic__in=leaves)
    if scope.regions:
        found &= Q(region__in=scope.regions)
    return found & Q(kind=Kind.COMPLAINT)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins where the organisation is."""
    return datetime.combine(day, time(), tzinfo=zone)


def by_day(scope: Scope, since: date, until: date, zone: ZoneInfo) -> Counts:
    """How many complaints of a scope came on each day from `since` to before `until`."""
    received = Q(received_at__gte=midnight(since, zone), received_at__lt=midnight(until, zone))
    days = Case.objects.filter(condition(scope), received).annotate(
        day=TruncDate("received_at", tzinfo=zone)
    )
    rows = days.order_by().values_list("day").annotate(count=Count("pk"))
    return dict(rows)
