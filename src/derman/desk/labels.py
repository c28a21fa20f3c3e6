"""What keys are called in the reader's language: those of the profile and the fixed words."""

from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from derman.profile.schema import Profile, Topic
from derman.words.kinds import Word


@dataclass(frozen=True)
class Labels:
    """The labels of one profile in one language; an unknown key stands for itself."""

    profile: Profile
    language: str
    _topics: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def for_reader(cls, profile: Profile) -> "Labels":
        return cls(profile, get_language() or profile.organisation.language)

    @property
    def account_number(self) -> str:
        """What the organisation calls the number by which people are found."""
        words = self.profile.forms.account
        return self.profile.text(words.label, self.language) if words else _("Account")

    def topic(self, key: str) -> str:
        if key not in self._topics:
            found = self.profile.topic(key)
            self._topics[key] = self._text(found) if found else key
        return self._topics[key]

    def unit(self, key: str) -> str:
        found = self.profile.units.get(key)
        return self.profile.text(found.label, self.language) if found else key

    def region(self, key: str) -> str:
        found = self.profile.organisation.regions.get(key)
        return self.profile.text(found.label, self.language) if found else key

    def tag(self, key: str) -> str:
        found = self.profile.tags.get(key)
        return self.profile.text(found.label, self.language) if found else key

    def reason(self, key: str) -> str:
        """Why a decision was made."""
        found = self.profile.decisions.reasons.get(key)
        return self.profile.text(found.label, self.language) if found else key

    def tags(self) -> list[tuple[str, str]]:
        """Tags that may be put on a case."""
        return [(key, self.tag(key)) for key, tag in self.profile.tags.items() if not tag.retired]

    def leaves(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Topics to choose from, by main topic, without the retired ones."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, topic in self.profile.leaves().items():
            if not topic.retired:
                groups.setdefault(key.split(".")[0], []).append((key, self._text(topic)))
        return [(self.topic(main), leaves) for main, leaves in groups.items()]

    def units(self) -> list[tuple[str, str]]:
        """Units that may be asked."""
        return [
            (key, self.profile.text(unit.label, self.language))
            for key, unit in self.profile.units.items()
            if not unit.retired
        ]

    def _text(self, topic: Topic) -> str:
        return self.profile.text(topic.label, self.language)


def word(kind: type[Word], key: str) -> str:
    """The label of a fixed word; nothing for an empty key."""
    return _(kind(key).label) if key else ""


def choices(kind: type[Word], keys: tuple[Word, ...] | None = None) -> list[tuple[str, str]]:
    """The words of a kind for a form, in their order."""
    return [(str(key), _(key.label)) for key in keys or tuple(kind)]
