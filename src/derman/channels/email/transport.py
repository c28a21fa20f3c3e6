"""Handing mails to an SMTP server. A repeat carries the same Message-ID, so it is recognised."""

import contextlib
import queue
import smtplib
import ssl
import time
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from derman.channels.email.message import compose, envelope_address, sender_of
from derman.lib.env import Misconfigured
from derman.outbox.transports import Accepted, Outgoing, Permanent, Temporary, Unconfirmed

TIMEOUT = 20.0  # seconds for every answer of the server
IDLE = 5.0  # a connection that rested longer is asked first whether it still lives
KEPT = 16  # connections
PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION = 587
SECURITY = ("none", "starttls", "ssl")


@dataclass(frozen=True)
class Server:
    """Where and how: `smtp://user:password@host:587` (STARTTLS), `smtps://host`, `…?tls=none`."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "none"

    @classmethod
    def read(cls, url: str) -> "Server":
        """Read DERMAN_SMTP_URL."""
        parts = urlsplit(url)
        tls = parse_qs(parts.query).get("tls", [_usual_tls(parts)])[0]
        if parts.scheme not in PORTS or not parts.hostname or tls not in SECURITY:
            raise Misconfigured(
                "DERMAN_SMTP_URL must look like smtp://user:password@host:587 or smtps://host "
                "(and may end in ?tls=none, starttls or ssl)."
            )
        port = parts.port or PORTS["smtps" if tls == "ssl" else "smtp"]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, user, password, tls)


def _usual_tls(parts: SplitResult) -> str:
    """Never a password in the clear, unless somebody asks for `tls=none`."""
    if parts.scheme == "smtps":
        return "ssl"
    return "starttls" if parts.username or parts.port == SUBMISSION else "none"


@dataclass
class _Line:
    """An open connection and when it was used last."""

    smtp: smtplib.SMTP
    used_at: float


class Mail:
    """The transport. Connections are kept and shared by the sending threads, one at a time."""

    repeatable = True

    def __init__(self, url: str, mail_from: str) -> None:
        self.server = Server.read(url)
        self.mail_from = mail_from
        self.sender = sender_of(mail_from)
        self.lines: queue.LifoQueue[_Line] = queue.LifoQueue(maxsize=KEPT)

    def send(self, message: Outgoing) -> Accepted:
        """Hand one mail over; the server's last word decides."""
        to = envelope_address(message.address)
        content = _composed(message, self.mail_from)
        line = self._take()
        try:
            accepted = _hand_over(line.smtp, self.sender, to, content)
        except (Permanent, Temporary):
            self._keep(line)
            raise
        except BaseException:
            line.smtp.close()
            raise
        self._keep(line)
        return accepted

    def close(self) -> None:
        """Hang up on all kept connections."""
        while True:
            try:
                line = self.lines.get_nowait()
            except queue.Empty:
                return
            with contextlib.suppress(smtplib.SMTPException, OSError):
                line.smtp.quit()
            line.smtp.close()

    def _take(self) -> _Line:
        """A connection that lives."""
        while True:
            try:
                line = self.lines.get_nowait()
            except queue.Empty:
                return _Line(_connect(self.server), time.monotonic())
            if time.monotonic() - line.used_at < IDLE or _lives(line.smtp):
                return line
            line.smtp.close()

    def _keep(self, line: _Line) -> None:
        line.used_at = time.monotonic()
        try:
            if line.smtp.sock is None:
                return
            line.smtp.rset()
            self.lines.put_nowait(line)
        except (queue.Full, smtplib.SMTPException, OSError):
            line.smtp.close()


def _composed(message: Outgoing, mail_from: str) -> bytes:
    try:
        return compose(message, mail_from)
    except ValueError as reason:  # BadHeaderError: a line break where a header would begin
        raise Permanent(str(reason)) from None


def _connect(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if server.tls == "ssl":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        if server.tls == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as reason:
        if smtp is not None:
            smtp.close()
        raise Temporary(f"No connection to the mail server: {_words(reason)}", down=True) from None
    return smtp


def _lives(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _hand_over(smtp: smtplib.SMTP, sender: str, to: str, content: bytes) -> Accepted:
    try:
        code, reply = smtp.mail(sender)
        if code != 250:  # it would refuse every mail of ours: somebody has to look
            raise Temporary(_said(code, reply), down=True)
        code, reply = smtp.rcpt(to)
        _require(code, reply, fine=(250, 251))
    except (OSError, smtplib.SMTPException) as reason:
        smtp.close()
        raise Temporary(_words(reason), down=True) from None
    try:
        code, reply = smtp.data(content)
    except smtplib.SMTPDataError as reason:  # refused before a word was said
        _require(reason.smtp_code, reason.smtp_error, fine=())
    except (OSError, smtplib.SMTPException) as reason:
        raise Unconfirmed(_words(reason)) from None
    _require(code, reply, fine=(250,))
    return Accepted(ref=_text(reply))


def _require(code: int, reply: bytes | str, *, fine: tuple[int, ...]) -> None:
    if code in fine:
        return
    if 500 <= code < 600:
        raise Permanent(_said(code, reply))
    raise Temporary(_said(code, reply), down=code == 421)


def _said(code: int, reply: bytes | str) -> str:
    return f"{code} {_text(reply)}"


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _words(reason: Exception) -> str:
    return " ".join(str(reason).split()) or type(reason).__name__
