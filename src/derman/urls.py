"""Every address, from the folders of the interfaces that own them."""

from pathlib import Path

from allauth.account import views as account
from django.urls import include, path

from derman import health
from derman.desk import signin


def _there(name: str) -> bool:
    return (Path(__file__).parent / name.replace(".", "/") / "urls.py").exists()


handler400 = "derman.ui.views.bad_request"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", signin.set_language, name="set_language"),
    path("sign-in/", signin.SignIn.as_view(), name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
]
for prefix, name in [
    ("ui/", "ui"),
    ("desk/", "desk"),
    ("api/", "api"),
    ("simulator/", "channels.simulator"),
    ("channels/sms/", "channels.sms"),
    ("", "portal"),
]:
    if _there(name):
        urlpatterns.append(path(prefix, include(f"derman.{name}.urls")))
