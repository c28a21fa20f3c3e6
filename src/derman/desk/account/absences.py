"""Being away: entered for oneself, with a colleague who covers."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from derman.accounts import absence, staff
from derman.accounts.models import Absence, User
from derman.desk import frame
from derman.desk.days import DayField
from derman.desk.frame import DeskRequest
from derman.desk.people import Colleagues


class AbsenceForm(forms.Form):
    """Who covers, and from when until when."""

    cover = Colleagues(
        label=gettext_lazy("Who covers"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Colleagues who have the same role."),
    )
    starts_on = DayField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput({"type": "date", "class": "w-10"}, "%Y-%m-%d"),
    )
    ends_on = DayField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput({"type": "date", "class": "w-10"}, "%Y-%m-%d"),
    )

    def offer(self, covers: Any) -> None:
        """Let these be chosen to cover."""
        cast("Colleagues", self.fields["cover"]).queryset = covers

    def enter(self, user: User, request: DeskRequest) -> bool:
        """Write it down; False, with the reason at the form, where it cannot be."""
        said = self.cleaned_data
        days = (said["starts_on"], said["ends_on"])
        try:
            absence.enter(user, said["cover"], *days, by=request.user, at=request.at)
        except staff.CannotChange as reason:
            self.add_error(None, str(reason))
            return False
        return True


@require_http_methods(["GET", "POST"])
@frame.page()
def absent(request: DeskRequest) -> HttpResponse:
    """Enter days on which one is away."""
    form = AbsenceForm(request.POST or None)
    form.offer(absence.may_cover(request.user))
    if request.method == "POST" and form.is_valid() and form.enter(request.user, request):
        messages.success(request, _("Your absence is entered."))
        return redirect("mfa_index")
    status = 422 if form.errors else 200
    return frame.render(request, "desk/account/absence.html", {"form": form}, status)


@require_POST
@frame.page()
def back(request: DeskRequest, absence_id: int) -> HttpResponse:
    """Back sooner, or not away after all."""
    found = Absence.objects.filter(pk=absence_id, user=request.user).first()
    if found is None:
        raise Http404
    absence.end(found, by=request.user, at=request.at)
    messages.success(request, _("The absence is ended."))
    return redirect("mfa_index")
