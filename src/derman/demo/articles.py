"""What the people of the demo organisation know: published as its preset tells it, once each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from derman.accounts.models import User
from derman.knowledge import editing
from derman.knowledge.models import Article


@transaction.atomic
def write(rows: Iterable[Mapping[str, Any]], *, language: str, by: User, at: datetime) -> None:
    """Add the articles that are missing; `language` is the organisation's own."""
    known = set(Article.objects.values_list("key", flat=True))
    for row in rows:
        if row["key"] not in known:
            made = editing.add(
                row["key"],
                topics=row["topics"],
                title=row["title"],
                body=row["body"],
                by=by,
                at=at,
            )
            editing.publish(made, language=language, by=by, at=at)
