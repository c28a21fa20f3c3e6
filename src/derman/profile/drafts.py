"""The draft of the next profile: everybody edits the same one, and nobody overwrites anybody.

Whoever changes a place says what it looked like when they saw it (`editing.fingerprint`); when it
looks different by now, nothing is written and `ChangedMeanwhile` says so. Changes to different
places do not meet. The draft begins with the first change, so there is nothing to start.

A draft always fits the schema; what the checks find across its parts may wait until publication.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from derman.profile import document as documents
from derman.profile import editing, publishing
from derman.profile.checks import findings
from derman.profile.editing import Document
from derman.profile.errors import Finding
from derman.profile.layout import Path
from derman.profile.models import EditKind, ProfileDraft, ProfileEdit, ProfileVersion
from derman.profile.refusals import validated
from derman.profile.schema import Profile


class CannotEdit(Exception):
    """The draft does not take this change."""


class ChangedMeanwhile(CannotEdit):
    """Somebody else changed the same place; `now` is what stands there."""

    def __init__(self, now: object) -> None:
        super().__init__("somebody else changed this meanwhile")
        self.now = now


class IsPlanned(CannotEdit):
    """The draft waits to be published; withdraw the plan first."""


class DoesNotFit(CannotEdit):
    """The change breaks the schema; `findings` say where, from the root of the document."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in found))
        self.findings = found


@dataclass(frozen=True)
class Edited:
    """The next profile as it stands: the draft's, or the published one where there is no draft."""

    text: str
    base: ProfileVersion
    draft: ProfileDraft | None

    @cached_property
    def document(self) -> Document:
        read: Document = json.loads(self.text)
        return read

    @property
    def profile(self) -> Profile:
        return _profile(self.text)

    @property
    def is_planned(self) -> bool:
        return self.draft is not None and self.draft.publish_at is not None

    def findings(self) -> list[Finding]:
        """What has to be put right before it can be published."""
        return list(_findings(self.text))


@lru_cache(maxsize=8)
def _profile(text: str) -> Profile:
    """Kept, because every page of the editor asks for the same few."""
    return documents.from_text(text)


@lru_cache(maxsize=8)
def _findings(text: str) -> tuple[Finding, ...]:
    return tuple(findings(_profile(text)))


def current() -> Edited:
    """What the editors see."""
    return _edited(open_draft())


def open_draft() -> ProfileDraft | None:
    return ProfileDraft.objects.filter(ended_at=None).select_related("base", "publish_by").first()


def set_value(
    path: Path, value: object, *, seen: str | None, by: AbstractBaseUser, at: datetime
) -> None:
    """Write a value to a place; `seen` None where the place must still be free."""

    def change(document: Document) -> Document:
        now: object = None
        try:
            now = editing.value_at(document, path)
        except editing.NoSuchPlace:
            if seen is not None:
                raise ChangedMeanwhile(None) from None
        else:
            if seen != editing.fingerprint(now):
                raise ChangedMeanwhile(now)
        changed: Document = editing.with_value(document, path, value)
        return changed

    _change(change, EditKind.ADDED if seen is None else EditKind.CHANGED, path, by=by, at=at)


def append(path: Path, value: object, *, by: AbstractBaseUser, at: datetime) -> int:
    """Add an item to the end of a list; return its position."""
    added: list[int] = []

    def change(document: Document) -> Document:
        items = editing.value_at(document, path)
        added.append(len(items))
        changed: Document = editing.with_value(document, path, [*items, value])
        return changed

    _change(change, EditKind.ADDED, path, by=by, at=at)
    return added[0]


def remove(path: Path, *, seen: str, by: AbstractBaseUser, at: datetime) -> None:
    """Take a place out of the draft. Whether its key is in use is for the caller to know."""

    def change(document: Document) -> Document:
        _insist(document, path, seen)
        changed: Document = editing.without(document, path)
        return changed

    _change(change, EditKind.REMOVED, path, by=by, at=at)


def move(path: Path, places: int, *, seen: str, by: AbstractBaseUser, at: datetime) -> None:
    """Move a place among its neighbours."""

    def change(document: Document) -> Document:
        _insist(document, path, seen)
        changed: Document = editing.moved(document, path, places)
        return changed

    _change(change, EditKind.MOVED, path, by=by, at=at)


def replace(profile: Profile, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Put a whole profile in the draft's place, as an import does; `by` None is the command."""
    text = documents.to_text(profile)
    _change(lambda _: json.loads(text), EditKind.IMPORTED, (), by=by, at=at)


@transaction.atomic
def catch_up(*, by: AbstractBaseUser, at: datetime) -> list[Path]:
    """Take over what was published since the draft began; return where both had changed."""
    latest = publishing.lock_latest()
    edited = _edited(open_draft())
    if edited.is_planned:
        raise IsPlanned
    if edited.draft is None or latest is None or edited.base == latest:
        return []
    document, clashes = editing.merged(
        json.loads(edited.base.document), json.loads(latest.document), edited.document
    )
    _write(edited, document, EditKind.UPDATED, (), by=by, at=at)
    edited.draft.base = latest
    edited.draft.save(update_fields=["base"])
    return clashes


@transaction.atomic
def discard(*, at: datetime) -> None:
    """Throw the draft away."""
    publishing.lock_latest()
    draft = open_draft()
    if draft and draft.publish_at:
        raise IsPlanned
    if draft:
        end(draft, at=at)


def end(draft: ProfileDraft, *, at: datetime, published_as: ProfileVersion | None = None) -> None:
    """The draft is done with; who changed what in it stays."""
    draft.ended_at, draft.published_as, draft.document = at, published_as, ""
    draft.save(update_fields=["ended_at", "published_as", "document"])


def _insist(document: Document, path: Path, seen: str) -> None:
    try:
        now = editing.value_at(document, path)
    except editing.NoSuchPlace:
        raise ChangedMeanwhile(None) from None
    if editing.fingerprint(now) != seen:
        raise ChangedMeanwhile(now)


@transaction.atomic
def _change(
    change: Callable[[Document], Document],
    kind: EditKind,
    path: Path,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    publishing.lock_latest()
    edited = _edited(open_draft())
    if edited.is_planned:
        raise IsPlanned
    _write(edited, change(edited.document), kind, path, by=by, at=at)


def _write(
    edited: Edited,
    document: Document,
    kind: EditKind,
    path: Path,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    profile, refused = validated(document)
    if refused:
        raise DoesNotFit(refused)
    text = documents.to_text(profile)
    draft = edited.draft
    if text == documents.to_text(edited.profile):
        return  # saved as it was
    if draft is None:
        draft = ProfileDraft.objects.create(base=edited.base, document=text, started_at=at)
    else:
        draft.document = text
        draft.save(update_fields=["document"])
    ProfileEdit.objects.create(
        draft=draft,
        by_id=by.pk if by else None,
        at=at,
        kind=kind,
        path="/".join(map(str, path))[:300],
    )


def _edited(draft: ProfileDraft | None) -> Edited:
    base = draft.base if draft else ProfileVersion.objects.latest("id")
    text = draft.document if draft else base.document
    return Edited(text, base, draft)
