"""When the worker asks next whether anything happens on a case (`cases.neglected`)."""

from datetime import datetime
from uuid import UUID

from derman.cases.models import Case


def look_again(case: UUID, at: datetime | None) -> None:
    """Write down when; None: not any more. The version stays: nobody loses what they type."""
    Case.objects.filter(pk=case).update(watch_at=at)
