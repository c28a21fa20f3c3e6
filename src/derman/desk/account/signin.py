"""Signing in, and what a person chooses for themselves: password, language, what follows a step."""

import json
from typing import Any, cast

from allauth.account.forms import ChangePasswordForm, SetPasswordForm
from allauth.account.views import LoginView
from allauth.decorators import rate_limit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.forms import Form, HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as keep_language

from derman.accounts import oidc, staff
from derman.accounts.adapter import shows_demo
from derman.accounts.models import User
from derman.desk import frame
from derman.desk.account.own import end_other_sessions_after
from derman.desk.frame import DeskRequest
from derman.profile import publishing
from derman.ui.forms import CodeInput, ScriptedField
from derman.words.access import AccessChange
from derman.words.kinds import Language
from derman.words.rights import DEMO_PASSWORD, Role


class SignIn(LoginView):
    """User name and password; in a demo on this machine also its sign-ins."""

    def get_form(self, form_class: Any = None) -> Form:
        form = super().get_form(form_class)
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)  # the label says it
        form.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none"}
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["organisation"] = _organisation()
        if oidc.is_configured():
            context["provider"] = oidc.name()
            context["provider_link"] = reverse("openid_connect_login", args=[oidc.key()])
        if shows_demo(self.request):
            context["demo"] = [{"name": role, "label": _(role.label)} for role in Role]
            context["demo_password"] = DEMO_PASSWORD
        return context


class Code(AuthenticateView):
    """The second step: a code of the app, a recovery code, or a passkey."""

    template_name = "account/code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        form.fields["code"].widget = CodeInput({"autofocus": True})
        form.fields["code"].label = _("Code")
        user = self.stage.login.user
        has_passkey = user.authenticator_set.filter(type="webauthn").exists()
        options = context.pop("js_data")["request_options"]
        context["options"] = json.dumps(options) if has_passkey else ""
        context["organisation"] = _organisation()
        return context

    def form_invalid(self, form: Form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class PasskeyForm(LoginWebAuthnForm):
    """What the browser's passkey answered, or anything else that a stranger sends."""

    credential = ScriptedField(widget=HiddenInput)

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except (AttributeError, KeyError, TypeError, ValueError):  # no answer of a passkey
            raise ValidationError(_("Signing in was not possible.")) from None


class ByPasskey(LoginWebAuthnView):
    """A passkey that signs in alone: it is something one has and something one is or knows."""

    form_class = PasskeyForm

    def form_invalid(self, form: Form) -> HttpResponse:
        messages.error(self.request, _("Signing in was not possible."))
        return redirect("account_login")


@never_cache
@rate_limit(action="reset_password_from_key")
def new_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Set a password by a link that an administrator made; looking at it does not use it up."""
    link = staff.find_password_link(secret, at=timezone.now())
    form = SetPasswordForm(user=link.user if link else None, data=request.POST or None)
    if link and request.method == "POST" and form.is_valid():
        try:
            staff.use_password_link(link, form.cleaned_data["password1"], at=timezone.now())
        except staff.CannotChange as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("The password is set. You can sign in now."))
        return redirect("account_login")
    context = {"form": form, "person": link.user if link else None, "organisation": _organisation()}
    status = 410 if link is None else 422 if form.errors else 200
    return render(request, "account/new_password.html", context, status=status)


@require_POST
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the organisation's identity provider."""
    return OAuth2LoginView.adapter_view(_talk(request, provider_id))(request)


def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it, with a code that is changed for an ID token."""
    return OAuth2CallbackView.adapter_view(_talk(request, provider_id))(request)


def note_link(request: HttpRequest, **_: Any) -> None:
    """Write down that somebody linked the provider to the own account."""
    user = cast("User", request.user)
    staff.record(user, AccessChange.PROVIDER_LINKED, by=user, at=timezone.now())


def _talk(request: HttpRequest, provider_id: str) -> oidc.Talk:
    if not oidc.is_configured() or provider_id != oidc.key():
        raise Http404
    return oidc.Talk(request, provider_id)


def _organisation() -> str:
    """Whose desk this is; nothing before a profile was published."""
    try:
        profile = publishing.current().profile
    except publishing.NotPublished:
        return ""
    return profile.text(profile.organisation.short_name, get_language() or "")


@frame.page()
@rate_limit(action="change_password")
def password(request: DeskRequest) -> HttpResponse:
    """Change one's own password; other sessions of the person end."""
    form = ChangePasswordForm(user=request.user, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        end_other_sessions_after(request, request.user)
        messages.success(request, _("The password was changed."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if form.errors else 200
    return frame.render(request, "desk/signin_password.html", {"form": form}, status)


@require_POST
@frame.page()
def preferences(request: DeskRequest) -> HttpResponse:
    """Keep what should follow a step: the next case, the same one, or the list."""
    choice = request.POST.get("after_verb", "")
    if choice in dict(User._meta.get_field("after_verb").flatchoices):
        User.objects.filter(pk=request.user.pk).update(after_verb=choice)
    back = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(back if own else settings.LOGIN_REDIRECT_URL)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on; for staff wherever they sign in."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in tuple(Language):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return keep_language(request)
