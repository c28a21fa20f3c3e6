"""Files of a case: adding one, and handing one out as a download that a browser does not run."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.cases import actions, files
from derman.cases.permissions import find_case, find_file
from derman.desk.frame import DeskRequest, page
from derman.desk.verbs.form import VerbForm
from derman.words.life import Verb

SANDBOX = "default-src 'none'; sandbox"


class AttachForm(VerbForm):
    """One more file for the case."""

    noun, verb = "attachments", Verb.NOTE
    title, button = gettext_lazy("Add a file"), gettext_lazy("Add the file")
    icon, done, has_files = "paperclip", gettext_lazy("The file was added."), True

    attachments = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, picture, text or office document, at most 10 MB."),
    )

    def do(self, data: dict[str, Any]) -> object:
        upload = data["attachments"]
        return actions.attach(self.case, upload, name=upload.name, **self.scene.given)


@never_cache
@require_GET
@page(verb=Verb.READ)
def download(request: DeskRequest, number: str, file_id: UUID) -> HttpResponse:
    """The bytes of a file, never shown by the browser itself."""
    case = find_case(request.user, number, verb=Verb.READ, what="attachment", at=request.at)
    found = find_file(case, request.user, file_id)
    try:
        file = files.open_file(file_id)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=found.name, content_type=found.mime)
    response["Content-Length"] = found.size
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponse", response)
