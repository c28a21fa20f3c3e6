"""Which topics complaints are most about, and whether that rises or falls (rows T9, P11)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from derman.cases.models import Case
from derman.quality.scope import midnight
from derman.words.kinds import Kind

MOST = 25


@dataclass(frozen=True)
class Topic:
    """How many complaints in the latest days, and in as many days before them."""

    key: str
    count: int
    before: int
    share: float

    @property
    def change(self) -> float | None:
        """By how much of itself it rose; None where there was nothing before."""
        return self.count / self.before - 1 if self.before else None

    @property
    def is_clear(self) -> bool:
        """Whether the change is more than chance would bring: two standard errors of a count."""
        return bool((self.count - self.before) ** 2 > 4 * (self.count + self.before))


@dataclass(frozen=True)
class Frequent:
    """The topics, most frequent first; `since` and `until` bound the latest days."""

    topics: list[Topic]
    since: date
    until: date
    days: int
    total: int


def topics(days: int, until: date, zone: ZoneInfo, watched: Collection[str] = ()) -> Frequent:
    """The topics of the days before `until`, and those that are always watched; one query."""
    since = until - timedelta(days=days)
    latest = Q(received_at__gte=midnight(since, zone))
    begin, end = midnight(since - timedelta(days=days), zone), midnight(until, zone)
    found = Case.objects.filter(
        kind=Kind.COMPLAINT, received_at__gte=begin, received_at__lt=end
    ).order_by()
    counts = found.values("topic").annotate(
        count=Count("pk", filter=latest), before=Count("pk", filter=~latest)
    )
    rows = {row["topic"]: row for row in counts}
    total = sum(row["count"] for row in rows.values())
    often = sorted(rows, key=lambda key: (-rows[key]["count"], -rows[key]["before"], key))[:MOST]
    listed = [*often, *(key for key in watched if key not in often)]
    return Frequent(
        [_topic(key, rows.get(key), total) for key in listed], since, until, days, total
    )


def _topic(key: str, row: Mapping[str, Any] | None, total: int) -> Topic:
    count, before = (row["count"], row["before"]) if row else (0, 0)
    return Topic(key, count, before, count / total if total else 0.0)
