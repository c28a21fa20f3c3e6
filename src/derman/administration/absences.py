"""Absences of everybody: entered for somebody who is ill, ended when they are back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from derman.accounts import absence
from derman.accounts.models import Absence, User
from derman.administration.frame import DeskRequest, page, render
from derman.desk.account.absences import AbsenceForm
from derman.desk.people import Colleagues
from derman.words.rights import Place


class OthersAbsence(AbsenceForm):
    """Whose absence it is, too."""

    user = Colleagues(label=gettext_lazy("Who is away"), queryset=User.objects.none())
    field_order = ["user", "cover", "starts_on", "ends_on"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        working = User.objects.filter(is_active=True, is_service=False)
        self.fields["user"].queryset = working  # type: ignore[attr-defined]
        self.offer(working)


@require_http_methods(["GET", "POST"])
@page(Place.ABSENCES)
def absences(request: DeskRequest) -> HttpResponse:
    """Who is away now or will be, and the form for another absence."""
    form = OthersAbsence(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and form.enter(form.cleaned_data["user"], request):
        messages.success(request, _("The absence is entered."))
        return redirect("administration:absences")
    today = absence.day_of(request.at, request.profile.profile)
    known = Absence.objects.filter(ends_on__gte=today).select_related("user", "cover")
    context = {
        "current": "absences",
        "form": form,
        "lines": list(known.order_by("starts_on", "user__first_name")),
        "today": today,
    }
    status = 422 if form.errors else 200
    return render(request, "administration/people/absences.html", context, status)


@require_POST
@page(Place.ABSENCES)
def end(request: DeskRequest, absence_id: int) -> HttpResponse:
    """End an absence."""
    found = Absence.objects.filter(pk=absence_id).first()
    if found is None:
        raise Http404
    absence.end(found, by=request.user, at=request.at)
    messages.success(request, _("The absence is ended."))
    return redirect("administration:absences")
