"""Users: the list, one user's page, and what an administrator does there."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from derman.accounts import factors, oidc, staff
from derman.accounts.models import AccessEvent, Membership, User
from derman.administration.frame import DeskRequest, page, render
from derman.administration.memberships import PostForm, posts_of
from derman.lib.turkish import fold
from derman.words.access import AccessChange
from derman.words.rights import Role

MOST = 100
NEWEST = 30


class UserForm(forms.ModelForm):
    """What is known of a user, and the provider's subject where there is a provider."""

    subject = forms.CharField(
        label=gettext_lazy("Subject at the identity provider"),
        required=False,
        max_length=190,
        help_text=gettext_lazy("Who has this subject there signs in as this user."),
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "language"]
        labels = {
            "username": gettext_lazy("Sign-in name"),
            "first_name": gettext_lazy("First name"),
            "last_name": gettext_lazy("Last name"),
            "email": gettext_lazy("E-mail"),
            "language": gettext_lazy("Language"),
        }
        help_texts = {"username": gettext_lazy("Letters, digits and @ . + - _")}
        widgets = {"language": forms.Select(choices=settings.LANGUAGES)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not oidc.is_configured():
            del self.fields["subject"]

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if name.startswith("service:"):
            raise ValidationError(_("Names that begin so belong to other systems."))
        return name

    def clean_subject(self) -> str:
        subject = self.cleaned_data["subject"].strip()
        if subject and oidc.is_taken(subject, but=self.instance):
            raise ValidationError(_("This subject belongs to another user."))
        return subject

    def details(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


@require_GET
@page()
def users(request: DeskRequest) -> HttpResponse:
    """Who works here, found by name, role and state."""
    wanted = request.GET.get("q", "").strip()[:100]
    role = request.GET.get("role", "")
    state = request.GET.get("state", "active")
    people = User.objects.filter(is_service=False).order_by("first_name", "last_name", "username")
    people = people.filter(is_active=state != "former")
    if role in tuple(Role):
        people = people.filter(memberships__role=role).distinct()
    people = people.prefetch_related(
        Prefetch("memberships", Membership.objects.order_by("role", "unit"))
    )
    found = [one for one in people if not wanted or fold(wanted) in fold(_said(one))]
    with_factor = set(
        Authenticator.objects.filter(type__in=factors.FACTORS).values_list("user_id", flat=True)
    )
    context = {
        "current": "users",
        "lines": [(one, posts_of(one, request), one.pk in with_factor) for one in found[:MOST]],
        "count": len(found),
        "more": len(found) > MOST,
        "wanted": wanted,
        "role": role,
        "state": state,
        "roles": [(one.value, _(one.label)) for one in Role],
        "is_narrowed": bool(wanted or role or state == "former"),
    }
    return render(request, "administration/people/users.html", context)


@require_http_methods(["GET", "POST"])
@page()
def add(request: DeskRequest) -> HttpResponse:
    """A new user; roles and the link for a password follow on the user's page."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = staff.add(form.details(), by=request.user, at=request.at)
        _link(form, made, request)
        messages.success(request, _("The user was added. Give a role and make a link now."))
        return redirect("administration:user", made.pk)
    context = {"current": "users", "form": form}
    return render(request, "administration/people/add.html", context, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page()
def user(request: DeskRequest, user_id: int) -> HttpResponse:
    """One user: what is known, roles, the second step, and what happened to the access."""
    found = _find(user_id)
    initial = {"subject": oidc.subject_of(found) if oidc.is_configured() else ""}
    form = UserForm(request.POST or None, instance=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        fresh = _find(user_id)  # the form has already written into its own
        staff.change(fresh, form.details(), by=request.user, at=request.at)
        _link(form, fresh, request)
        messages.success(request, _("Saved."))
        return redirect("administration:user", user_id)
    return _page(request, user_id, form)


def _page(request: DeskRequest, user_id: int, form: forms.BaseForm, **more: Any) -> HttpResponse:
    found = _find(user_id)
    context = {
        "current": "users",
        "person": found,
        "form": form,
        "posts": posts_of(found, request),
        "post_form": PostForm(profile=request.profile.profile),
        "has_factor": factors.has_one(found),
        "must_have_factor": factors.must_have(found),
        "history": _history(found, request),
        "is_self": found == request.user,
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "administration/people/user.html", context, status)


def _act(verb: Callable[..., object], done: Promise) -> Callable[..., HttpResponse]:
    """The view that does one thing to a user and goes back to the page."""

    @require_POST
    @page()
    def view(request: DeskRequest, user_id: int) -> HttpResponse:
        found = _find(user_id)
        try:
            verb(found, by=request.user, at=request.at)
        except staff.CannotChange as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, str(done))
        return redirect("administration:user", user_id)

    return view


end = _act(staff.end_access, gettext_lazy("The access has ended, and every session with it."))
take_back = _act(staff.give_access_again, gettext_lazy("The access is given again."))
reset_factors = _act(
    staff.reset_factors, gettext_lazy("The second step was reset, and every session ended.")
)


@require_POST
@page()
def password_link(request: DeskRequest, user_id: int) -> HttpResponse:
    """Make a link for a new password and show it this one time."""
    found = _find(user_id)
    try:
        secret = staff.make_password_link(found, by=request.user, at=request.at)
    except staff.CannotChange as reason:
        messages.error(request, str(reason))
        return redirect("administration:user", user_id)
    address = f"{settings.BASE_URL}{reverse('new_password', args=[secret])}"
    initial = {"subject": oidc.subject_of(found) if oidc.is_configured() else ""}
    return _page(request, user_id, UserForm(instance=found, initial=initial), link=address)


def _link(form: UserForm, person: User, request: DeskRequest) -> None:
    if "subject" in form.fields:
        subject = form.cleaned_data["subject"]
        staff.link_provider(person, subject, by=request.user, at=request.at)


def _find(user_id: int) -> User:
    found = User.objects.filter(pk=user_id, is_service=False).first()
    if found is None:
        raise Http404
    return found


def _history(person: User, request: DeskRequest) -> list[tuple[AccessEvent, str, str]]:
    """What happened to the access, the newest first, with role and unit in words."""
    events = AccessEvent.objects.filter(user=person).select_related("by").order_by("-id")
    named = []
    for event in events[:NEWEST]:
        role = event.details.get("role", "")
        about = _(Role(role).label) if role in tuple(Role) else ""
        unit = request.profile.profile.units.get(event.details.get("unit", ""))
        if unit:
            about = f"{about}, {request.profile.profile.text(unit.label, request.user.language)}"
        named.append((event, _(AccessChange(event.type).label), about))
    return named


def _said(person: User) -> str:
    return f"{person.username} {person.get_full_name()} {person.email}"
