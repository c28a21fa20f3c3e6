"""The first page, and the pages that say what we do with data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from derman.lib.prose import blocks
from derman.portal.page import language_of, show
from derman.profile import publishing
from derman.profile.schema import Profile
from derman.words.kinds import Channel, Language


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, whom to call, and how complaints are handled."""
    profile = publishing.current().profile
    language = language_of(profile)
    organisation = profile.organisation
    web = profile.channels.get(Channel.WEB)
    lines = [
        {
            "label": profile.text(line.label, language),
            "number": line.number,
            "dial": line.dial,
            "hours": profile.text(line.hours, language) if line.hours else "",
        }
        for line in organisation.lines.values()
        if not line.emergency
    ]
    context = {
        **_complaints(profile, language),
        "lead": profile.text(organisation.home, language),
        "lines": lines,
        "ways": _ways(profile, language),
        "email": organisation.email,
        "address": profile.text(organisation.address, language),
        "is_open": web is None or web.enabled,
        "closed_note": profile.text(web.note, language) if web and web.note else "",
        "warning": profile.text(profile.privacy.special_warning, language),
        "special": profile.privacy.special_categories.get(language, ()),
    }
    return show(request, "portal/home.html", context)


def _ways(profile: Profile, language: Language) -> list[dict[str, str]]:
    """The other ways to us that the organisation says something of, those open first (row E16)."""
    named = [
        (channel, setting)
        for channel, setting in profile.channels.items()
        if channel != Channel.WEB and setting.note
    ]
    return [
        {"label": _(channel.label), "note": profile.text(setting.note or {}, language)}
        for channel, setting in sorted(named, key=lambda one: not one[1].enabled)
    ]


def _complaints(profile: Profile, language: Language) -> dict[str, Any]:
    """How complaints are handled, the outside rules that hold for it, and the own disclaimer."""
    organisation = profile.organisation
    rules = [
        {
            "label": profile.text(regulator.label, language),
            "url": regulator.url,
            "what": profile.text(regulator.what, language),
            "as_of": regulator.as_of,
        }
        for regulator in organisation.regulators.values()
    ]
    disclaimer = organisation.disclaimer
    return {
        "about": blocks(profile.text(organisation.about_complaints, language)),
        "rules": rules,
        "disclaimer": profile.text(disclaimer, language) if disclaimer else "",
    }


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _text(request, _("Privacy notice"), "notice")


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return _text(request, _("Cookies"), "cookies")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _text(request, _("Accessibility"), "accessibility")


def _text(request: HttpRequest, title: str, name: str) -> HttpResponse:
    profile = publishing.current().profile
    text = profile.text(getattr(profile.privacy, name), language_of(profile))
    return show(request, "portal/text.html", {"title": title, "text": blocks(text)})
