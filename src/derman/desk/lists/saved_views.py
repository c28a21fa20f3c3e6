"""Pages of the views that people keep: their list, their form, their places in the menu."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from derman.accounts import rights
from derman.accounts.models import User
from derman.desk import frame, worklists
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels
from derman.desk.lists import filter_panel
from derman.desk.worklists import VIEWS, Asked, CountUpTo
from derman.words.life import OPEN_STATES, Verb
from derman.workplace import saved_views
from derman.workplace.models import SavedView
from derman.workplace.models.views import EVERYBODY

INVALID = 422


class ViewForm(forms.Form):
    """A list under a name."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=2000, required=False)
    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=60)
    shared_with = forms.ChoiceField(
        label=gettext_lazy("Who may use it"), required=False, widget=forms.RadioSelect
    )
    pinned = forms.BooleanField(
        label=gettext_lazy("Show it in my menu, with how much is there"), required=False
    )

    def __init__(self, *args: Any, request: DeskRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = Labels.for_reader(request.profile.profile)
        units = sorted(rights.own_units(request.user))
        cast("forms.ChoiceField", self.fields["shared_with"]).choices = [
            ("", _("Only me")),
            *((unit, labels.unit(unit)) for unit in units),
            (EVERYBODY, _("Everybody")),
        ]
        self.fields["name"].error_messages["required"] = _("Enter a name.")

    def clean_query(self) -> str:
        """The address again as this program would write it."""
        return asked_of(self.cleaned_data["query"]).address


def asked_of(query: str) -> Asked:
    """Which list an address means."""
    return worklists.read(QueryDict(query).dict(), default="all")  # type: ignore[arg-type]


@never_cache
@require_GET
@page(verb=Verb.READ)
def views(request: DeskRequest) -> HttpResponse:
    """Own views, shared ones, and those in the menu."""
    pins = saved_views.pins(request.user)
    pinned = {pin.view_id: pin for pin in pins}
    found = saved_views.open_to(request.user).select_related("owner").order_by("name", "id")
    order = {key: place for place, key in enumerate(pinned)}
    listed = sorted(found, key=lambda view: (order.get(view.pk, len(order)), view.name))
    labels = Labels.for_reader(request.profile.profile)
    lines = [
        {
            "view": view,
            "pin": pinned.get(view.pk),
            "is_mine": view.owner_id == request.user.pk,
            "shared": _shared(view, labels),
            "list": VIEWS[asked_of(view.query).view].label,
            "chips": filter_panel.chips(asked_of(view.query), labels),
            "words": asked_of(view.query).query,
            "url": f"{reverse('desk:workbench')}?{view.query}&saved={view.pk}",
        }
        for view in listed
    ]
    context = {"lines": lines, "keys": saved_views.KEYS, "pins": len(pins), "current": "views"}
    return frame.render(request, "desk/views/list.html", context)


def _shared(view: SavedView, labels: Labels) -> str:
    if view.shared_with == EVERYBODY:
        return _("Everybody")
    return labels.unit(view.shared_with) if view.shared_with else _("Only me")


@never_cache
@require_http_methods(["GET", "POST"])
@page(verb=Verb.READ)
def new(request: DeskRequest) -> HttpResponse:
    """Keep the list that the address names."""
    if request.method == "GET":
        asked = worklists.read(request.GET, default="all")
        first = {"query": asked.address, "pinned": True}
        return _form_page(request, ViewForm(initial=first, request=request))
    form = ViewForm(request.POST, request=request)
    if form.is_valid():
        said = form.cleaned_data
        try:
            view = saved_views.keep(
                said["name"], said["query"], shared_with=said["shared_with"],
                owner=request.user, at=request.at, pinned=said["pinned"],
            )  # fmt: skip
        except saved_views.CannotKeep as reason:
            form.add_error(reason.field, str(reason))
        else:
            messages.success(request, _("The view was kept."))
            return redirect(f"{reverse('desk:workbench')}?{view.query}&saved={view.pk}")
    return _form_page(request, form)


@never_cache
@require_http_methods(["GET", "POST"])
@page(verb=Verb.READ)
def view(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Rename an own view, share it, or let it hold another list."""
    found = _shown(request.user, view_id)
    if found.owner_id != request.user.pk:
        return _not_yours(request)
    if request.method == "GET":
        first = {"query": found.query, "name": found.name, "shared_with": found.shared_with}
        return _form_page(request, _without_pin(ViewForm(initial=first, request=request)), found)
    form = _without_pin(ViewForm(request.POST, request=request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            saved_views.change(
                found, name=said["name"], query=said["query"], shared_with=said["shared_with"]
            )
        except saved_views.CannotKeep as reason:
            form.add_error(reason.field, str(reason))
        else:
            messages.success(request, _("The view was changed."))
            return redirect("desk:views")
    return _form_page(request, form, found)


@require_POST
@page(verb=Verb.READ)
def deletion(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Delete an own view."""
    found = _shown(request.user, view_id)
    if found.owner_id != request.user.pk:
        return _not_yours(request)
    saved_views.delete(found)
    messages.success(request, _("The view was deleted."))
    return redirect("desk:views")


@require_POST
@page(verb=Verb.READ)
def pin(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Put a view into the menu, take it out, move it, or give it a key."""
    found = _shown(request.user, view_id)
    wish = request.POST.get("do", "")
    if wish == "pin":
        try:
            saved_views.pin(request.user, found)
        except saved_views.CannotKeep as reason:
            messages.error(request, str(reason))
    elif wish == "unpin":
        saved_views.unpin(request.user, found)
    elif wish in ("up", "down"):
        saved_views.move(request.user, found, -1 if wish == "up" else 1)
    elif wish == "key":
        saved_views.give_key(request.user, found, request.POST.get("key", ""))
    return redirect("desk:views")


@never_cache
@require_GET
@page(verb=Verb.READ)
def counts(request: DeskRequest) -> HttpResponse:
    """How much is in each view of the menu, counted in one query; asked for after the page.

    A view over all cases is not counted: to find that few fit, it would have to read them all.
    """
    wanted = {
        f"n_{place}": CountUpTo(worklists.cases_of(asked, request.user, request.at))
        for place, one in enumerate(saved_views.pins(request.user))
        if is_counted(asked := asked_of(one.view.query))
    }
    found = User.objects.filter(pk=request.user.pk).values(**wanted).first() if wanted else {}
    lines = [
        {"name": f"view-{one.view_id}", "count": count}
        for place, one in enumerate(saved_views.pins(request.user))
        if (count := (found or {}).get(f"n_{place}")) is not None
    ]
    return frame.render(request, "desk/views/counts.html#counts", {"lines": lines})


def is_counted(asked: Asked) -> bool:
    """Whether the list holds open cases alone, which an index counts at once."""
    is_open = asked.view != "all" or asked.filters.get("state") in OPEN_STATES
    return is_open and not asked.query


def _without_pin(form: ViewForm) -> ViewForm:
    del form.fields["pinned"]
    return form


def _shown(user: User, view_id: UUID) -> SavedView:
    found = saved_views.find(user, view_id)
    if found is None:
        raise Http404
    return found


def _not_yours(request: DeskRequest) -> HttpResponse:
    messages.error(request, _("Only its owner changes a view. You can keep one of your own."))
    return redirect("desk:views")


def _form_page(
    request: DeskRequest, form: ViewForm, found: SavedView | None = None
) -> HttpResponse:
    asked = asked_of(str(form["query"].value() or ""))
    labels = Labels.for_reader(request.profile.profile)
    context = {
        "form": form,
        "view": found,
        "list": VIEWS[asked.view].label,
        "words": asked.query,
        "chips": filter_panel.chips(asked, labels),
        "current": "views",
    }
    status = INVALID if form.errors else 200
    return frame.render(request, "desk/views/form.html", context, status)
