"""Keeping what somebody typed until it is sent, discarded, or a month old.

A draft belongs to one person, one case (or none) and one form; it never leaves and nobody else
reads it. Whoever calls this has checked that the person may use the form.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from derman.accounts.models import User
from derman.cases.querysets import CaseQuerySet
from derman.statements import kept
from derman.workplace.models import Draft

KEPT = timedelta(days=30)
LONGEST = 200_000  # characters of one draft


def keep(
    user: User, case_id: UUID | None, form: str, words: Mapping[str, str], *, at: datetime
) -> Draft | None:
    """Keep the words in place of those kept before; None where they are too long to keep."""
    written = json.dumps(words, ensure_ascii=False)
    if len(written) > LONGEST:
        return None
    found = _write(user, case_id, form, written, at)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Draft.objects.create(
                user=user, case_id=case_id, form=form, words=written, kept_at=at
            )
    except IntegrityError:  # another tab was faster
        return _write(user, case_id, form, written, at)


def _write(user: User, case_id: UUID | None, form: str, written: str, at: datetime) -> Draft | None:
    draft = find(user, case_id, form)
    if draft is not None:
        draft.words, draft.kept_at = written, at
        draft.save(update_fields=["words", "kept_at"])
    return draft


def find(user: User, case_id: UUID | None, form: str) -> Draft | None:
    """What this person kept of this form."""
    return Draft.objects.filter(user=user, case=case_id, form=form).first()


def of_case(user: User, case_id: UUID) -> dict[str, Draft]:
    """Everything that this person kept on a case, by form."""
    return {draft.form: draft for draft in _of_case(user, case_id)}


@kept
def _of_case(user: User, case_id: UUID) -> QuerySet[Draft]:
    return Draft.objects.filter(user=user, case=case_id)


def words_of(draft: Draft) -> dict[str, str]:
    """The fields of the form as they were typed."""
    return json.loads(draft.words)


def discard(user: User, case_id: UUID | None, form: str) -> None:
    """Forget it: it was sent, or is not wanted any more."""
    Draft.objects.filter(user=user, case=case_id, form=form).delete()


def mark(cases: CaseQuerySet, user: User) -> CaseQuerySet:
    """The cases, each with `has_draft`: whether this person began to write something there."""
    mine = Draft.objects.filter(case=OuterRef("pk"), user=user)
    return cases.annotate(has_draft=Exists(mine))


def sweep(at: datetime) -> None:
    """Forget what nobody came back for; read first, so that an empty look takes no write lock."""
    old = Draft.objects.filter(kept_at__lte=at - KEPT)
    if old.exists():
        old.delete()
