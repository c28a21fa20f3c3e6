"""How many calls a token may make in a minute, counted over all processes and machines.

Each process counts by itself and adds what it counted to one row for the token and the minute:
once a second, or sooner when a fiftieth of the limit came in between. No call waits for another;
what passes beyond the limit is at most that fiftieth for each further process.
"""

import math
import threading
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection

from derman.accounts.models import Token
from derman.api.models import Usage

SECONDS = 60
TELL_AGAIN = 1.0  # seconds
SHARE = 50  # of the limit, after which a process tells sooner
MOST_KNOWN = 1_000

ADD = """
    INSERT INTO api_usage (token_id, minute, calls) VALUES (%s, %s, %s)
    ON CONFLICT (token_id, minute) DO UPDATE SET calls = api_usage.calls + excluded.calls
    RETURNING calls
"""


@dataclass(frozen=True)
class Standing:
    """Where a token stands after a call."""

    limit: int
    left: int
    seconds: int  # until it may make as many again
    refused: bool

    @property
    def headers(self) -> dict[str, str]:
        """As other systems read it."""
        said = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.seconds),
        }
        return {**said, "Retry-After": str(self.seconds)} if self.refused else said


@dataclass
class _Count:
    """What this process knows of a token's minute."""

    minute: int
    told: int = 0  # by all processes, as the row last said
    untold: int = 0  # by this one since
    told_at: float = -math.inf

    @property
    def all(self) -> int:
        return self.told + self.untold


class Counter:
    """The counts of one process."""

    def __init__(self) -> None:
        self.counts: dict[int, _Count] = {}
        self.lock = threading.Lock()

    def take(self, token: Token, *, at: datetime) -> Standing:
        """Count a call of the token, unless its minute is used up."""
        now, limit = at.timestamp(), token.per_minute
        minute = int(now // SECONDS)
        with self.lock:
            count = self._count_of(token.pk, minute)
            refused = count.all >= limit
            if not refused:
                count.untold += 1
            to_tell = self._to_tell(count, now, limit)
        if to_tell:
            self._tell(token.pk, count, to_tell)
        seconds = max(1, math.ceil((minute + 1) * SECONDS - now))
        return Standing(limit, max(0, limit - count.all), seconds, refused)

    def _count_of(self, token_id: int, minute: int) -> _Count:
        count = self.counts.get(token_id)
        if count is None or count.minute != minute:
            if len(self.counts) >= MOST_KNOWN:
                self.counts.clear()
            count = self.counts[token_id] = _Count(minute)
        return count

    @staticmethod
    def _to_tell(count: _Count, now: float, limit: int) -> int:
        """How many calls to tell now; they count as told from here on."""
        due = now - count.told_at >= TELL_AGAIN or count.untold >= limit // SHARE
        if not due or not count.untold:
            return 0
        number, count.untold, count.told_at = count.untold, 0, now
        count.told += number
        return number

    def _tell(self, token_id: int, count: _Count, number: int) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(ADD, [token_id, count.minute, number])
                [total] = cursor.fetchone()
        except OperationalError:
            with self.lock:  # a database that is busy refuses nobody; told with the next ones
                count.told, count.untold = count.told - number, count.untold + number
            return
        with self.lock:
            count.told = max(count.told, total)


_here = Counter()


def take(token: Token, *, at: datetime) -> Standing:
    """Count a call in this process; safe beside any number of others."""
    return _here.take(token, at=at)


def forget() -> None:
    """Drop what this process counted (between two tests)."""
    _here.counts.clear()


def forget_old(*, at: datetime) -> None:
    """Delete the rows of minutes that are over; the worker calls this."""
    Usage.objects.filter(minute__lt=int(at.timestamp()) // SECONDS - 1).delete()
