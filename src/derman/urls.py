"""Every address, from the folders of the interfaces that own them."""

from django.urls import include, path

from derman import health, metrics

handler400 = "derman.ui.views.bad_request"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("derman.desk.urls_signin")),
    path("ui/", include("derman.ui.urls")),
    path("desk/", include("derman.desk.urls")),
    path("settings/", include("derman.administration.urls")),
    path("api/", include("derman.api.urls")),
    path("simulator/", include("derman.channels.simulator.urls")),
    path("channels/sms/", include("derman.channels.sms.urls")),
    path("", include("derman.portal.urls")),
]
