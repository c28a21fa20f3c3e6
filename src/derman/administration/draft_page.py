"""The draft as a whole: what it changes, what is wrong with it, who wrote it; publishing it."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages as said
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from derman.administration import differences, places, publication
from derman.administration.editor import Desk
from derman.administration.frame import DeskRequest, page, render
from derman.administration.part_form import in_words
from derman.administration.publication import NotNow, Refusal
from derman.profile import drafts, publishing
from derman.profile.models import EditKind, ProfileDraft, ProfileEdit

MOST_EDITS = 50

REFUSED = {
    Refusal.NO_DRAFT: gettext_lazy("Nothing was changed, so there is nothing to publish."),
    Refusal.BEHIND: gettext_lazy(
        "Something else was published since this draft began. Take it over first."
    ),
    Refusal.FINDINGS: gettext_lazy("Put right what is listed as a problem first."),
    Refusal.IN_USE: gettext_lazy("Keys that cases or people name are missing. Retire these:"),
    Refusal.PAST: gettext_lazy("Choose a moment to come."),
}
EDITS = {
    EditKind.CHANGED: gettext_lazy("changed"),
    EditKind.ADDED: gettext_lazy("added"),
    EditKind.MOVED: gettext_lazy("moved"),
    EditKind.REMOVED: gettext_lazy("removed"),
    EditKind.IMPORTED: gettext_lazy("imported a whole profile"),
    EditKind.UPDATED: gettext_lazy("took over what was published meanwhile"),
}


class PublishForm(forms.Form):
    """When, and why."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[("now", gettext_lazy("Now")), ("later", gettext_lazy("At a moment to come"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    publish_at = forms.DateTimeField(
        label=gettext_lazy("Moment"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "w-20"}, "%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Stands in the list of versions."),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("when") == "later" and not data.get("publish_at") and not self.errors:
            self.add_error("publish_at", _("Enter a day and a time."))
        return data


@dataclass(frozen=True)
class Problem:
    where: str
    message: str
    url: str


@dataclass(frozen=True)
class Edit:
    by: str
    at: datetime
    what: str
    where: str


@require_GET
@page()
def draft(request: DeskRequest) -> HttpResponse:
    return _page(request, PublishForm())


@require_POST
@page()
def publish(request: DeskRequest) -> HttpResponse:
    """Publish the draft, now or at the moment that was chosen."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    note, later = form.cleaned_data["note"], form.cleaned_data["when"] == "later"
    try:
        if later:
            moment = form.cleaned_data["publish_at"]
            publication.plan(publish_at=moment, by=request.user, at=request.at, note=note)
        else:
            publication.publish(by=request.user, at=request.at, note=note)
    except NotNow as reason:
        form.add_error(None, " ".join([str(REFUSED[reason.refusal]), *reason.keys]))
        return _page(request, form, status=409)
    if later:
        said.success(request, _("Planned. It may be withdrawn until then."))
    else:
        said.success(request, _("Published. Everybody works with it within seconds."))
    address = "draft" if later else "versions"
    return HttpResponseRedirect(reverse(f"administration:{address}"))


@require_POST
@page()
def withdraw(request: DeskRequest) -> HttpResponse:
    publication.withdraw()
    said.success(request, _("Withdrawn. The draft may be edited again."))
    return HttpResponseRedirect(reverse("administration:draft"))


@require_POST
@page()
def catch_up(request: DeskRequest) -> HttpResponse:
    """Take over what was published since the draft began."""
    try:
        clashes = drafts.catch_up(by=request.user, at=request.at)
    except drafts.IsPlanned:
        said.error(request, _("The draft waits to be published. Withdraw the plan first."))
    else:
        said.success(request, _("What was published meanwhile is in the draft now."))
        desk = Desk.open()
        for path in clashes:
            place = _name(path, desk)
            text = _("Both changed %(place)s; the draft keeps its own.") % {"place": place}
            said.warning(request, text)
    return HttpResponseRedirect(reverse("administration:draft"))


@require_POST
@page()
def discard(request: DeskRequest) -> HttpResponse:
    try:
        drafts.discard(at=request.at)
    except drafts.IsPlanned:
        said.error(request, _("The draft waits to be published. Withdraw the plan first."))
    else:
        said.success(request, _("The draft is thrown away. What is published stands."))
    return HttpResponseRedirect(reverse("administration:draft"))


def _page(request: DeskRequest, form: PublishForm, status: int = 200) -> HttpResponse:
    desk = Desk.open()
    published = publishing.version(publishing.current().version_id)
    context = {
        "current": "draft",
        "desk": desk,
        "form": form,
        "draft": desk.edited.draft,
        "is_behind": _is_behind(desk),
        "differences": differences.between(published, desk.edited.profile, desk.scene.language),
        "problems": [_problem(finding.path, finding.message, desk) for finding in desk.findings],
        "edits": _edits(desk) if desk.edited.draft else [],
    }
    return render(request, "administration/draft.html", context, status)


def _is_behind(desk: Desk) -> bool:
    return desk.edited.base.pk != publishing.current().version_id


def _problem(path: tuple[str | int, ...], message: str, desk: Desk) -> Problem:
    url = places.nearest_url(path, desk.edited.document, desk.scene)
    return Problem(_name(path, desk), in_words(message), url)


def _name(path: tuple[str | int, ...], desk: Desk) -> str:
    """The way to a place in words, as far as it leads."""
    return differences.way(path, desk.edited.document, desk.scene)


def _edits(desk: Desk) -> list[Edit]:
    found = ProfileEdit.objects.filter(draft=desk.edited.draft).select_related("by")
    return [edit_of(one, desk) for one in found.order_by("-id")[:MOST_EDITS]]


def edit_of(edit: ProfileEdit, desk: Desk) -> Edit:
    steps = tuple(int(step) if step.isdecimal() else step for step in edit.path.split("/") if step)
    what = str(EDITS[EditKind(edit.kind)])
    return Edit(
        str(edit.by or _("The command")), edit.at, what, _name(steps, desk) if steps else ""
    )


def refusal_text(draft: ProfileDraft) -> str:
    """Why a plan was not carried out."""
    return str(REFUSED[Refusal(draft.refusal)]) if draft.refusal else ""
