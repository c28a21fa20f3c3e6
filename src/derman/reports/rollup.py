"""The rollup behind the reports: counts of events a day, kept while messages are made.

`derman.worker` hands `count_events` to the outbox, which calls it in its own transaction.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection

from derman.cases.actions.importing import Fact
from derman.cases.models import Event
from derman.profile.publishing import version
from derman.profile.schema import Profile

Key = tuple[date, str, str, str, str]  # day, event, unit, topic, channel

UPSERT = """
INSERT INTO reports_daycount (day, event, unit, topic, channel, count)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (day, event, unit, topic, channel)
DO UPDATE SET count = reports_daycount.count + excluded.count
"""


def count_events(events: Sequence[Event]) -> None:
    """Add these events to the days they happened on, in the organisation's time zone."""
    _add(Counter(_key(event) for event in events))


def count_facts(facts: Iterable[Fact], profile: Profile) -> None:
    """Add facts of cases that were imported, which no worker will see."""
    zone = ZoneInfo(profile.organisation.timezone)
    _add(
        Counter(
            (fact.at.astimezone(zone).date(), fact.type, fact.unit, fact.topic, fact.channel)
            for fact in facts
        )
    )


def _add(counted: Counter[Key]) -> None:
    with connection.cursor() as cursor:
        for key in sorted(counted):  # two workers take the rows in the same order
            cursor.execute(UPSERT, [*key, counted[key]])


def _key(event: Event) -> Key:
    zone = ZoneInfo(version(event.profile_id).organisation.timezone)
    day = event.at.astimezone(zone).date()
    case = event.case
    return (day, event.type, event.details.get("unit") or case.unit, case.topic, case.channel)
