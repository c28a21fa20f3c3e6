"""The topics that can be chosen on the web, as the reader reads them."""

from collections.abc import Iterator
from dataclasses import dataclass

from derman.lib.turkish import fold
from derman.profile.schema import Profile, Topic
from derman.words.kinds import Language


@dataclass(frozen=True)
class Leaf:
    """A topic that can be chosen."""

    key: str
    label: str
    help: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A main topic and what can be chosen under it."""

    key: str
    label: str
    help: str
    leaves: tuple[Leaf, ...]


def offered(profile: Profile, language: Language) -> list[Group]:
    """Main topics with at least one topic that is neither retired nor kept off the web."""
    groups = []
    for key, main in profile.topics.items():
        leaves = tuple(
            Leaf(leaf_key, profile.text(leaf.label, language), _help(leaf, profile, language),
                 leaf.words)
            for leaf_key, leaf in _leaves(key, main)
            if leaf.portal and not leaf.retired
        )  # fmt: skip
        if leaves and main.portal and not main.retired:
            label = profile.text(main.label, language)
            groups.append(Group(key, label, _help(main, profile, language), leaves))
    return groups


def find_offered(key: str, profile: Profile) -> Topic | None:
    """The topic with this key, if it can be chosen on the web today."""
    topic = profile.leaves().get(key)
    main = profile.topics.get(key.split(".")[0])
    if topic is None or main is None or main.retired or not main.portal:
        return None
    return topic if topic.portal and not topic.retired else None


def emergencies(profile: Profile) -> list[tuple[str, Topic]]:
    """The topics that are never queued."""
    return [(k, t) for k, t in profile.leaves().items() if t.emergency and not t.retired]


def sounds_urgent(text: str, profile: Profile) -> bool:
    """Whether the text holds words by which people name an emergency (row G2)."""
    said = f" {fold(text)} "
    return any(
        f" {fold(word)}" in said for _, topic in emergencies(profile) for word in topic.words
    )


def _leaves(key: str, topic: Topic) -> Iterator[tuple[str, Topic]]:
    if not topic.children:
        yield key, topic
    for child_key, child in topic.children.items():
        yield from _leaves(f"{key}.{child_key}", child)


def _help(topic: Topic, profile: Profile, language: Language) -> str:
    return profile.text(topic.help, language) if topic.help else ""
