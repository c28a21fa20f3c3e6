"""Addresses of signing in and of the own account.

allauth looks most of them up by its own names, so they stand outside the desk's namespace.
"""

from allauth.account import views as account_views
from django.urls import path

from derman.desk.account import own, second_steps, signin
from derman.desk.account.second_steps import framed

ACCOUNT = "desk/account/"
PASSKEY = ACCOUNT + "passkeys/"
PROVIDER = "sign-in/provider/<slug:provider_id>/"

urlpatterns = [
    path("language/", signin.set_language, name="set_language"),
    path("sign-in/", signin.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", signin.Code.as_view(), name="mfa_authenticate"),
    path("sign-in/password/<str:secret>/", signin.new_password, name="new_password"),
    path("sign-in/passkey/", signin.ByPasskey.as_view(), name="mfa_login_webauthn"),
    path(PROVIDER, signin.to_provider, name="openid_connect_login"),
    path(PROVIDER + "callback/", signin.from_provider, name="openid_connect_callback"),
    path("sign-out/", account_views.logout, name="account_logout"),
    path(ACCOUNT, own.account, name="mfa_index"),
    path(ACCOUNT + "app/", framed(second_steps.AddApp), name="mfa_activate_totp"),
    path(ACCOUNT + "app/removal/", framed(second_steps.RemoveApp), name="mfa_deactivate_totp"),
    path(
        ACCOUNT + "codes/", framed(second_steps.RecoveryCodes), name="mfa_generate_recovery_codes"
    ),
    path(PASSKEY, framed(second_steps.AddPasskey), name="mfa_add_webauthn"),
    path(PASSKEY + "<int:pk>/name/", framed(second_steps.RenamePasskey), name="mfa_edit_webauthn"),
    path(
        PASSKEY + "<int:pk>/removal/",
        framed(second_steps.RemovePasskey),
        name="mfa_remove_webauthn",
    ),
    path(ACCOUNT + "again/", framed(second_steps.AgainByPassword), name="account_reauthenticate"),
    path(ACCOUNT + "again/code/", framed(second_steps.AgainByCode), name="mfa_reauthenticate"),
    path(
        ACCOUNT + "again/passkey/",
        framed(second_steps.AgainByPasskey),
        name="mfa_reauthenticate_webauthn",
    ),
]
