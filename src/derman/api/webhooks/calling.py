"""One call of a webhook: signed, to the address that was checked, without following redirects."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import urllib3
from standardwebhooks import Webhook as Signer

from derman import __version__
from derman.api.webhooks import targets
from derman.api.webhooks.targets import Forbidden, Target

TIMEOUT = urllib3.Timeout(connect=5, read=10)  # seconds
LONGEST_WAIT = timedelta(days=1)  # that a receiver may ask for


@dataclass(frozen=True)
class Answer:
    """What the receiver said: a status, or why there was none."""

    status: int | None
    error: str = ""
    wait: timedelta | None = None  # how long it asks us to wait

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == 410


def call(url: str, secrets: Sequence[str], *, id_: str, body: str, at: datetime) -> Answer:
    """Hand over one message; whatever happens is an answer."""
    try:
        target = targets.check(url)
    except Forbidden as reason:
        return Answer(None, str(reason))
    headers = {
        "Host": target.host if target.port in (80, 443) else f"{target.host}:{target.port}",
        "Content-Type": "application/json",
        "User-Agent": f"Derman/{__version__}",
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(one).sign(id_, at, body) for one in secrets),
    }
    try:
        return _post(target, headers, body, at)
    except (urllib3.exceptions.HTTPError, OSError) as reason:
        return Answer(None, _short(reason))


def _post(target: Target, headers: Mapping[str, str], body: str, at: datetime) -> Answer:
    with _pool(target) as pool:
        response = pool.urlopen(
            "POST",
            target.path,
            body=body.encode(),
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,  # nobody reads what it says
            timeout=TIMEOUT,
        )
        wait = _wait(response.headers.get("Retry-After", ""), at)
        response.close()
    return Answer(response.status, wait=wait)


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
    if not target.secure:
        return urllib3.HTTPConnectionPool(str(target.address), target.port)
    return urllib3.HTTPSConnectionPool(
        str(target.address),
        target.port,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _wait(said: str, at: datetime) -> timedelta | None:
    """Retry-After in seconds or as a date."""
    if not said:
        return None
    try:
        wait = timedelta(seconds=int(said))
    except (ValueError, OverflowError):
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return None
        wait = moment.astimezone(UTC) - at
    return min(max(wait, timedelta()), LONGEST_WAIT)


def _short(reason: Exception) -> str:
    """The kind of error; its text may hold addresses."""
    inner = getattr(reason, "reason", None)
    return type(inner if isinstance(inner, Exception) else reason).__name__
