"""How often somebody may guess, ask for a code, or send reports and files.

Limits hold per address and number, per address, and per number over all addresses, whether the
number exists or not. None of them stands before a single-use link, so a lockout by a stranger
does not lock the applicant out.
"""

import ipaddress
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from derman.audit import guesses
from derman.audit.guesses import Limit
from derman.ui.views import too_many

WINDOW = 15 * 60
PER_PAIR = Limit("track.pair", 5, WINDOW)
PER_ADDRESS = Limit("track.address", 20, WINDOW)
PER_NUMBER = Limit("track.number", 20, WINDOW)
PER_CODE = Limit("track.code", 5, WINDOW)  # wrong codes of one case
SENDING = Limit("track.sending", 3, WINDOW)  # codes sent for one case
SENDING_A_DAY = Limit("track.sending.day", 10, 24 * 3600)
REPORTS = Limit("report.sent", 60, 3600)  # from one address, behind which many may sit
FILES = Limit("report.files", 150, 3600)


def address_of(request: HttpRequest) -> str:
    """Whom to count: the address, of IPv6 its network, which one person has whole."""
    text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def of_number(request: HttpRequest, number: str) -> list[tuple[Limit, str]]:
    """The limits on guessing number and key."""
    address = address_of(request)
    return [(PER_PAIR, f"{address}|{number}"), (PER_ADDRESS, address), (PER_NUMBER, number)]


def of_code(request: HttpRequest, number: str) -> list[tuple[Limit, str]]:
    """The limits on guessing a one-time code."""
    return [(PER_CODE, number), (PER_ADDRESS, address_of(request))]


def of_sending(number: str) -> list[tuple[Limit, str]]:
    """The limits on asking for codes."""
    return [(SENDING, number), (SENDING_A_DAY, number)]


def of_reports(request: HttpRequest) -> list[tuple[Limit, str]]:
    """The limit on sending reports: wide enough for a village behind one address."""
    return [(REPORTS, address_of(request))]


def of_files(request: HttpRequest) -> list[tuple[Limit, str]]:
    """The limit on laying files beside reports that may never be sent."""
    return [(FILES, address_of(request))]


def count(limits: list[tuple[Limit, str]], at: datetime) -> None:
    for limit, who in limits:
        guesses.count(limit, who, at=at)


def refusal(
    request: HttpRequest, limits: list[tuple[Limit, str]], at: datetime
) -> HttpResponse | None:
    """The page that says to wait, when one of the limits is used up; always as many queries."""
    over = [limit for limit, who in limits if guesses.is_over(limit, who, at=at)]
    if not over:
        return None
    wait = max(limit.seconds - int(at.timestamp()) % limit.seconds for limit in over)
    return too_many(request, timedelta(seconds=wait))
