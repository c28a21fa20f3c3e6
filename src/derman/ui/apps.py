"""The Django app that carries the house's templates, static files and tags."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "derman.ui"
    label = "ui"
