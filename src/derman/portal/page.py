"""What every portal page shows of the organisation, in the reader's language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from derman.profile import publishing
from derman.profile.schema import Profile
from derman.words.kinds import Language


def language_of(profile: Profile) -> Language:
    """The reader's language where the organisation speaks it, else the organisation's own."""
    asked = (get_language() or "")[:2]
    spoken = profile.organisation.languages
    return Language(asked) if asked in spoken else profile.organisation.language


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page with the organisation's name and its emergency line."""
    profile = publishing.current().profile
    language = language_of(profile)
    organisation = profile.organisation
    known = {
        "organisation": profile.text(organisation.name, language),
        "emergency": emergency_line(profile, language),
    }
    return render(request, template, {**known, **(context or {})}, status=status)


def emergency_line(profile: Profile, language: Language) -> dict[str, str] | None:
    """What the strip on top says; nothing where the organisation takes no emergencies."""
    line = profile.organisation.lines.get(profile.process.emergency_line)
    if line is None or not line.emergency:
        return None
    topic = next(
        (main for main in profile.topics.values() if main.emergency or _holds_one(main)), None
    )
    return {
        "title": profile.text(line.label, language),
        "text": profile.text(topic.help, language) if topic and topic.help else "",
        "dial": line.dial,
        "number": line.number,
    }


def _holds_one(main: Any) -> bool:
    return any(child.emergency for child in main.children.values())
