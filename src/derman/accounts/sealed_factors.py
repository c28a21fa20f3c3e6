"""The secrets of second factors under another key: allauth keeps them sealed inside JSON."""

from collections import Counter
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from derman.accounts.factors import SEALED_FOR
from derman.lib.sealing import VERSION, Keyring

SECRETS = ("secret", "seed")


def count_by_key() -> Counter[str]:
    """How many secrets each key has sealed."""
    return Counter(
        value.split(".", 2)[1]
        for row in Authenticator.objects.all()
        for value in _secrets(row.data).values()
    )


def reseal(ring: Keyring) -> int:
    """Seal anew what another key sealed; return how many secrets that were."""
    done = 0
    for key in list(Authenticator.objects.values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key).first()
            if row is not None:
                done += _reseal(row, ring)
    return done


def _reseal(row: Authenticator, ring: Keyring) -> int:
    stale = {
        name: value
        for name, value in _secrets(row.data).items()
        if value.split(".", 2)[1] != ring.current
    }
    if stale:
        fresh = {
            name: ring.seal(ring.open(value, SEALED_FOR), SEALED_FOR)
            for name, value in stale.items()
        }
        row.data = {**row.data, **fresh}
        row.save(update_fields=["data"])
    return len(stale)


def _secrets(data: dict[str, Any]) -> dict[str, str]:
    found = {name: data.get(name) for name in SECRETS}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, str) and value.startswith(f"{VERSION}.")
    }
