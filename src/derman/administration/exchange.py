"""The whole profile as files: taken out as a zip, brought back into the draft."""

from django import forms
from django.contrib import messages as said
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from derman.administration.frame import DeskRequest, page, render
from derman.profile import archive, drafts, publishing
from derman.profile.errors import InvalidProfile
from derman.profile.models import ProfileVersion
from derman.profile.schema import Profile

LARGEST = 5 * 1024 * 1024  # bytes, packed


class ImportForm(forms.Form):
    archive = forms.FileField(
        label=gettext_lazy("Zip file"),
        help_text=gettext_lazy("The folder of a profile, packed: as it is exported here."),
        widget=forms.FileInput({"accept": ".zip,application/zip"}),
    )

    def clean_archive(self):
        packed = self.cleaned_data["archive"]
        if packed.size > LARGEST:
            raise forms.ValidationError(_("This file is larger than a profile can be."))
        return packed


@require_http_methods(["GET", "POST"])
@page()
def exchange(request: DeskRequest) -> HttpResponse:
    """Export and import; what is wrong with an import is said file by file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    errors: list[str] = []
    if request.method == "POST":
        if form.is_valid():
            errors = _bring_in(request, form)
            if not errors and form.is_valid():
                said.success(request, _("Imported into the draft. Look at what it changes."))
                return HttpResponseRedirect(reverse("administration:draft"))
        return _page(request, form, errors, status=422)
    return _page(request, ImportForm(), errors)


def _bring_in(request: DeskRequest, form: ImportForm) -> list[str]:
    """What keeps the file from being taken; nothing where it is in the draft now."""
    try:
        profile = archive.unpack(form.cleaned_data["archive"].read())
    except archive.NotAnArchive:
        return [_("This is no zip file of a profile.")]
    except InvalidProfile as reason:
        return [str(error) for error in reason.errors]
    own = request.profile.profile.key
    if profile.key != own:
        return [
            _("This is the profile of %(other)s; the data here are of %(own)s.")
            % {"other": profile.key, "own": own}
        ]
    try:
        drafts.replace(profile, by=request.user, at=request.at)
    except drafts.IsPlanned:
        return [_("The draft waits to be published. Withdraw the plan first.")]
    return []


def _page(
    request: DeskRequest, form: ImportForm, errors: list[str], status: int = 200
) -> HttpResponse:
    context = {"current": "exchange", "form": form, "errors": errors}
    return render(request, "administration/exchange.html", context, status)


@require_GET
@page()
def export_draft(request: DeskRequest) -> HttpResponse:
    return _download(drafts.current().profile, "draft")


@require_GET
@page()
def export_version(request: DeskRequest, version_id: int) -> HttpResponse:
    if not ProfileVersion.objects.filter(pk=version_id).exists():
        raise Http404
    return _download(publishing.version(version_id), str(version_id))


def _download(profile: Profile, what: str) -> HttpResponse:
    answer = HttpResponse(archive.pack(profile), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{profile.key}-{what}.zip"'
    return answer
