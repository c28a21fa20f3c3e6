"""What an editor of the profile needs to know: the profile itself, and the languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from derman.administration import field_words
from derman.profile.schema import Profile, Topic
from derman.words.kinds import Language

Choice = tuple[str, str]

# What a field that holds keys refers to, by the name of the field: (its keys, its values).
REFERS_TO: Mapping[str, str] = {
    "unit": "units",
    "units": "units",
    "front_line": "units",
    "owner": "units",
    "owner_unit": "units",
    "emergency_unit": "units",
    "emergency_line": "lines",
    "line": "lines",
    "topic": "topics",
    "topics": "topics",
    "region": "regions",
    "regions": "regions",
    "message": "messages",
    "send": "messages",
    "template": "templates",
    "by_region": "units",
}
KEYS_REFER_TO: Mapping[str, str] = {"by_region": "regions"}


@dataclass(frozen=True)
class Scene:
    """The profile that is edited, in the reader's language."""

    profile: Profile
    language: str

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the organisation, its own first."""
        return self.profile.organisation.languages

    def language_name(self, language: str) -> str:
        return field_words.LANGUAGES.get(language, language)

    def text(self, text: Mapping[Any, str] | None) -> str:
        """A text for the reader; unlike a published one it may lack languages."""
        texts = {str(key): value for key, value in (text or {}).items()}
        for language in (self.language, *self.languages, *texts):
            if texts.get(language):
                return texts[language]
        return ""

    def keys(self, kind: str) -> list[Choice]:
        """Every key of a kind with what people call it, retired ones left out."""
        match kind:
            case "topics":
                return list(self._topics(self.profile.topics, ""))
            case "messages":
                return [(key, key) for key in self.profile.messages]
            case "lines" | "regions":
                return self._labelled(getattr(self.profile.organisation, kind))
            case _:
                return self._labelled(getattr(self.profile, kind, {}))

    def _labelled(self, items: Mapping[str, Any]) -> list[Choice]:
        return [
            (key, self.text(getattr(item, "label", None)) or key)
            for key, item in items.items()
            if not getattr(item, "retired", False)
        ]

    def _topics(self, topics: Mapping[str, Topic], above: str) -> Iterator[Choice]:
        for key, topic in topics.items():
            if topic.retired:
                continue
            full = f"{above}.{key}" if above else key
            yield full, f"{'– ' if above else ''}{self.text(topic.label) or key}"
            yield from self._topics(topic.children, full)
