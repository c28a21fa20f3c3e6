"""Publishing the draft, at once or at a date; withdrawing a plan; bringing an old version back."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from derman.accounts.models import User
from derman.administration import in_use
from derman.profile import drafts, publishing
from derman.profile.models import ProfileDraft, ProfileVersion
from derman.profile.schema import Profile


class Refusal(StrEnum):
    """Why the draft cannot be published as it stands."""

    NO_DRAFT = "no_draft"
    BEHIND = "behind"  # something else was published since it began
    FINDINGS = "findings"
    IN_USE = "in_use"  # a key that rows name is gone
    PAST = "past"  # the moment that it is planned for is over


class NotNow(Exception):
    """The draft was not published or planned; `refusal` says why, `keys` which keys are in use."""

    def __init__(self, refusal: Refusal, keys: tuple[str, ...] = ()) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.keys = keys


@transaction.atomic
def publish(*, by: User | None, at: datetime, note: str) -> ProfileVersion:
    """Make the draft the profile that counts; NotNow says why it cannot be."""
    draft, profile = _ready()
    version = publishing.publish(profile, by=by, at=at, note=note)
    drafts.end(draft, at=at, published_as=version)
    return version


@transaction.atomic
def plan(*, publish_at: datetime, by: User, at: datetime, note: str) -> None:
    """Publish the draft at a moment to come; until then nobody edits it."""
    if publish_at <= at:
        raise NotNow(Refusal.PAST)
    draft, _ = _ready()
    draft.publish_at, draft.publish_by_id, draft.publish_note = publish_at, by.pk, note
    draft.refusal = ""
    draft.save(update_fields=["publish_at", "publish_by", "publish_note", "refusal"])


@transaction.atomic
def withdraw() -> None:
    """The draft is published at no moment any more, and may be edited again."""
    ProfileDraft.objects.filter(ended_at=None).update(
        publish_at=None, publish_by=None, publish_note="", refusal=""
    )


def publish_due(at: datetime, limit: int) -> int:
    """Publish the planned draft whose moment has come. What stands in its way is kept with it."""
    due = ProfileDraft.objects.filter(ended_at=None, publish_at__lte=at, refusal="")
    if not due.exists():
        return 0
    try:
        with transaction.atomic():
            draft = due.select_for_update(of=("self",)).first()
            if draft is None:
                return 0
            publish(by=draft.publish_by, at=at, note=draft.publish_note)
    except NotNow as reason:
        due.update(refusal=reason.refusal)
    return 1


def planned() -> ProfileDraft | None:
    """The draft that waits for its moment, or could not be published at it."""
    return (
        ProfileDraft.objects.filter(ended_at=None, publish_at__isnull=False)
        .defer("document")
        .select_related("publish_by")
        .first()
    )


@transaction.atomic
def bring_back(version: ProfileVersion, *, by: User, at: datetime, note: str) -> ProfileVersion:
    """Publish an old document as a new version; publishing.CannotPublish where it does not fit."""
    old = publishing.version(version.pk)
    latest = publishing.lock_latest()
    used = in_use.removed(publishing.version(latest.pk), old) if latest else ()
    return publishing.publish(old, by=by, at=at, note=note, in_use=used)


def _ready() -> tuple[ProfileDraft, Profile]:
    """The draft, locked, when nothing keeps it from being published."""
    latest = publishing.lock_latest()
    edited = drafts.current()
    if edited.draft is None or latest is None:
        raise NotNow(Refusal.NO_DRAFT)
    if edited.base != latest:
        raise NotNow(Refusal.BEHIND)
    if edited.findings():
        raise NotNow(Refusal.FINDINGS)
    keys = in_use.removed(publishing.version(latest.pk), edited.profile)
    if gone := tuple(sorted(f"{kind} {key}" for kind, key in keys)):
        raise NotNow(Refusal.IN_USE, gone)
    return edited.draft, edited.profile
