"""Signing in by the organisation's own identity provider (OpenID Connect).

The rule: nobody becomes a user by it. An administrator makes the user; then either the person
links the provider on the own account page, having signed in another way, or the administrator
enters the subject that the provider has for them. A person is known by issuer and subject alone,
never by an e-mail address or a name, and nothing but the subject is kept.
"""

import hashlib
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from derman.accounts.models import User

PROVIDER = "openid_connect"


def is_configured() -> bool:
    """Whether there is a provider to sign in by."""
    return bool(settings.OIDC_ISSUER)


def key() -> str:
    """The provider's key, made of its issuer: another issuer's subjects are other people."""
    return "oidc-" + hashlib.sha256(settings.OIDC_ISSUER.encode()).hexdigest()[:24]


def name() -> str:
    """What people call it."""
    return settings.OIDC_NAME or _("the organisation's sign-in")


def subject_of(user: User) -> str:
    """What the provider calls the user; empty where they are not linked."""
    found = SocialAccount.objects.filter(user=user, provider=key()).first()
    return found.uid if found else ""


def is_taken(subject: str, *, but: User) -> bool:
    """Whether the subject signs in as somebody else."""
    return (
        SocialAccount.objects.filter(provider=key(), uid=subject).exclude(user_id=but.pk).exists()
    )


def link(user: User, subject: str) -> None:
    """Let the provider's subject sign in as the user; an empty one ends that.

    Raises ValidationError where the subject belongs to somebody else.
    """
    if is_taken(subject, but=user):
        raise ValidationError(_("This subject belongs to another user."))
    SocialAccount.objects.filter(user=user, provider=key()).exclude(uid=subject).delete()
    if subject:
        SocialAccount.objects.get_or_create(provider=key(), uid=subject, defaults={"user": user})


class Linking(DefaultSocialAccountAdapter):
    """The one provider of the settings; no sign-up; an address is never believed."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Only what the environment says: no row of a table makes a provider."""
        wanted = provider in (None, PROVIDER, key()) and client_id in (None, settings.OIDC_CLIENT)
        return [_app()] if is_configured() and wanted else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return "/desk/account/"

    def is_email_verified(self, provider: Any, email: str) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return False


def _app() -> SocialApp:
    return SocialApp(
        provider=PROVIDER,
        provider_id=key(),
        name=name(),
        client_id=settings.OIDC_CLIENT,
        secret=settings.OIDC_SECRET,
        settings={
            "server_url": settings.OIDC_ISSUER,
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,
            "scope": ["openid"],
        },
    )


class Talk(OpenIDConnectOAuth2Adapter):
    """The conversation with the provider, where allauth would trust and keep more than we do."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; it must be the issuer of the settings."""
        config = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("the document names another issuer")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("the answer holds no ID token")
        login = super().complete_login(request, app, token, **kwargs)
        login.account.extra_data = {}
        login.email_addresses = []
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Checked by its signature always, also where it came by a connection of our own."""
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
