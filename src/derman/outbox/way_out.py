"""The token of the link by which a recipient says that a message is not for them.

It names the message and the contact point, signed; what is done with it is in `disowning`.
"""

import base64
import binascii
from uuid import UUID

from django.core.signing import BadSignature, Signer

from derman.people.models import ContactPoint

SALT = "derman.outbox.disowning"


def token(message_id: UUID, point: ContactPoint) -> str:
    """What the link of this message to this contact holds."""
    value = base64.urlsafe_b64encode(message_id.bytes + point.pk.bytes).decode().rstrip("=")
    return _signer().sign(value)


def read(text: str) -> tuple[UUID, UUID] | None:
    """The message and the contact point, or None for a token that we did not make."""
    try:
        raw = base64.urlsafe_b64decode(_signer().unsign(text) + "==")
        return UUID(bytes=raw[:16]), UUID(bytes=raw[16:])
    except (BadSignature, ValueError, binascii.Error):
        return None


def _signer() -> Signer:
    return Signer(sep=".", salt=SALT)
