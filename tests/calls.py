"""What the call page sends, and how a test reads what it answers."""

import re
from typing import Any

from django.http import HttpResponse

from tests import factories

URL = "/desk/register/"


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field, as the browser would send it back."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page_of(response))
    assert found, f"no hidden field {name}"
    return found[1]


def call(**changes: Any) -> dict[str, Any]:
    """What the page sends for a short call of somebody who is not on file."""
    said = {
        "do": "register",
        "nonce": "once",
        "relation": "holder",
        "topic": "metering.reading_disputed",
        "description": "Sayaç yanlış okunmuş.",
        "reply_channel": "phone",
        "language": "tr",
        "channel": "phone",
        "name": "Mehmet Demir",
        "phone": "0533 765 43 21",
        "tckn": factories.TCKN,
    }
    return {**said, **changes}
