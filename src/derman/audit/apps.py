from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "derman.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # SQLite drops triggers when a migration rebuilds a table, so they are set after each run.
        post_migrate.connect(_set_triggers, sender=self)


def _set_triggers(using: str, **_: Any) -> None:
    from django.db import connections

    from derman.audit import triggers

    triggers.install(connections[using])
