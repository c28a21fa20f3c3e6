"""Publishing a profile, and reading what is published.

Every process looks for a newer version when it is asked and has not looked for two seconds, so
that all see it within five without a restart.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from derman.lib.env import Misconfigured
from derman.profile import document
from derman.profile.checks import findings
from derman.profile.errors import say
from derman.profile.models import ProfileVersion
from derman.profile.schema import Profile
from derman.words.kinds import Channel
from derman.words.marks import gettext_noop as _

LOOK_AGAIN = 2.0  # seconds

KeyKind = Literal["topic", "unit", "channel", "region", "tag", "reason", "category"]


class CannotPublish(Exception):
    """The profile does not fit to what is there; the message says why."""


class NotPublished(Misconfigured):
    """No profile has been published yet."""


@dataclass(frozen=True)
class Published:
    """A profile and the version it was published as."""

    profile: Profile
    version_id: int


@dataclass
class _Seen:
    """What this process knows of the latest version, and when it looked."""

    published: Published | None = None
    looked_at: float = 0.0


_seen = _Seen()


@transaction.atomic
def publish(
    profile: Profile,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    note: str = "",
    in_use: Iterable[tuple[KeyKind, str]] = (),
) -> ProfileVersion:
    """Make the profile the one that counts. Publishing the latest again changes nothing."""
    latest = lock_latest()
    digest = document.digest(profile)
    if latest and latest.digest == digest:
        return latest
    if latest and latest.key != profile.key:
        pattern = _("This installation holds the data of {own}; {other} needs its own.")
        raise CannotPublish(say(pattern, own=latest.key, other=profile.key))
    for finding in findings(profile):
        path = ".".join(str(step) for step in finding.path)
        pattern = _("The profile has an error: {path}: {what}.")
        raise CannotPublish(say(pattern, path=path, what=finding.message))
    removed = [f"{kind} {key}" for kind, key in in_use if not _declares(profile, kind, key)]
    if removed:
        pattern = _("In use and missing: {keys}. Retire a key, do not remove it.")
        raise CannotPublish(say(pattern, keys=", ".join(sorted(removed))))
    version = ProfileVersion.objects.create(
        key=profile.key,
        document=document.to_text(profile),
        digest=digest,
        published_at=at,
        by_id=by.pk if by else None,
        note=note,
    )
    forget()
    transaction.on_commit(forget)
    return version


def lock_latest() -> ProfileVersion | None:
    """The published version; until the transaction ends nobody else publishes or edits a draft.

    Everybody locks the first version ever, so a newer one cannot slip past. References to the row
    stay free: opening a case never waits for an administrator.
    """
    versions = ProfileVersion.objects.order_by("id")
    versions.select_for_update(no_key=True).first()
    return versions.last()


def current() -> Published:
    """The latest published profile. Cheap: at most one small query every two seconds."""
    now = time.monotonic()
    if _seen.published is None or now - _seen.looked_at >= LOOK_AGAIN:
        latest = ProfileVersion.objects.order_by("-id").values_list("id", flat=True).first()
        if latest is None:
            raise NotPublished("No profile has been published: run derman init.")
        if _seen.published is None or _seen.published.version_id != latest:
            _seen.published = Published(version(latest), latest)
        _seen.looked_at = now
    return _seen.published


@lru_cache(maxsize=64)
def version(version_id: int) -> Profile:
    """The profile as it was published under this id."""
    return document.from_text(
        ProfileVersion.objects.values_list("document", flat=True).get(pk=version_id)
    )


def forget() -> None:
    """Drop what this process remembers, as after a publication (or between two tests)."""
    _seen.published = None
    version.cache_clear()


def _declares(profile: Profile, kind: KeyKind, key: str) -> bool:
    match kind:
        case "topic":
            return profile.topic(key) is not None
        case "unit":
            return key in profile.units
        case "region":
            return key in profile.organisation.regions
        case "tag":
            return key in profile.tags
        case "reason":
            return key in profile.decisions.reasons
        case "category":
            return key in profile.learning.categories
        case "channel":
            return key in tuple(Channel) and Channel(key) in profile.channels
