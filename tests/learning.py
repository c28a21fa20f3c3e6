"""Many cases at once, for what is learnt from them; and the parts of an improvement."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from derman.accounts.models import User
from derman.cases.models import Case
from derman.quality.improving import Said
from derman.quality.scope import Scope
from tests.factories import make_case

ISTANBUL = ZoneInfo("Europe/Istanbul")
START = date(2026, 3, 2)
TOPIC, OTHER = "metering.reading_disputed", "billing.invoice_objection"

_serial = count(700_000_000)


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ISTANBUL)


def fill(counts: Mapping[date, int], *, like: Case | None = None, **more: object) -> None:
    """So many cases on each day, all like one; `more` says in what they differ from it."""
    model = like or make_case()
    columns = {field.attname: getattr(model, field.attname) for field in Case._meta.concrete_fields}
    rows = [
        Case(**{**columns, **more, "id": uuid4(), "number": str(next(_serial)),
                "received_at": moment(day), "state_since": moment(day)})
        for day, number in counts.items()
        for _ in range(number)
    ]  # fmt: skip
    Case.objects.bulk_create(rows)


def about(topic: str) -> dict[str, str]:
    return {"topic": topic, "main_topic": topic.split(".")[0]}


def each_day(number: int, first: date, weeks: int, *, more_on_odd_days: int = 1) -> dict[date, int]:
    """The same every day, a few more on every other, as life is."""
    return {
        first + timedelta(days=n): number + (n % 2) * more_on_odd_days for n in range(7 * weeks)
    }


def said(owner: User, **more: object) -> Said:
    """An improvement of the disputed readings that began at START."""
    words = {
        "title": "Photograph every reading",
        "text": "The reader takes a picture of each meter.",
        "starts_on": START,
        "due_on": START + timedelta(weeks=4),
        "owner": owner,
        "about": Scope((TOPIC,)),
    }
    return Said(**{**words, **more})
