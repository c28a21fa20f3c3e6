"""Adding webhooks, and switching them off and on."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from derman.accounts.models import User
from derman.api.models import Delivery, Webhook
from derman.api.webhooks import targets
from derman.api.webhooks.messages import TYPES
from derman.words.kinds import DeliveryState, OffReason

SECRET_BYTES = 32
BOTH = timedelta(days=1)  # in which a receiver can take over a new secret


def add(name: str, url: str, *, types: Sequence[str], by: User | None, at: datetime) -> Webhook:
    """A webhook for these types of message (none: all); Forbidden where it may not lead."""
    targets.check(url)
    known = [type_ for type_ in types if type_ in TYPES.values()]
    return Webhook.objects.create(
        name=name, url=url, types=known, secret=new_secret(), created_at=at, created_by=by
    )


def new_secret() -> str:
    """As Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def renew_secret(webhook: Webhook, *, at: datetime) -> None:
    """Sign with another secret from now on, and for a day with the old one beside it."""
    webhook.old_secret, webhook.old_until = webhook.secret, at + BOTH
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret", "old_secret", "old_until"])


def switch_off(webhook: Webhook, *, at: datetime) -> None:
    """Tell it nothing until it is switched on."""
    webhook.off_at, webhook.off_reason = at, OffReason.HAND
    webhook.save(update_fields=["off_at", "off_reason"])


def switch_on(webhook: Webhook, *, at: datetime) -> None:
    """Tell it again; what still waits goes out now."""
    webhook.off_at, webhook.off_reason = None, ""
    webhook.save(update_fields=["off_at", "off_reason"])
    Delivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).update(next_at=at)
