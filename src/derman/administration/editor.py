"""The pages on which a place of the draft is edited: a form, or the list of what it holds."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as said
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from derman.administration import field_words, in_use, listing, places, samples
from derman.administration.frame import DeskRequest, page, render
from derman.administration.part_form import PartForm, in_words
from derman.administration.places import Place
from derman.administration.scene import Scene
from derman.lib import turkish
from derman.profile import drafts, editing
from derman.profile.drafts import Edited
from derman.profile.errors import Finding
from derman.profile.layout import Path
from derman.profile.shape import inside, plain

KEY_FORM = re.compile(r"[a-z][a-z0-9_]{0,28}")


@dataclass(frozen=True)
class Desk:
    """What every page of the editor starts from."""

    edited: Edited
    scene: Scene
    findings: list[Finding]

    @classmethod
    def open(cls) -> "Desk":
        edited = drafts.current()
        language = get_language() or edited.profile.organisation.language
        return cls(edited, Scene(edited.profile, language), edited.findings())

    def find(self, where: str) -> Place:
        return places.find(where, self.edited.document, self.scene)

    def below(self, path: Path) -> list[Finding]:
        """What has to be put right at a place and below it."""
        return [one for one in self.findings if one.path[: len(path)] == path]


@require_http_methods(["GET", "POST"])
@page()
def place(request: DeskRequest, where: str) -> HttpResponse:
    """A place of the profile: what it holds, and a form where it holds fields."""
    desk = Desk.open()
    try:
        here = desk.find(where)
    except Http404:
        return _gone(request, desk, where)
    if here.is_collection:
        return render(request, *listing.page_of(request, here, desk.findings))
    if request.method == "POST":
        return _save(request, desk, here)
    seen = {"seen": here.fingerprint}
    form = PartForm(here.hint, here.value, desk.scene, hidden=here.hidden, initial=seen)
    form.remember(here.own(here.value))
    homeless = form.blame(desk.below(here.path), here.path)
    return _form_page(request, desk, here, form, homeless)


@require_http_methods(["GET", "POST"])
@page()
def add(request: DeskRequest, where: str) -> HttpResponse:
    """A new item of a collection."""
    desk = Desk.open()
    holder = desk.find(where)
    if not holder.is_collection or holder.has_fixed_keys:
        return HttpResponseRedirect(holder.url)
    hint = inside(plain(holder.hint))
    if request.method == "POST":
        return _add(request, desk, holder, PartForm(hint, {}, desk.scene, request.POST))
    return _add_page(request, desk, holder, PartForm(hint, {}, desk.scene))


@require_POST
@page()
def move(request: DeskRequest, where: str) -> HttpResponse:
    """Move an item up or down in its list."""
    here = Desk.open().find(where)
    places_ = -1 if request.POST.get("direction") == "up" else 1
    seen = request.POST.get("seen") or here.fingerprint
    _try(request, lambda: drafts.move(
        here.path, places_, seen=seen, by=request.user, at=request.at
    ))  # fmt: skip
    return HttpResponseRedirect(f"{here.above.url}#{here.path[-1]}")


@require_http_methods(["GET", "POST"])
@page()
def remove(request: DeskRequest, where: str) -> HttpResponse:
    """Take an item out; what rows name may only be retired."""
    desk = Desk.open()
    here = desk.find(where)
    if not here.is_item:
        return HttpResponseRedirect(here.url)
    key = in_use.key_at(here.path)
    used = key is not None and in_use.is_used(*key)
    if request.method == "POST" and not used:
        seen = request.POST.get("seen", "")
        done = _try(request, lambda: drafts.remove(
            here.path, seen=seen, by=request.user, at=request.at
        ))  # fmt: skip
        if done:
            said.success(request, _("%(name)s is removed from the draft.") % {"name": here.label})
        return HttpResponseRedirect(here.above.url)
    context = {"place": here, "is_used": used, "current": here.path[0], "desk": desk}
    return render(request, "administration/remove.html", context)


def _save(request: DeskRequest, desk: Desk, here: Place) -> HttpResponse:
    form = PartForm(here.hint, here.value, desk.scene, request.POST, hidden=here.hidden)
    if "preview" in request.POST:
        return _form_page(request, desk, here, form, [])
    if not form.is_valid():
        return _form_page(request, desk, here, form, [], status=422)
    value = here.with_rest(form.read(), here.value)
    try:
        drafts.set_value(
            here.path, value, seen=form.cleaned_data["seen"], by=request.user, at=request.at
        )
    except drafts.DoesNotFit as reason:
        homeless = form.blame(reason.findings, here.path)
        return _form_page(request, desk, here, form, homeless, status=422)
    except drafts.ChangedMeanwhile as reason:
        return _meet(request, desk, here, form, reason.now)
    except drafts.IsPlanned:
        return _form_page(request, desk, here, form, [_is_planned()], status=409)
    _say_saved(request, here.path)
    return HttpResponseRedirect(here.above.url if "back" in request.POST else here.url)


def _say_saved(request: DeskRequest, path: Path) -> None:
    left = len(Desk.open().below(path))
    if left:
        said.warning(request, _("Saved in the draft; what is marked has to be put right yet."))
    else:
        said.success(request, _("Saved in the draft."))


def _gone(request: DeskRequest, desk: Desk, where: str) -> HttpResponse:
    """What is not there is not found; what was typed for it may be added again."""
    above, _slash, key = where.strip("/").rpartition("/")
    if request.method != "POST" or not above:
        raise Http404
    holder = desk.find(above)
    if not holder.is_collection or holder.has_fixed_keys:
        raise Http404
    form = PartForm(inside(plain(holder.hint)), {}, desk.scene, request.POST)
    gone = _("Somebody else removed this meanwhile. Add it again, or leave the page.")
    return _add_page(request, desk, holder, form, key=key, homeless=[gone], status=409)


def _meet(
    request: DeskRequest, desk: Desk, here: Place, form: PartForm, now: object
) -> HttpResponse:
    """Somebody else was here: what only one of the two changed is taken from each.

    Where both changed the same field, nothing is saved: the page shows both, with the reader's own
    in the field, and their next save decides.
    """
    own, theirs = here.own(form.read()), here.own(now)
    merged, clashes = editing.merged(form.was(), theirs, own)
    if here.is_item and here.above.is_list:  # the position may mean another item by now
        merged, clashes = own, [(key,) for key in own if own[key] != (theirs or {}).get(key)]
    seen = editing.fingerprint(now)
    if not clashes:
        value = here.with_rest(merged, now)
        done = _try(request, lambda: drafts.set_value(
            here.path, value, seen=seen, by=request.user, at=request.at
        ))  # fmt: skip
        if done:
            said.info(request, _("What somebody else changed here meanwhile was kept."))
            _say_saved(request, here.path)
        return HttpResponseRedirect(here.url)
    again = PartForm(here.hint, merged, desk.scene, hidden=here.hidden, initial={"seen": seen})
    again.remember(theirs)
    shown = PartForm(here.hint, theirs, desk.scene, hidden=here.hidden)
    names = [again.place(path) for path in clashes]
    differing = [
        (again.label_of(name), shown[name].value()) for name in names if name in shown.fields
    ]
    return _form_page(request, desk, here, again, [], status=409, differing=differing)


def _add(request: DeskRequest, desk: Desk, holder: Place, form: PartForm) -> HttpResponse:
    key = request.POST.get("key", "").strip()
    if not form.is_valid():
        return _add_page(request, desk, holder, form, key=key, status=422)
    value = form.read()
    if not holder.is_list and not key:
        key = _key_from(desk.scene.text(value.get("label")) if isinstance(value, dict) else "")
    wrong = "" if holder.is_list else _key_error(key, holder)
    if wrong:
        return _add_page(request, desk, holder, form, key=key, key_error=wrong, status=422)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    step: str | int = key
    try:
        if holder.is_list:
            step = drafts.append(holder.path, value, **who)
        else:
            drafts.set_value((*holder.path, key), value, seen=None, **who)
    except drafts.DoesNotFit as reason:
        new = (*holder.path, len(holder.value) if holder.is_list else key)
        homeless = form.blame(reason.findings, new)
        return _add_page(request, desk, holder, form, key=key, homeless=homeless, status=422)
    except drafts.IsPlanned:
        return _add_page(request, desk, holder, form, key=key, homeless=[_is_planned()], status=409)
    except drafts.ChangedMeanwhile:
        taken = _("This key is taken.")
        return _add_page(request, desk, holder, form, key=key, key_error=taken, status=409)
    _say_saved(request, (*holder.path, step))
    return HttpResponseRedirect(places.url_of((*holder.path, step)))


def _key_from(label: str) -> str:
    """A key made from what people call it."""
    folded = re.sub(r"[^a-z0-9]+", "_", turkish.fold(label)).strip("_")
    return folded[:29].rstrip("_")


def _key_error(key: str, holder: Place) -> str:
    if not KEY_FORM.fullmatch(key):
        return _("A key is lower-case letters, digits and underscores and begins with a letter.")
    return _("This key is taken.") if key in holder.value else ""


def _try(request: DeskRequest, change: Any) -> bool:
    """Make a change that has no form of its own; say why where it cannot be."""
    try:
        change()
    except drafts.ChangedMeanwhile:
        said.error(request, _("Somebody else changed this meanwhile. Please look and try again."))
    except drafts.IsPlanned:
        said.error(request, _is_planned())
    except drafts.DoesNotFit as reason:
        said.error(request, " ".join(in_words(one.message) for one in reason.findings))
    else:
        return True
    return False


def _is_planned() -> str:
    return _("The draft waits to be published. Withdraw the plan to go on editing.")


def _form_page(
    request: DeskRequest,
    desk: Desk,
    here: Place,
    form: PartForm,
    homeless: list[str],
    *,
    status: int = 200,
    differing: list[tuple[str, Any]] | None = None,
) -> HttpResponse:
    samples.attach(form, here)
    context = {
        "place": here,
        "form": form,
        "homeless": homeless,
        "differing": differing,
        "current": here.path[0],
        "desk": desk,
        "lists": listing.lists_below(here),
        "names": samples.allowed_names(here) if len(here.path) == 2 else {},
    }
    return render(request, "administration/place.html", context, status)


def _add_page(
    request: DeskRequest,
    desk: Desk,
    holder: Place,
    form: PartForm,
    *,
    key: str = "",
    key_error: str = "",
    homeless: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "place": holder,
        "item": field_words.item(str(holder.path[-1])),
        "form": form,
        "key": key,
        "key_error": key_error,
        "homeless": homeless or [],
        "current": holder.path[0],
        "desk": desk,
    }
    return render(request, "administration/add.html", context, status)
