"""The rollup behind the reports: counts of events a day, kept while messages are made.

`derman.worker` hands `count_events` to the outbox, which calls it in its own transaction.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection

from derman.cases.models import Event
from derman.profile.publishing import version

Key = tuple[date, str, str, str, str]  # day, event, unit, topic, channel

UPSERT = """
INSERT INTO reports_daycount (day, event, unit, topic, channel, count)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (day, event, unit, topic, channel)
DO UPDATE SET count = reports_daycount.count + excluded.count
"""


def count_events(events: Sequence[Event]) -> None:
    """Add these events to the days they happened on, in the organisation's time zone."""
    counted = Counter(_key(event) for event in events)
    with connection.cursor() as cursor:
        for key in sorted(counted):  # two workers take the rows in the same order
            cursor.execute(UPSERT, [*key, counted[key]])


def _key(event: Event) -> Key:
    zone = ZoneInfo(version(event.profile_id).organisation.timezone)
    day = event.at.astimezone(zone).date()
    case = event.case
    return (day, event.type, event.details.get("unit") or case.unit, case.topic, case.channel)
