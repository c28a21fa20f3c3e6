"""What a gateway wants to hear and how it says yes, read from DERMAN_SMS_….

DERMAN_SMS_FIELDS names the parameters: `to={{ to }}&text={{ text }}&from={{ from }}`, or a JSON
document whose texts hold the names. Names: to (E.164), digits (without +), national (0532…), text,
from, id (our reference), coding (0: plain letters, 2: others), receipt (an address that takes the
delivery report; append what the gateway puts for the status).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from derman.lib import fill, sms
from derman.lib.env import Misconfigured
from derman.outbox.transports import Outgoing

FIELDS = "to={{ to }}&text={{ text }}&from={{ from }}&id={{ id }}"
NAMES = frozenset({"to", "digits", "national", "text", "from", "id", "coding", "receipt"})
TURKEY = "+90"


@dataclass(frozen=True)
class Gateway:
    """One gateway's dialect."""

    url: str = field(repr=False)  # it may hold credentials
    method: str = "POST"
    fields: str = FIELDS
    sender: str = ""
    success: str = ""  # a pattern; its group `ref` is the provider's reference
    error: str = ""  # a pattern; its group `temporary` means: try later
    timeout: int = 10
    repeatable: bool = False  # recognises a repeat by our id
    shift: sms.Shift = "single"  # "none": it lacks the Turkish table
    receipt_url: str = field(default="", repr=False)

    @classmethod
    def from_settings(cls) -> "Gateway":
        """As the environment says."""
        token = settings.SMS_RECEIPT_TOKEN
        receipts = f"{settings.BASE_URL}/channels/sms/receipt/?token={token}" if token else ""
        return cls(
            url=settings.SMS_URL,
            method=settings.SMS_METHOD.upper(),
            fields=settings.SMS_FIELDS or FIELDS,
            sender=settings.SMS_FROM,
            success=settings.SMS_SUCCESS,
            error=settings.SMS_ERROR,
            timeout=settings.SMS_TIMEOUT,
            repeatable=settings.SMS_REPEATABLE,
            shift="none" if settings.SMS_SHIFT == "none" else "single",
            receipt_url=receipts,
        )

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise Misconfigured("DERMAN_SMS_URL must begin with http:// or https://.")
        if self.method not in ("GET", "POST"):
            raise Misconfigured("DERMAN_SMS_METHOD must be GET or POST.")
        asked = {name for text in _texts(self.template) for name in fill.names_in(text)}
        unknown = sorted(asked - NAMES)
        if unknown:
            raise Misconfigured(
                f"DERMAN_SMS_FIELDS holds {unknown[0]!r}; it knows {', '.join(sorted(NAMES))}."
            )
        for name, pattern in (("SUCCESS", self.success), ("ERROR", self.error)):
            try:
                re.compile(pattern)
            except re.error as reason:
                raise Misconfigured(f"DERMAN_SMS_{name} is no pattern ({reason}).") from None
        if self.is_json and self.method == "GET":
            raise Misconfigured("DERMAN_SMS_FIELDS as JSON needs DERMAN_SMS_METHOD=POST.")

    @property
    def is_json(self) -> bool:
        return self.fields.lstrip().startswith(("{", "["))

    @cached_property
    def template(self) -> Any:
        """The fields as written: a JSON document, or pairs of name and text."""
        if not self.is_json:
            parts = [part for part in re.split(r"[&\n]", self.fields) if part.strip()]
            pairs = [part.partition("=") for part in parts]
            return {name.strip(): text.strip() for name, _, text in pairs}
        try:
            return json.loads(self.fields)
        except ValueError as reason:
            raise Misconfigured(f"DERMAN_SMS_FIELDS is no JSON ({reason}).") from None

    def filled(self, message: Outgoing) -> Any:
        """The fields for one message."""
        return _filled(self.template, self._values(message))

    def _values(self, message: Outgoing) -> dict[str, str]:
        to = message.address
        return {
            "to": to,
            "digits": to.lstrip("+"),
            "national": "0" + to.removeprefix(TURKEY) if to.startswith(TURKEY) else to,
            "text": message.body,
            "from": self.sender,
            "id": str(message.id),
            "coding": "2" if sms.measure(message.body, self.shift).encoding == "ucs2" else "0",
            "receipt": self._receipt(message.id),
        }

    def _receipt(self, id_: UUID) -> str:
        return f"{self.receipt_url}&id={id_}&status=" if self.receipt_url else ""


def _texts(template: Any) -> Iterator[str]:
    match template:
        case str():
            yield template
        case list():
            for item in template:
                yield from _texts(item)
        case dict():
            for item in template.values():
                yield from _texts(item)


def _filled(template: Any, values: dict[str, str]) -> Any:
    match template:
        case str():
            return fill.fill(template, values)
        case list():
            return [_filled(item, values) for item in template]
        case dict():
            return {name: _filled(item, values) for name, item in template.items()}
        case _:
            return template
