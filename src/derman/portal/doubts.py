"""What we ask about once before we take it: never a reason to refuse.

A doubt belongs to a field and has a code; who sends the same doubts a second time goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from derman.lib import special_categories
from derman.portal.topics import sounds_urgent
from derman.profile.schema import Profile
from derman.words.kinds import Language

SHOWN = 3  # examples of what was found


@dataclass(frozen=True)
class Doubt:
    field: str
    code: str
    message: str


def about_text(field: str, text: str, *, profile: Profile, language: Language) -> Iterator[Doubt]:
    """Sensitive data that we do not need (row P2), and emergencies that must not wait (G2)."""
    if sounds_urgent(text, profile):
        line = profile.organisation.lines[profile.process.emergency_line]
        said = _("This sounds like an emergency. If it is one, call {number} now.")
        yield Doubt(field, "urgent", said.format(number=line.number))
    found = _sensitive(text, {language, profile.organisation.language})
    if found:
        said = _(
            "This may be sensitive personal data that we do not need: {words}. "
            "Please take it out if you can."
        )
        yield Doubt(field, "special", said.format(words=", ".join(f"“{word}”" for word in found)))


def _sensitive(text: str, languages: set[Language]) -> list[str]:
    found: dict[str, None] = {}
    for language in sorted(languages):
        for hit in special_categories.find(text, language):
            found.setdefault(text[hit.start : hit.end])
    return list(found)[:SHOWN]
