"""The rules about decisions that span several parts of a profile."""

from collections.abc import Iterator
from typing import get_args

from derman.profile.decisions import Judgement
from derman.profile.errors import Finding, say
from derman.profile.hints import unknown
from derman.profile.layout import Path
from derman.profile.schema import Profile
from derman.words.marks import gettext_noop as _


def decisions(profile: Profile) -> Iterator[Finding]:
    """Topics and tags are there, and whoever must choose a reason finds one."""
    said = profile.decisions
    for key, reason in said.reasons.items():
        yield from _topics(profile, ("decisions", "reasons", key, "topics"), reason.topics)
    path: Path = ("decisions", "compliance")
    yield from _topics(profile, (*path, "consent_topics"), said.compliance.consent_topics)
    for name in ("notice_tag", "consent_tag"):
        tag = getattr(said.compliance, name)
        if tag is not None and tag not in profile.tags:
            yield Finding((*path, name), unknown("tag", tag, profile.tags))
    if said.asks_reason:
        yield from _choices(profile)


def _topics(profile: Profile, path: Path, topics: tuple[str, ...]) -> Iterator[Finding]:
    known = [*profile.leaves(), *profile.topics]
    for at, key in enumerate(topics):
        if key not in known:
            yield Finding((*path, at), unknown("topic", key, known))


def _choices(profile: Profile) -> Iterator[Finding]:
    """A reason for every decision that holds on every topic."""
    general = [one for one in profile.decisions.reasons.values() if not one.topics]
    for decision in get_args(Judgement):
        if not any(one.fits(decision, "") for one in general):
            pattern = _("no reason can be chosen for {decision} on every topic")
            yield Finding(("decisions", "reasons"), say(pattern, decision=decision))
