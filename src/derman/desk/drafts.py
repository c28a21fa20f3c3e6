"""Drafts of the desk's forms: kept a second after typing rests, or by a button; restored later."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from derman.desk.frame import DeskRequest, render
from derman.desk.verb_form import VerbForm
from derman.workplace import drafts
from derman.workplace.models import Draft

KEEP, DISCARD = "keep", "discard"


def initial(draft: Draft | None) -> dict[str, str]:
    """What a form begins with where something was kept of it."""
    return drafts.words_of(draft) if draft else {}


def store(form: VerbForm, name: str) -> Draft | None:
    """Keep what the form holds, or forget it where all its text was taken away."""
    scene = form.scene
    typed = {one.name: form.typed(one.name) for one in form.visible_fields()}
    if not any(typed[one].strip() for one in form.long_texts):
        drafts.discard(scene.user, scene.case.pk, name)
        return None
    return drafts.keep(scene.user, scene.case.pk, name, typed, at=scene.at)


def forget(form: VerbForm, name: str) -> None:
    """It was sent, or is not wanted any more."""
    if form.keeps_words:
        drafts.discard(form.scene.user, form.scene.case.pk, name)


def bar(request: DeskRequest, draft: Draft | None) -> HttpResponse:
    """The line under a form that says when it was kept."""
    return render(request, "desk/case/kept.html#kept", {"kept": draft})


def is_bar(request: DeskRequest) -> bool:
    """Whether the page keeps by itself, so that only its line is asked for."""
    return bool(request.htmx) and (request.htmx.target or "").startswith("kept-")


def tell(request: DeskRequest, kept: Draft | None) -> None:
    """What became of it, where the whole page is shown again."""
    if kept:
        messages.success(request, _("Kept for you. It is there when you open the form again."))
    else:
        messages.info(request, _("The draft was discarded."))
