"""The organisation that a new installation begins with."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from derman.lib import keyfile
from derman.lib.env import Misconfigured
from derman.people import rotation
from derman.profile import folder, presets, publishing
from derman.profile.errors import InvalidProfile
from derman.profile.models import ProfileVersion


def check_keys() -> None:
    """Stop with a plain line where the key file is not this database's."""
    rotation.check(keyfile.current(settings.KEYS_FILE))


def publish(name: str, place: Path | None) -> None:
    """Publish a preset, or the profile in a folder, where nothing is published yet."""
    held = ProfileVersion.objects.order_by("-id").values_list("key", flat=True).first()
    if held == name:
        return
    if held is not None:
        raise Misconfigured(
            f"The database holds the data of {held!r}, not {name!r}: "
            "set DERMAN_PROFILE, or another DERMAN_DATA or DERMAN_DATABASE_URL."
        )
    try:
        profile = folder.load(place or presets.find_folder(name))
    except (InvalidProfile, presets.NoSuchPreset) as reason:
        first, *others = str(reason).splitlines()
        more = f" (and {len(others)} more: derman profile check {name})" if others else ""
        raise Misconfigured(f"The profile {name} cannot be used: {first}{more}") from None
    with override(profile.organisation.language):  # kept as it is, and read by its people
        publishing.publish(profile, by=None, at=datetime.now(UTC), note=_("the first"))
