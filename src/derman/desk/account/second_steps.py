"""The pages on which a person sets up the second step: app, passkeys, recovery codes.

allauth's views inside the frame of the desk. Each asks for the password (or another factor) again
where the last time is some minutes ago.
"""

import base64
import json
from collections.abc import Callable
from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCode
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.desk import frame
from derman.ui.forms import CodeInput


class Framed:
    """A page of allauth in the frame of the desk."""

    request: frame.DeskRequest
    template_name: str

    def get_form(self, form_class: Any = None) -> forms.BaseForm:
        form = super().get_form(form_class)  # type: ignore[misc]
        for name, label in LABELS.items():
            if field := form.fields.get(name):
                field.label = label
                field.widget.attrs.pop("placeholder", None)
        if code := form.fields.get("code"):
            code.widget = CodeInput()
        return form

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:
        form = context.get("form")
        status = 422 if form is not None and form.errors else 200
        return frame.render(self.request, self.template_name, context, status)


LABELS = {
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name of the passkey"),
    "passwordless": gettext_lazy("Sign in with it alone, without the password"),
    "password": gettext_lazy("Password"),
}


def framed(view: type) -> Callable[..., HttpResponse]:
    """The view for the list of addresses; open also to those who still need a second factor."""
    shown = frame.page()(view.as_view())  # type: ignore[attr-defined]
    shown.is_before_second_factor = True  # type: ignore[attr-defined]
    return shown


class AddApp(Framed, ActivateTOTPView):
    """Show the secret as a picture and in letters, and ask for a first code."""

    template_name = "desk/account/app.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["secret"] = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
        drawn = base64.b64encode(context.pop("totp_svg").encode()).decode()
        context["picture"] = f"data:image/svg+xml;base64,{drawn}"
        return context

    def get_success_url(self) -> str:
        messages.success(self.request, _("The authenticator app is set up."))
        return _next(self.did_generate_recovery_codes)


class RemoveApp(Framed, DeactivateTOTPView):
    template_name = "desk/account/remove_app.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.request.method == "GET":
            kwargs["data"] = None  # a page that was not sent has no errors to show
        return kwargs


class AddPasskey(Framed, AddWebAuthnView):
    template_name = "desk/account/passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["options"] = json.dumps(context.pop("js_data")["creation_options"])
        return context

    def get_success_url(self) -> str:
        messages.success(self.request, _("The passkey was added."))
        return _next(self.did_generate_recovery_codes)


class RenamePasskey(Framed, EditWebAuthnView):
    template_name = "desk/account/rename_passkey.html"
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(Framed, RemoveWebAuthnView):
    template_name = "desk/account/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            messages.error(
                self.request, _("Your role asks for a second step. Add another one first.")
            )
            return redirect("mfa_index")
        return super().form_valid(form)


class RecoveryCodes(Framed, GenerateRecoveryCodesView):
    """Make new codes and show them this one time; the old ones end."""

    template_name = "desk/account/codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        made = recovery.generate_recovery_codes(self.request)
        context = {"codes": made.wrap().get_unused_codes()}
        return frame.render(self.request, self.template_name, context)


class AgainByPassword(Framed, ReauthenticateView):
    template_name = "desk/account/again.html"


class AgainByCode(Framed, ReauthenticateByCode):
    template_name = "desk/account/again.html"


class AgainByPasskey(Framed, ReauthenticateWebAuthnView):
    template_name = "desk/account/again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["options"] = json.dumps(context.pop("js_data")["request_options"])
        return context

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


def _next(made_codes: bool) -> str:
    """After the first factor, the codes for the day on which it is lost."""
    return reverse("mfa_generate_recovery_codes" if made_codes else "mfa_index")
