"""The same key gets the same answer for 24 hours; another body under it is refused (RFC draft)."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.api.models import StoredAnswer
from derman.cases.actions import CannotDo
from derman.cases.models import Case

KEPT = timedelta(hours=24)


def once(
    request: HttpRequest,
    user: User,
    key: str | None,
    make: Callable[[], tuple[Case, dict[str, Any]]],
    *,
    at: datetime,
) -> dict[str, Any]:
    """Do it and keep the answer, or give the answer that was kept; without a key just do it."""
    if not key:
        return make()[1]
    digest = hashlib.sha256(request.path.encode() + b"\n" + request.body).hexdigest()
    forget(at=at)
    try:
        with transaction.atomic():
            # A second request with the key waits here until the first is committed.
            row = StoredAnswer.objects.create(user=user, key=key, digest=digest, at=at)
            case, shown = make()
            row.case = case
            row.body = json.dumps(shown, cls=DjangoJSONEncoder)
            row.save(update_fields=["case", "body"])
            return _told(row)
    except IntegrityError:
        kept = StoredAnswer.objects.filter(user=user, key=key).first()
        if kept is None:
            raise
    if kept.digest != digest:
        raise CannotDo(_("This key was used for another call."), code="idempotency")
    return _told(kept)


def _told(row: StoredAnswer) -> dict[str, Any]:
    """The answer as it was kept, also the first time, so that both are alike to the letter."""
    stored: dict[str, Any] = json.loads(row.body)
    return stored


def forget(*, at: datetime) -> None:
    """Drop the answers whose day is over."""
    StoredAnswer.objects.filter(at__lt=at - KEPT).delete()
