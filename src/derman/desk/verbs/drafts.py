"""Drafts of the desk's forms: kept a second after typing rests, or by a button; restored later."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from derman.desk.frame import DeskRequest, go, render
from derman.desk.verbs.form import VerbForm
from derman.workplace import drafts
from derman.workplace.models import Draft

KEEP, DISCARD = "keep", "discard"


def initial(draft: Draft | None) -> dict[str, str]:
    """What a form begins with where something was kept of it."""
    return drafts.words_of(draft) if draft else {}


def is_meant(request: DeskRequest, form: VerbForm) -> bool:
    """Whether what was sent is to be kept or forgotten, and not yet to be done."""
    return request.POST.get("do") in (KEEP, DISCARD) and form.keeps_words


def answer(request: DeskRequest, form: VerbForm, address: str) -> HttpResponse:
    """Keep what is typed, or forget what was kept, and show its line or go to the address."""
    kept = None
    if request.POST.get("do") == KEEP:
        kept = _store(form)
    else:
        forget(form)
    if is_bar(request):
        return bar(request, kept)
    tell(request, kept)
    return go(request, address)


def _store(form: VerbForm) -> Draft | None:
    """Keep what the form holds, or forget it where all its text was taken away."""
    scene, name = form.scene, form.draft_name
    typed = {one.name: form.typed(one.name) for one in form.visible_fields()}
    if not any(typed[one].strip() for one in form.long_texts):
        drafts.discard(scene.user, scene.case.pk, name)
        return None
    return drafts.keep(scene.user, scene.case.pk, name, typed, at=scene.at)


def forget(form: VerbForm) -> None:
    """It was sent, or is not wanted any more."""
    if form.keeps_words:
        drafts.discard(form.scene.user, form.scene.case.pk, form.draft_name)


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
