"""Writing down who saw what. Views and the API call this with every answer that names a person."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models

from derman.audit.models import AccessRecord


def record(
    person: UUID, *, what: str, about: str, by: models.Model | None, at: datetime, why: str = ""
) -> None:
    """One person's data was shown; `by` None is the person, by code or link."""
    AccessRecord.objects.create(
        by_id=by.pk if by else None, person_id=person, what=what, about=about, why=why, at=at
    )


def record_people(
    people: Iterable[UUID],
    *,
    what: str,
    about: str,
    by: models.Model | None,
    at: datetime,
    why: str = "",
) -> None:
    """A few persons' data was shown at once, as the candidates of a look-up; one row for each."""
    AccessRecord.objects.bulk_create(
        AccessRecord(
            by_id=by.pk if by else None, person_id=person, what=what, about=about, why=why, at=at
        )
        for person in people
    )


def record_list(
    shown: Iterable[str], *, what: str, by: models.Model | None, at: datetime, why: str = ""
) -> None:
    """A list showed these case numbers: one row with their digest, not one for each."""
    digest = hashlib.sha256("\n".join(sorted(shown)).encode()).hexdigest()
    AccessRecord.objects.create(
        by_id=by.pk if by else None, what=what, about=digest[:64], why=why[:200], at=at
    )
