"""The page of one macro on a case: what it will do exactly, and doing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from derman.cases import actions
from derman.cases.permissions import find_case
from derman.desk import frame
from derman.desk.case.cases import CONFLICT, INVALID
from derman.desk.case.macros import may_do
from derman.desk.frame import DeskRequest, go, page
from derman.desk.lists.workbench import kept_query
from derman.desk.verbs import previews
from derman.desk.verbs.form import Scene, long_text
from derman.desk.verbs.offered import FORMS
from derman.outbox.models import Message
from derman.profile.schema import Macro
from derman.ui.templatetags.ui import when
from derman.words.events import EventType
from derman.words.life import Verb
from derman.workplace import macros

TEXTS = {
    "note": gettext_lazy("Internal note"),
    "question": gettext_lazy("Question to the unit"),
    "reply": gettext_lazy("Text to the applicant"),
}
OF_STEP = {Verb.NOTE: "note", Verb.REFER: "question", Verb.REPLY: "reply"}
ICONS = {form.verb: form.icon for form in FORMS.values()}


@dataclass(frozen=True)
class Shown:
    """A step as the preview says it, with the field of its words."""

    icon: str
    text: str
    field: Any = None


class MacroForm(forms.Form):
    """The words of a macro, filled for the case, to be changed before it runs."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = long_text(TEXTS["note"], rows=3)
    question = long_text(TEXTS["question"], rows=3)
    reply = long_text(TEXTS["reply"], rows=4)

    def __init__(self, *args: Any, macro: Macro, scene: Scene, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            text = getattr(macro, name)
            if not text:
                del self.fields[name]
                continue
            to_applicant = name == "reply"
            self.initial[name] = previews.filled(scene, text, to_applicant=to_applicant)
        self.initial["version"] = scene.case.version


@never_cache
@require_http_methods(["GET", "POST"])
@page(verb=Verb.NOTE)
def macro(request: DeskRequest, number: str, key: str) -> HttpResponse:
    """What it will do; and doing it, all steps or none."""
    case = find_case(request.user, number, verb=Verb.NOTE, what="macro", at=request.at)
    scene = Scene.of(request, case)
    found = dict(macros.fitting(request.profile.profile, case)).get(key)
    if found is None or not may_do(scene, found):
        raise Http404
    if request.method == "GET":
        return _page(request, scene, found, MacroForm(macro=found, scene=scene))
    form = MacroForm(request.POST, macro=found, scene=scene)
    if not form.is_valid():
        return _page(request, scene, found, form, status=INVALID)
    return _run(request, scene, found, form)


def _run(request: DeskRequest, scene: Scene, found: Macro, form: MacroForm) -> HttpResponse:
    case = scene.case
    data = form.cleaned_data
    name = _name(scene, found)
    texts = {one: data[one] for one in TEXTS if one in data} | {"reason": name}
    try:
        if data["version"] != case.version:
            raise actions.OldVersion(_("Somebody else has just changed this case."))
        macros.run(case, found, texts, **scene.given)
    except actions.OldVersion as reason:
        again = _("Nothing was done. Please look at it again.")
        form.add_error(None, f"{reason} {again}")
        return _page(request, _again(request, scene), found, form, status=CONFLICT)
    except macros.StepFailed as failed:
        step = _step(_again(request, scene), found, failed.step)
        words = _("Nothing was done, because one step failed: {step}. {reason}")
        form.add_error(None, words.format(step=step, reason=failed))
        return _page(request, _again(request, scene), found, form, status=INVALID)
    messages.success(request, _("Done: {macro}").format(macro=name))
    query = kept_query(request)
    return go(request, f"{reverse('desk:case', args=[case.number])}?{query}")


def _again(request: DeskRequest, scene: Scene) -> Scene:
    """The case as it stands, where the steps that went before the failed one were taken back."""
    scene.case.refresh_from_db()
    return Scene.of(request, scene.case)


def _page(
    request: DeskRequest, scene: Scene, found: Macro, form: MacroForm, *, status: int = 200
) -> HttpResponse:
    steps = macros.steps(found, scene.case)
    context = {
        "case": scene.case,
        "form": form,
        "name": _name(scene, found),
        "latest": scene.case.version,
        "steps": [_shown(scene, found, step, form) for step in steps],
        "previews": _messages(scene, found, form),
        "list_query": kept_query(request),
    }
    return frame.render(request, "desk/macros/preview.html", context, status)


def _name(scene: Scene, found: Macro) -> str:
    return scene.profile.profile.text(found.label, scene.labels.language)


def _shown(scene: Scene, found: Macro, step: macros.Step, form: MacroForm) -> Shown:
    name = OF_STEP.get(step[0], "")
    field = form[name] if name in form.fields else None
    return Shown(ICONS[step[0]], _step(scene, found, step), field)


def _step(scene: Scene, found: Macro, step: macros.Step) -> str:
    """One step in words, with everything named."""
    verb, tag = step
    if verb == Verb.TAG:
        return _("Put on the tag “{tag}”").format(tag=scene.labels.tag(tag))
    if verb == Verb.REFER:
        return _("Ask the unit “{unit}”").format(unit=scene.labels.unit(found.unit or ""))
    if verb == Verb.PROMISE:
        moment = macros.moment(found.promise, at=scene.at, profile=scene.profile)
        return _("Promise an answer by {moment}").format(moment=_plain(moment))
    if verb == Verb.SNOOZE:
        moment = macros.moment(found.snooze, at=scene.at, profile=scene.profile)
        return _("Lay aside until {moment}").format(moment=_plain(moment))
    others = {
        Verb.TAKE: _("Take the case over"),
        Verb.NOTE: _("Write an internal note"),
        Verb.REPLY: _("Write to the applicant"),
    }
    return others[verb]


def _plain(moment: datetime) -> str:
    """In words, without the mark of a time, because it stands inside a sentence."""
    return strip_tags(when(moment))


def _messages(scene: Scene, found: Macro, form: MacroForm) -> list[Message]:
    """What the applicant will be sent, exactly."""
    sent: list[Message] = []
    if found.promise:
        sent += previews.of(scene, EventType.PROMISED, "")
    if found.unit:
        sent += previews.of(scene, EventType.REFERRED, "")
    if found.reply:
        text = form["reply"].value() or ""
        sent += previews.of(scene, EventType.REPLIED, str(text))
    return sent
