"""Tokens of other systems: made and shown once, revoked, and when they were last used."""

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from derman.accounts import staff
from derman.accounts.models import CALLS_A_MINUTE, LEAST_CALLS, MOST_CALLS, Token
from derman.administration.frame import DeskRequest, page, render
from derman.administration.memberships import PostForm, posts_of
from derman.words.rights import Role


class TokenForm(PostForm):
    """The name of a system, and what it may do where."""

    name = forms.SlugField(
        label=gettext_lazy("Name of the system"),
        max_length=80,
        help_text=gettext_lazy("Letters, digits, - and _. It is used once."),
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("Calls a minute"),
        min_value=LEAST_CALLS,
        max_value=MOST_CALLS,
        initial=CALLS_A_MINUTE,
        required=False,
        help_text=gettext_lazy("More than these are refused until the next minute."),
    )
    field_order = ["name", "role", "unit", "per_minute"]


@require_http_methods(["GET", "POST"])
@page()
def tokens(request: DeskRequest) -> HttpResponse:
    """All tokens, and the form for a new one, which is shown with the answer and never again."""
    secret = ""
    form = TokenForm(request.POST or None, profile=request.profile.profile)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            secret = staff.make_token(
                said["name"],
                Role(said["role"]),
                said["unit"],
                per_minute=said["per_minute"] or CALLS_A_MINUTE,
                by=request.user,
                at=request.at,
            )
        except staff.CannotChange as reason:
            form.add_error("name", str(reason))
        else:
            form = TokenForm(profile=request.profile.profile)
    found = Token.objects.select_related("user").prefetch_related("user__memberships")
    found = found.order_by(F("revoked_at").desc(nulls_first=True), "name")
    context = {
        "current": "tokens",
        "form": form,
        "secret": secret,
        "lines": [(token, posts_of(token.user, request)) for token in found],
    }
    status = 422 if form.errors else 200
    return render(request, "administration/people/tokens.html", context, status)


@require_POST
@page()
def revoke(request: DeskRequest, token_id: int) -> HttpResponse:
    """End a token."""
    token = Token.objects.filter(pk=token_id).select_related("user").first()
    if token is None:
        raise Http404
    try:
        staff.revoke_token(token, by=request.user, at=request.at)
    except staff.CannotChange as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The token is revoked."))
    return redirect("administration:tokens")
