from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OutboxConfig(AppConfig):
    name = "derman.outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_set_triggers, sender=self)


def _set_triggers(using: str, **_: Any) -> None:
    from django.db import connections

    from derman.outbox import waking

    waking.install(connections[using])
