"""Whether anything may leave at all: `derman outbox pause`, and after a restore."""

from datetime import datetime

from derman.outbox.models import Switch


def is_paused() -> bool:
    return Switch.objects.exclude(paused_at=None).exists()


def paused_at() -> datetime | None:
    """Since when nothing leaves; None while messages do."""
    return Switch.objects.values_list("paused_at", flat=True).first()


def pause(at: datetime) -> None:
    """Let nothing leave until `resume`; messages go on being queued."""
    Switch.objects.update_or_create(pk=1, defaults={"paused_at": at})


def resume() -> None:
    """Let messages leave again."""
    Switch.objects.update_or_create(pk=1, defaults={"paused_at": None})
