"""The history of the profile: every version, what it changed, and bringing one back."""

from django import forms
from django.contrib import messages as said
from django.db.models import Max
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from derman.administration import differences, publication
from derman.administration.draft_page import edit_of
from derman.administration.editor import Desk
from derman.administration.frame import DeskRequest, page, render
from derman.administration.part_form import in_words
from derman.lib.numerals import whole
from derman.profile import publishing
from derman.profile.models import ProfileEdit, ProfileVersion

SIZE = 30


class BackForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, widget=forms.Textarea({"rows": 2})
    )


@require_GET
@page()
def versions(request: DeskRequest) -> HttpResponse:
    """Newest first."""
    found = ProfileVersion.objects.select_related("by").defer("document").order_by("-id")
    before = whole(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    shown = list(found[: SIZE + 1])
    context = {
        "current": "versions",
        "versions": shown[:SIZE],
        "older": shown[SIZE - 1].pk if len(shown) > SIZE else None,
        "latest": request.profile.version_id,
    }
    return render(request, "administration/versions.html", context)


@require_GET
@page()
def version(request: DeskRequest, version_id: int) -> HttpResponse:
    return _page(request, version_id, BackForm())


@require_POST
@page()
def bring_back(request: DeskRequest, version_id: int) -> HttpResponse:
    """Publish this version's document as a new version."""
    found = get_object_or_404(ProfileVersion, pk=version_id)
    form = BackForm(request.POST)
    if not form.is_valid():
        return _page(request, version_id, form, status=422)
    try:
        new = publication.bring_back(
            found, by=request.user, at=request.at, note=form.cleaned_data["note"]
        )
    except publishing.CannotPublish as reason:
        form.add_error(None, in_words(reason.args[0]))
        return _page(request, version_id, form, status=409)
    text = _("Version %(old)s is published again, as version %(new)s.")
    said.success(request, text % {"old": found.pk, "new": new.pk})
    return HttpResponseRedirect(reverse("administration:versions"))


def _page(request: DeskRequest, version_id: int, form: BackForm, status: int = 200) -> HttpResponse:
    found = get_object_or_404(ProfileVersion.objects.select_related("by"), pk=version_id)
    before = ProfileVersion.objects.filter(pk__lt=found.pk).aggregate(last=Max("pk"))["last"]
    language = get_language() or "tr"
    edits = ProfileEdit.objects.filter(draft__published_as=found).select_related("by")
    desk = Desk.open()
    context = {
        "current": "versions",
        "version": found,
        "form": form,
        "is_latest": found.pk == request.profile.version_id,
        "before": before,
        "differences": differences.between(
            publishing.version(before), publishing.version(found.pk), language
        )
        if before
        else None,
        "edits": [edit_of(one, desk) for one in edits.order_by("-id")[:50]],
    }
    return render(request, "administration/version.html", context, status)
