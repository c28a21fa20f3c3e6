"""Where a webhook may go: never into a private network, whatever name or number hides it.

A name is resolved once and the connection is made to the address that was checked, so that it
cannot mean something else a moment later. Operators name the private networks to which they do
want to go in DERMAN_WEBHOOK_NETWORKS; only there plain http is allowed.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
GLOBAL = IPv6Network("2000::/3")  # all public addresses of IPv6 lie in here
PORTS = {"https": 443, "http": 80}


class Forbidden(Exception):
    """The address may not be called; the message is fit for whoever entered it."""


UNREADABLE = _("Enter an address such as https://example.org/derman.")
ONLY_HTTPS = _("The address must begin with https://.")
UNKNOWN = _("No machine is known under this name. Check it.")
PRIVATE = _(
    "This address leads into a private network. Choose a public one, or let the operator allow "
    "the network."
)


@dataclass(frozen=True)
class Target:
    """A checked address: whom to connect to, and whom to ask for there."""

    secure: bool
    host: str
    port: int
    path: str
    address: Address


def check(url: str) -> Target:
    """Resolve the address and look at every machine that it may mean."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise Forbidden(str(UNREADABLE)) from None
    if not host or not port or parts.username is not None or parts.password is not None:
        raise Forbidden(str(UNREADABLE))
    found = _resolve(host, port)
    wanted = [address for address in found if not _is_named(address)]
    if any(not _is_public(address) for address in wanted):
        raise Forbidden(str(PRIVATE))
    if parts.scheme != "https" and wanted:
        raise Forbidden(str(ONLY_HTTPS))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port, path, found[0])


def _resolve(host: str, port: int) -> list[Address]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Forbidden(str(UNKNOWN)) from None
    return [ip_address(str(row[4][0]).partition("%")[0]) for row in rows]


def _is_named(address: Address) -> bool:
    """Whether the operator allows this network."""
    plain = _embedded(address)
    return any(plain in network for network in settings.WEBHOOK_NETWORKS)


def _is_public(address: Address) -> bool:
    plain = _embedded(address)
    if isinstance(plain, IPv6Address) and plain not in GLOBAL:
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def _embedded(address: Address) -> Address:
    """The IPv4 address inside of an IPv6 one that only wraps it."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
