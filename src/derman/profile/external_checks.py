"""What is wrong with the outside bodies of a profile: topics and places that nobody knows."""

from collections.abc import Iterator

from derman.profile.errors import Finding, say
from derman.profile.hints import unknown
from derman.profile.schema import Profile
from derman.words.marks import gettext_noop as _


def external(profile: Profile) -> Iterator[Finding]:
    """Each body is right for topics and regions that are there, and can be reached somehow."""
    for key, body in profile.external.bodies.items():
        path = ("external", "bodies", key)
        for at, topic in enumerate(body.topics):
            if profile.topic(topic) is None:
                known = [*profile.topics, *profile.leaves()]
                yield Finding((*path, "topics", at), unknown("topic", topic, known))
        for at, region in enumerate(body.regions):
            if region not in profile.organisation.regions:
                known = [*profile.organisation.regions]
                yield Finding((*path, "regions", at), unknown("region", region, known))
        if not (body.address or body.phone or body.url):
            yield Finding(path, say(_("{key} needs an address, a number or a page"), key=key))
