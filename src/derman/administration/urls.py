"""Addresses under /settings/."""

from django.urls import path

from derman.administration import home

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
]
