"""The first page of the settings: every section with one line of what it is for."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from derman.administration.frame import DeskRequest, page, render


@require_GET
@page()
def home(request: DeskRequest) -> HttpResponse:
    return render(request, "administration/home.html", {"current": "home"})
