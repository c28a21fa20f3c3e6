"""The load client against a small server: statuses, slow and split answers, closed connections."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from derman.bench import client
from derman.bench.client import Load, Result

ANSWERS = {
    "/good": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "/bad": b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n",
}


class Handler(socketserver.StreamRequestHandler):
    """Answers in two pieces, or not at all under /gone."""

    def handle(self) -> None:
        while head := self.rfile.readline():
            path = head.split()[1].decode()
            while self.rfile.readline().strip():
                pass
            if path == "/gone":
                return
            whole = ANSWERS[path]
            self.wfile.write(whole[:20])
            self.wfile.flush()
            self.wfile.write(whole[20:])


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def port() -> Iterator[int]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(5)


def test_every_request_is_answered_and_timed(port):
    result = client.run(Load(port, lambda _: client.get("/good"), 50, 4, 10.0))

    assert len(result.seconds) == 50
    assert result.errors == 0
    assert result.rps > 0
    assert 0 < result.percentile(0.5) <= result.percentile(0.95)


def test_another_status_is_an_error_and_its_answer_is_kept(port):
    result = client.run(Load(port, lambda n: client.get("/bad" if n else "/good"), 5, 1, 10.0))

    assert (len(result.seconds), result.errors) == (1, 4)
    assert result.said.startswith("HTTP/1.1 500")


def test_a_connection_that_is_closed_ends_its_requests(port):
    result = client.run(Load(port, lambda _: client.get("/gone"), 10, 2, 10.0))

    assert result.errors == 2
    assert result.seconds == []


def test_time_ends_a_run(port):
    result = client.run(Load(port, lambda _: client.get("/good"), 1_000_000, 2, 1.0))

    assert 0 < len(result.seconds) < 1_000_000
    assert result.took < 10


def test_percentiles_are_milliseconds_in_order():
    result = Result(took=2.0, seconds=[n / 1000 for n in range(100, 0, -1)])

    assert result.percentile(0.5) == pytest.approx(51)
    assert result.percentile(0.95) == pytest.approx(96)
    assert result.rps == 50
