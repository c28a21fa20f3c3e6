"""Whom a request comes from. Forwarding headers count only when a trusted proxy wrote them."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from derman.lib.env import Misconfigured

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class TrustedProxies:
    """Put the client's own address into REMOTE_ADDR, for limits and access records."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        try:
            self.networks = [ipaddress.ip_network(name) for name in settings.TRUSTED_PROXIES]
        except ValueError as reason:
            raise Misconfigured(f"DERMAN_TRUSTED_PROXIES: {reason}.") from None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        forwarded = {name: meta.pop(name, "") for name in FORWARDED}
        if self._trusts(meta.get("REMOTE_ADDR", "")):
            meta["REMOTE_ADDR"] = self._client(
                forwarded["HTTP_X_FORWARDED_FOR"], meta["REMOTE_ADDR"]
            )
            if forwarded["HTTP_X_FORWARDED_PROTO"] == "https":
                meta["wsgi.url_scheme"] = "https"
                request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]
        return self.get_response(request)

    def _client(self, chain: str, nearest: str) -> str:
        """The last address in the chain that is not a proxy of ours."""
        client = nearest
        for hop in reversed([part.strip() for part in chain.split(",") if part.strip()]):
            if _address(hop) is None:
                break
            client = hop
            if not self._trusts(hop):
                break
        return client

    def _trusts(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self.networks)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
