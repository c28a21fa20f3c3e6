"""Text messages handed to an HTTP gateway that answers as gateways do."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from derman.channels.sms.gateway import Gateway
from derman.channels.sms.transport import TextMessages
from derman.outbox.transports import Outgoing, Permanent, Temporary, Unconfirmed

TEXT = Outgoing(
    id=UUID(int=7),
    case_id=UUID(int=8),
    address="+905321234567",
    subject="",
    body="Örnek Gaz: şikâyetiniz alındı & kaydedildi. 100% {{ to }}",
    language="tr",
)


@dataclass
class Provider:
    """A gateway: the answers it will give, and what it was asked."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0
    hang_up: bool = False


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            given = json.loads(body) if body.startswith("{") else _first(parse_qs(body))
            self._answer(given)

        def do_GET(self) -> None:
            self._answer(_first(parse_qs(urlsplit(self.path).query)))

        def _answer(self, given: dict[str, object]) -> None:
            made.asked.append(given)
            if made.hang_up:
                self.close_connection = True
                return
            time.sleep(made.slow)
            code, text = made.answers.pop(0) if made.answers else (200, "OK 4711")
            self.send_response(code)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/send"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def _first(query: dict[str, list[str]]) -> dict[str, object]:
    return {name: values[0] for name, values in query.items()}


@pytest.fixture
def send(provider):
    """Send TEXT through a gateway spoken to in this dialect."""
    made: list[TextMessages] = []

    def call(message: Outgoing = TEXT, **dialect: object):
        gateway = Gateway(**{"url": provider.url, "sender": "ORNEKGAZ", **dialect})
        made.append(TextMessages(gateway))
        return made[-1].send(message)

    yield call
    for transport in made:
        transport.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_text_arrives_to_the_letter(provider, send, method):
    send(method=method)

    assert provider.asked == [
        {"to": TEXT.address, "text": TEXT.body, "from": "ORNEKGAZ", "id": str(TEXT.id)}
    ]


def test_a_json_dialect_is_filled_at_its_places(provider, send):
    fields = json.dumps(
        {
            "msgheader": "{{ from }}",
            "encoding": "tr",
            "messages": [{"msg": "{{ text }}", "no": "{{ national }}"}],
        }
    )
    send(fields=fields)

    assert provider.asked[0]["messages"] == [{"msg": TEXT.body, "no": "05321234567"}]
    assert provider.asked[0]["encoding"] == "tr"


def test_the_providers_reference_is_kept(provider, send):
    assert send(success=r"^OK (?P<ref>\d+)").ref == "4711"


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (200, "ERR 40 wrong number", Permanent),
        (200, "ERR 85 too fast", Temporary),
        (200, "maintenance page", Unconfirmed),
        (202, "ERR 40", Permanent),
        (302, "", Temporary),
        (400, "bad", Permanent),
        (401, "who are you", Temporary),
        (429, "slow down", Temporary),
        (500, "oops", Temporary),
        (502, "no upstream", Unconfirmed),
        (503, "busy", Temporary),
        (504, "upstream silent", Unconfirmed),
    ],
)
def test_an_answer_is_read_for_what_it_says(provider, send, status, text, kind):
    provider.answers.append((status, text))

    with pytest.raises(kind, match=str(status)):
        send(success=r"^OK", error=r"^ERR (?:(?P<temporary>85)|\d+)")


def test_the_wait_that_a_gateway_asks_for_is_heard(provider, send):
    provider.answers.append((429, ""))
    provider.headers["Retry-After"] = "120"

    with pytest.raises(Temporary) as raised:
        send()

    assert raised.value.after == 120


def test_a_gateway_that_does_not_answer_has_perhaps_taken_it(provider, send):
    provider.slow = 2.0

    with pytest.raises(Unconfirmed):
        send(timeout=1)


def test_a_line_that_breaks_proves_nothing(provider, send):
    provider.hang_up = True

    with pytest.raises(Unconfirmed):
        send()


def test_a_gateway_that_is_not_there_has_taken_nothing(send, provider):
    with pytest.raises(Temporary) as raised:
        send(url="http://derman:secret@127.0.0.1:9/")

    assert raised.value.down
    assert "secret" not in str(raised.value)


def test_what_is_no_number_is_not_sent(provider, send):
    with pytest.raises(Permanent):
        send(replace(TEXT, address="153"))

    assert provider.asked == []


def test_many_threads_share_the_transport(provider):
    transport = TextMessages(Gateway(url=provider.url))
    threads = [
        threading.Thread(
            target=lambda: [transport.send(replace(TEXT, id=UUID(int=n))) for n in range(10)]
        )
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    transport.close()

    assert len(provider.asked) == 160
