from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "derman.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_set_index, sender=self)


def _set_index(using: str, **_: Any) -> None:
    from django.db import connections

    from derman.cases import search_index

    search_index.install(connections[using])
