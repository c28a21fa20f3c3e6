"""Texts with sample data in the place of their names, and how many text messages they take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from derman.administration import places
from derman.administration.frame import DeskRequest, page, render
from derman.administration.part_form import PartForm
from derman.administration.places import Place
from derman.administration.scene import Scene
from derman.lib import fill, sms
from derman.profile import drafts, names
from derman.profile.layout import Path
from derman.profile.schema import Profile
from derman.profile.texts import LONGEST_SMS
from derman.words.kinds import Language


@dataclass(frozen=True)
class Sample:
    """A text as its reader would get it."""

    language: str
    text: str
    strange: str = ""  # a name that nobody knows
    length: str = ""
    is_too_long: bool = False

    @property
    def id(self) -> str:
        return f"sample-{self.language}"


def of(text: str, language: str, *, is_sms: bool) -> Sample:
    """Fill a text; a name that nobody knows leaves it as it is."""
    values = names.samples(Language(language))
    try:
        filled = fill.fill(text, values)
    except fill.UnknownName as reason:
        return Sample(language, text, strange=reason.name)
    if not is_sms:
        return Sample(language, filled, length=_letters(len(filled)))
    found = sms.measure(filled, cast(sms.Shift, settings.SMS_SHIFT))
    parts = ngettext("%(n)s SMS", "%(n)s SMS", found.parts) % {"n": found.parts}
    length = f"{_letters(len(filled))}, {parts}"
    return Sample(language, filled, length=length, is_too_long=found.parts > LONGEST_SMS)


def _letters(count: int) -> str:
    return ngettext("%(n)s character", "%(n)s characters", count) % {"n": count}


def attach(form: PartForm, here: Place) -> None:
    """Show a sample under each text that is filled when it is sent, and keep it fresh."""
    for name, language in _texts(here.path, here.scene):
        field = form.fields.get(name)
        if field is None:
            continue
        shown = of(str(form[name].value() or ""), language, is_sms=is_sms(here))
        url = reverse("administration:sample", args=[language, "/".join(map(str, here.path))])
        field.sample = shown  # type: ignore[attr-defined]
        field.widget.attrs.update(
            {
                "data-keeps-draft": "",
                "hx-post": url,
                "hx-trigger": "input changed delay:300ms",
                "hx-target": f"#{shown.id}",
                "hx-swap": "outerHTML",
            }
        )


def _texts(path: Path, scene: Scene) -> Iterator[tuple[str, str]]:
    """The names of the form fields that hold texts with names in them, and their languages."""
    pattern = {"messages": "value.{}.text", "templates": "text.{}"}.get(str(path[0]))
    if pattern and len(path) == 2:
        yield from ((pattern.format(language), str(language)) for language in scene.languages)


def is_sms(here: Place) -> bool:
    """Whether this message is, or by its key would be, sent as a text message."""
    if here.path[0] != "messages":
        return False
    key = str(here.path[1])
    sent = _wires(here.scene.profile, key)
    return "sms" in sent or (not sent and key.endswith("_sms"))


def _wires(profile: Profile, key: str) -> set[str]:
    return {wire for notice in profile.notices for wire, sent in notice.send.items() if sent == key}


def allowed_names(here: Place) -> Mapping[str, str]:
    """The names that may stand in this text, with what they stand for."""
    if here.path[0] not in ("messages", "templates"):
        return {}
    allowed: Any = names.TEMPLATE
    if here.path[0] == "messages":
        key = str(here.path[1])
        to_staff = any(
            notice.to != "applicant" and key in notice.send.values()
            for notice in here.scene.profile.notices
        )
        allowed = names.STAFF if to_staff else (names.SMS if is_sms(here) else names.EMAIL)
        allowed = names.CODE if key in names.CODES else allowed
    return {name: _(entry.meaning) for name, entry in names.NAMES.items() if name in allowed}


@require_POST
@page()
def sample(request: DeskRequest, language: str, where: str) -> HttpResponse:
    """The sample of what is typed at the moment, as a fragment."""
    edited = drafts.current()
    scene = Scene(edited.profile, language)
    here = places.find(where, edited.document, scene)
    name = {spoken: name for name, spoken in _texts(here.path, scene)}.get(language)
    if name is None:
        raise Http404
    shown = of(request.POST.get(name, ""), language, is_sms=is_sms(here))
    return render(request, "administration/sample.html#sample", {"sample": shown})
