"""Handing text messages to the gateway, and reading its answer."""

import re
from typing import NoReturn

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from derman.channels.sms.gateway import Gateway
from derman.outbox.transports import Accepted, Outgoing, Permanent, Temporary, Unconfirmed

CONNECT = 5.0  # seconds until the gateway picks up
CONNECTIONS = 16
BEFORE_SPEAKING = (NewConnectionError, ConnectTimeoutError, NameResolutionError)
NOT_OUR_MESSAGE = (401, 403, 404, 405, 407, 408, 429)  # it would refuse every message now
IN_BETWEEN = (502, 504)  # said by a machine before the gateway, which does not know


class TextMessages:
    """The transport. Without a gateway that recognises repeats nothing is sent twice."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.repeatable = gateway.repeatable
        self.session = requests.Session()
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS, pool_block=True)
        self.session.mount("http://", adapter)
        self.session.mount("https://", adapter)

    def send(self, message: Outgoing) -> Accepted:
        """Call the gateway once."""
        if not message.address.startswith("+"):
            raise Permanent("This is no phone number in international form.")
        try:
            answer = self._call(message)
        except requests.ConnectTimeout as reason:
            raise Temporary(_words(reason), down=True) from None
        except requests.Timeout:
            raise Unconfirmed("The gateway did not answer in time.") from None
        except requests.ConnectionError as reason:
            _raise_connection(reason)
        except requests.RequestException as reason:
            raise Unconfirmed(_words(reason)) from None
        return _read(answer, self.gateway)

    def close(self) -> None:
        """Hang up."""
        self.session.close()

    def _call(self, message: Outgoing) -> requests.Response:
        gateway = self.gateway
        fields = gateway.filled(message)
        how = "params" if gateway.method == "GET" else "json" if gateway.is_json else "data"
        content: dict[str, object] = {how: fields}
        return self.session.request(
            gateway.method,
            gateway.url,
            timeout=(CONNECT, gateway.timeout),
            allow_redirects=False,  # a message goes where it was told to, nowhere else
            **content,  # type: ignore[arg-type]
        )


def _read(answer: requests.Response, gateway: Gateway) -> Accepted:
    """What the gateway said: its patterns first, its status code where they say nothing."""
    text = answer.content[:10_000].decode("utf-8", "replace")
    said = f"{answer.status_code} {' '.join(text.split())[:200]}"
    if gateway.error and (match := re.search(gateway.error, text)):
        if match.groupdict().get("temporary") is not None:
            raise Temporary(said)
        raise Permanent(said)
    if answer.ok and answer.status_code < 300:
        match = re.search(gateway.success, text)
        if match is None:
            raise Unconfirmed(said)
        return Accepted(ref=match.groupdict().get("ref") or "")
    raise _refusal(answer, said)


def _refusal(answer: requests.Response, said: str) -> Exception:
    code = answer.status_code
    if code in IN_BETWEEN:
        return Unconfirmed(said)
    if code >= 500 or code < 400 or code in NOT_OUR_MESSAGE:
        return Temporary(said, after=_wanted_wait(answer), down=True)
    return Permanent(said)


def _wanted_wait(answer: requests.Response) -> int:
    wanted = answer.headers.get("Retry-After", "")
    return int(wanted) if wanted.isdecimal() else 0


def _raise_connection(reason: requests.ConnectionError) -> NoReturn:
    """A line that broke before we spoke is a clear no; one that broke later is not."""
    cause = getattr(reason.args[0] if reason.args else None, "reason", None)
    if isinstance(cause, BEFORE_SPEAKING) or isinstance(reason, requests.exceptions.SSLError):
        raise Temporary("No connection to the gateway.", down=True) from None
    raise Unconfirmed("The connection to the gateway broke.") from None


def _words(reason: Exception) -> str:
    """What kind of failure it was; the text would hold the address with its credentials."""
    return f"The call to the gateway failed ({type(reason).__name__})."
