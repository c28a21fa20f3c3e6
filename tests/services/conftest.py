"""Real gateways on loopback: Kannel with its fake SMS centre, and an SMTP server."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import IO
from urllib.parse import unquote_to_bytes

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.installation import PATIENCE, free_port

FAKE_CENTRE = Path("/usr/lib/kannel/test/fakesmsc")
ARRIVED = re.compile(r"Got message \d+: <(\S+) (\S+) (\S+) (.*)>$", re.MULTILINE)
KANNEL = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = {user}
password = {password}
max-messages = 10
concatenation = true

group = sms-service
keyword = default
text = "-"
"""


@dataclass(frozen=True)
class Text:
    """One part of an SMS as the SMS centre received it."""

    sender: str
    to: str
    coding: str
    text: str


@dataclass(frozen=True)
class Kannel:
    """A gateway that runs: where to send, as whom, and what has arrived."""

    url: str
    user: str
    password: str
    log: Path

    def received(self) -> list[Text]:
        return [
            Text(sender, to, coding, _decoded(coding, content))
            for sender, to, coding, content in ARRIVED.findall(self.log.read_text("latin-1"))
        ]

    def await_received(self, count: int) -> list[Text]:
        wait_until(lambda: len(self.received()) >= count, f"{count} messages at the SMS centre")
        return self.received()


@dataclass
class Mailbox:
    """An SMTP server that keeps what it gets and refuses whom it is told to refuse."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # address: the reply, as "550 no"

    async def handle_RCPT(  # noqa: N802  (aiosmtpd names it so)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        self.messages.append(message_from_bytes(raw, policy=policy.default))  # type: ignore[arg-type]
        return "250 kept"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """An SMTP server on a free port of this machine."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname=box.host, port=box.port, ready_timeout=PATIENCE)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="session")
def kannel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kannel]:
    """Kannel's two boxes and its fake SMS centre."""
    if not FAKE_CENTRE.exists():
        pytest.skip("Kannel's fake SMS centre is not installed (kannel-extras)")
    folder = tmp_path_factory.mktemp("kannel")
    names = ("admin", "box", "centre", "send")
    ports = dict(zip(names, (free_port() for _ in names), strict=True))
    config = folder / "kannel.conf"
    config.write_text(KANNEL.format(**ports, user="derman", password="derman"))
    running: list[subprocess.Popen] = []
    try:
        with (folder / "log").open("wb") as log:
            running.append(_daemon("bearerbox", config, log))
            wait_until(lambda: _listens(ports["box"]), "bearerbox")
            running.append(_daemon("smsbox", config, log))
            wait_until(lambda: _listens(ports["send"]), "smsbox")
        arrivals = folder / "arrivals"
        with arrivals.open("wb") as out:
            command = [FAKE_CENTRE, "-H", "127.0.0.1", "-r", str(ports["centre"]), "-m", "0"]
            # It ends when its standard input does, so that stays open.
            centre = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out)
        running.append(centre)
        # Until both are at the bearerbox it says of a message that it comes later.
        wait_until(lambda: _connected(ports["admin"]), "smsbox and the fake SMS centre")
        url = f"http://127.0.0.1:{ports['send']}/cgi-bin/sendsms"
        yield Kannel(url, "derman", "derman", arrivals)
    finally:
        for process in reversed(running):
            process.terminate()
        for process in reversed(running):
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin:
                process.stdin.close()


def _daemon(name: str, config: Path, log: IO[bytes]) -> subprocess.Popen:
    program = shutil.which(name) or f"/usr/sbin/{name}"
    return subprocess.Popen([program, "-v", "4", str(config)], stdout=log, stderr=log)


def _decoded(coding: str, content: str) -> str:
    raw = unquote_to_bytes(content.replace("+", " ") if coding != "ucs-2" else _spaced(content))
    return raw.decode("utf-16-be" if coding == "ucs-2" else "latin-1")


def _spaced(content: str) -> str:
    """In UCS-2 a space is a zero byte and a plus sign."""
    return content.replace("%00+", "%00%20")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _connected(admin: int) -> bool:
    """Whether the bearerbox has its smsbox and its SMS centre."""
    asked = {"password": "derman"}
    said = requests.get(f"http://127.0.0.1:{admin}/status.txt", params=asked, timeout=PATIENCE).text
    return "Box connections:" in said and "(online " in said


def wait_until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"waited too long for {what}")
        time.sleep(0.05)
