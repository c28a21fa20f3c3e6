"""Limits on guessing: counts per key and window, shared by every process through the database."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from derman.audit.models import Guess


@dataclass(frozen=True)
class Limit:
    """At most `tries` wrong guesses in `seconds`."""

    name: str
    tries: int
    seconds: int


def _key(limit: Limit, who: str) -> str:
    message = f"{limit.name}|{who}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def _end(limit: Limit, at: datetime) -> datetime:
    window = int(at.timestamp()) // limit.seconds
    return datetime.fromtimestamp((window + 1) * limit.seconds, UTC)


def is_over(limit: Limit, who: str, *, at: datetime) -> bool:
    """Whether `who` has used up the guesses of this window; one query."""
    return Guess.objects.filter(
        key=_key(limit, who), ends_at=_end(limit, at), count__gte=limit.tries
    ).exists()


@transaction.atomic
def count(limit: Limit, who: str, *, at: datetime) -> None:
    """Note one wrong guess."""
    row, _ = Guess.objects.get_or_create(key=_key(limit, who), ends_at=_end(limit, at))
    Guess.objects.filter(pk=row.pk).update(count=F("count") + 1)


def forget(*, at: datetime) -> int:
    """Delete the counts of windows that have ended; the worker calls this."""
    deleted, _ = Guess.objects.filter(ends_at__lt=at).delete()
    return deleted
