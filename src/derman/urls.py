"""Every address, from the folders of the interfaces that own them."""

from allauth.account import views as account
from django.urls import include, path

from derman import health
from derman.desk import signin

handler400 = "derman.ui.views.bad_request"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", signin.set_language, name="set_language"),
    path("sign-in/", signin.SignIn.as_view(), name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("ui/", include("derman.ui.urls")),
    path("desk/", include("derman.desk.urls")),
    path("settings/", include("derman.administration.urls")),
    path("api/", include("derman.api.urls")),
    path("simulator/", include("derman.channels.simulator.urls")),
    path("channels/sms/", include("derman.channels.sms.urls")),
    path("", include("derman.portal.urls")),
]
