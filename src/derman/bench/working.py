"""What the worker does by itself: messages to a gateway, a look at nothing, clocks that are due.

Measured in the bench's own process once the server has ended: all reconcilers of the product, and a
gateway on this machine that takes every message.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from derman import worker
from derman.bench import clocks
from derman.bench.client import Result
from derman.bench.table import Line
from derman.channels.sms.gateway import Gateway
from derman.channels.sms.transport import TextMessages
from derman.outbox import sending, transports

LOOKS = 50
LONGEST = 12.0  # seconds of sending


class _Taken(BaseHTTPRequestHandler):
    """Says yes to every message."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """It has nothing to say."""


def measure() -> list[Line]:
    """All runs; what registering left to be said is what is sent."""
    reconcilers = worker.reconcilers()
    worker.settle(reconcilers, _now())  # the events become messages; no wire has a way out yet
    with _gateway() as url:
        transports.register("sms", TextMessages(Gateway(url)))
        try:
            sent = _send()
        finally:
            transports.forget()
    worker.settle(reconcilers, _now())
    looked = _look()
    return [
        _line("worker, messages", sending.AT_ONCE, sent),
        _line("nothing due", 1, looked),
        _line("due rows", worker.LIMIT, clocks.settle(LONGEST)),
    ]


def _send() -> Result:
    """Rounds of the product's own until nothing waits or the time is over."""
    result, began = Result(), time.monotonic()
    while time.monotonic() - began < LONGEST:
        start = time.monotonic()
        done = sending.send_due(_now(), worker.LIMIT)
        if not done:
            break
        result.seconds += [(time.monotonic() - start) / done] * done
    result.took = time.monotonic() - began
    return result


def _look() -> Result:
    """Every reconciler once, again and again."""
    reconcilers = worker.reconcilers()
    result, began = Result(), time.monotonic()
    for _ in range(LOOKS):
        start = time.monotonic()
        worker.run_round(reconcilers, _now())
        result.seconds.append(time.monotonic() - start)
    result.took = time.monotonic() - began
    return result


@contextmanager
def _gateway() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), _Taken)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_port}/"
    finally:
        served.shutdown()
        served.server_close()


def _line(name: str, at_once: int, result: Result) -> Line:
    return Line(
        name,
        at_once,
        len(result.seconds),
        result.errors,
        round(result.rps, 1),
        round(result.percentile(0.5), 2),
        round(result.percentile(0.95), 2),
    )


def _now() -> datetime:
    return datetime.now(UTC)
