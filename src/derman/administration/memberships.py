"""Roles in units: given and taken on a user's page, and all of them by unit."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from derman.accounts import staff
from derman.accounts.models import Membership, User
from derman.administration.frame import DeskRequest, page, render
from derman.desk.labels import Labels
from derman.profile.schema import Profile
from derman.words.rights import Role


@dataclass(frozen=True)
class Post:
    """A role in a unit, in words."""

    id: int
    role: str
    unit: str


class PostForm(forms.Form):
    """A role, and the unit in which it holds."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)

    def __init__(self, *args: object, profile: Profile, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        labels = Labels.for_reader(profile)
        self.fields["role"].choices = [(one.value, _(one.label)) for one in Role]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("everywhere")), *labels.units()]  # type: ignore[attr-defined]


def posts_of(user: User, request: DeskRequest) -> list[Post]:
    """The user's roles in words."""
    labels = Labels.for_reader(request.profile.profile)
    return [
        Post(
            post.pk,
            _(Role(post.role).label),
            labels.unit(post.unit) if post.unit else _("everywhere"),
        )
        for post in user.memberships.all()
    ]


@require_GET
@page()
def memberships(request: DeskRequest) -> HttpResponse:
    """Every unit with its people, also the units that nobody belongs to."""
    labels = Labels.for_reader(request.profile.profile)
    people: dict[str, list[tuple[User, str]]] = {"": []}
    people |= {key: [] for key, _label in labels.units()}
    found = Membership.objects.filter(user__is_active=True, user__is_service=False)
    for post in found.select_related("user").order_by("user__first_name", "user__last_name"):
        people.setdefault(post.unit, []).append((post.user, _(Role(post.role).label)))
    lines = [
        (labels.unit(key) if key else _("Everywhere"), members) for key, members in people.items()
    ]
    context = {"current": "memberships", "lines": lines}
    return render(request, "administration/people/memberships.html", context)


@require_POST
@page()
def give(request: DeskRequest, user_id: int) -> HttpResponse:
    """Give a user a role in a unit."""
    user = User.objects.filter(pk=user_id, is_service=False).first()
    if user is None:
        raise Http404
    form = PostForm(request.POST, profile=request.profile.profile)
    if not form.is_valid():
        messages.error(request, _("Choose a role and a unit."))
        return redirect("administration:user", user_id)
    role, unit = Role(form.cleaned_data["role"]), form.cleaned_data["unit"]
    try:
        staff.give_post(user, role, unit, by=request.user, at=request.at)
    except staff.CannotChange as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The role was given."))
    return redirect("administration:user", user_id)


@require_POST
@page()
def take(request: DeskRequest, user_id: int, post_id: int) -> HttpResponse:
    """Take a role away."""
    post = Membership.objects.filter(pk=post_id, user_id=user_id, user__is_service=False).first()
    if post is None:
        raise Http404
    try:
        staff.take_post(post, by=request.user, at=request.at)
    except staff.CannotChange as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The role was taken away."))
    return redirect("administration:user", user_id)
