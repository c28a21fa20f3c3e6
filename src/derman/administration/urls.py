"""Addresses under /settings/."""

from django.urls import path

from derman.administration import editor, home, samples

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("profile/<path:where>/", editor.place, name="place"),
    path("add/<path:where>/", editor.add, name="add"),
    path("move/<path:where>/", editor.move, name="move"),
    path("removal/<path:where>/", editor.remove, name="remove"),
    path("sample/<str:language>/<path:where>/", samples.sample, name="sample"),
]
