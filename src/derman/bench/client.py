"""A small HTTP/1.1 load client: keep-alive connections to loopback that wait as little as they can.

Each connection sends its next request as soon as the answer to the last one is complete. Bounded
by a number of requests and by time.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

LOOPBACK = "127.0.0.1"
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """What to send, complete, and the status that a good answer has."""

    data: bytes
    status: int = 200


@dataclass
class Result:
    """What a run came to: seconds of every answer, errors apart."""

    took: float = 0.0
    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    said: str = ""  # by the first answer that was an error

    @property
    def rps(self) -> float:
        return len(self.seconds) / self.took if self.took else 0.0

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


@dataclass
class Load:
    """How many requests, for how long at most, over how many connections."""

    port: int
    make: Callable[[int], Request]  # by the number of the request
    n: int
    concurrency: int
    seconds: float
    result: Result = field(default_factory=Result)
    sent: int = 0
    ends_at: float = 0.0

    def next(self) -> Request | None:
        if self.sent >= self.n or time.perf_counter() >= self.ends_at:
            return None
        self.sent += 1
        return self.make(self.sent - 1)


class _Connection(asyncio.Protocol):
    def __init__(self, load: Load, done: asyncio.Future[None]) -> None:
        self.load = load
        self.done = done
        self.buffer = b""
        self.length = -1  # of the answer that is being read, its head included

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (asyncio's own promise)
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        if self.length < 0:
            end = self.buffer.find(HEAD_END)
            if end < 0:
                return
            self.length = end + len(HEAD_END) + _body_length(self.buffer[:end])
        if len(self.buffer) >= self.length:
            self._complete()

    def connection_lost(self, reason: Exception | None) -> None:
        if not self.done.done():
            self.load.result.errors += 1
            self.load.result.said = self.load.result.said or "the connection was closed"
            self.done.set_result(None)

    def _complete(self) -> None:
        result = self.load.result
        if int(self.buffer[9:12]) == self.request.status:
            result.seconds.append(time.perf_counter() - self.began)
        else:
            result.errors += 1
            result.said = result.said or self.buffer[:600].decode(errors="replace")
        self.buffer, self.length = b"", -1
        self._send()

    def _send(self) -> None:
        request = self.load.next()
        if request is None:
            self.done.set_result(None)
            self.transport.close()
            return
        self.request = request
        self.began = time.perf_counter()
        self.transport.write(request.data)


def _body_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError("the answer does not say how long it is")


def run(load: Load) -> Result:
    """Do all of it; the answers are in the result."""
    asyncio.run(_run(load))
    return load.result


async def _run(load: Load) -> None:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    load.ends_at = began + load.seconds
    ends = [loop.create_future() for _ in range(load.concurrency)]
    for end in ends:
        await loop.create_connection(partial(_Connection, load, end), LOOPBACK, load.port)
    await asyncio.gather(*ends)
    load.result.took = time.perf_counter() - began


def get(path: str, headers: Mapping[str, str] | None = None) -> Request:
    """A GET."""
    return Request(_head("GET", path, headers or {}) + b"\r\n")


def post(path: str, body: bytes, headers: Mapping[str, str], *, status: int = 201) -> Request:
    """A POST of JSON."""
    more = {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}
    return Request(_head("POST", path, more) + b"\r\n" + body, status)


def _head(verb: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{verb} {path} HTTP/1.1", f"Host: {LOOPBACK}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n").encode()
