"""Mails on their way through a real SMTP server on this machine."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from derman import worker
from derman.channels.email.transport import Mail, Server
from derman.lib.env import Misconfigured
from derman.outbox import transports
from derman.outbox.models import Message
from derman.outbox.transports import Outgoing, Permanent, Temporary, Unconfirmed
from derman.words.kinds import MessageState
from tests import factories

MAIL = Outgoing(
    id=UUID(int=7),
    case_id=UUID(int=8),
    address="ayse@posta.example",
    subject="Başvurunuz kaydedildi: 264 839 172",
    body="Sayın Ayşe Yılmaz,\n\n.Nokta ile başlayan satır\nŞikâyetiniz alındı.",
    language="tr",
)
FROM = "Örnek Gaz <iletisim@ornekgaz.example>"


@pytest.fixture
def mail(mailbox) -> Iterator[Mail]:
    made = Mail(f"smtp://{mailbox.host}:{mailbox.port}", FROM)
    yield made
    made.close()


def test_a_mail_arrives_whole(mail, mailbox):
    accepted = mail.send(MAIL)

    (got,) = mailbox.messages
    assert accepted.ref == "kept"
    assert got["Subject"] == MAIL.subject
    assert got["From"] == FROM
    assert got["To"] == MAIL.address
    assert got["Message-ID"] == f"<{MAIL.id}@ornekgaz.example>"
    assert got["References"] == f"<case-{MAIL.case_id}@ornekgaz.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["X-Auto-Response-Suppress"] == "All"
    assert got.get_content_type() == "text/plain"
    assert got.get_content().split() == MAIL.body.split()


@pytest.mark.django_db
def test_a_case_opened_is_a_mail_in_the_box(mailbox, settings):
    settings.SMTP_URL = f"smtp://{mailbox.host}:{mailbox.port}"
    settings.MAIL_FROM = FROM
    customer = factories.make_customer(phone="", email="ayse@posta.example")
    case = factories.make_case(customer=customer)

    worker.settle(worker.reconcilers(), factories.MONDAY)

    message = Message.objects.get()
    transports.transport("email").close()
    transports.forget()
    assert message.state == MessageState.ACCEPTED
    assert mailbox.messages[0]["Message-ID"] == f"<{message.pk}@ornekgaz.example>"
    assert case.follow_key in mailbox.messages[0].get_content()
    assert case.events.filter(type="acknowledged").exists()


def test_a_repeat_carries_the_same_message_id(mail, mailbox):
    mail.send(MAIL)
    mail.send(MAIL)

    assert mailbox.messages[0]["Message-ID"] == mailbox.messages[1]["Message-ID"]


def test_one_connection_serves_many(mail, mailbox):
    for number in range(20):
        mail.send(replace(MAIL, id=UUID(int=number)))

    assert len(mailbox.messages) == 20
    assert mail.lines.qsize() == 1


def test_many_threads_share_the_connections(mail, mailbox):
    threads = [threading.Thread(target=mail.send, args=[MAIL]) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mailbox.messages) == 16


@pytest.mark.parametrize(
    ("reply", "kind"), [("550 no such user", Permanent), ("450 try later", Temporary)]
)
def test_the_servers_no_is_kept_apart(mail, mailbox, reply, kind):
    mailbox.refused[MAIL.address] = reply

    with pytest.raises(kind, match=reply):
        mail.send(MAIL)

    mailbox.refused.clear()
    mail.send(MAIL)  # the same connection is still good


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: b@posta.example", "a\nb", "=?utf-8?q?=0D=0ABcc:_x?="]
)
def test_no_header_can_be_smuggled_in(mail, mailbox, subject):
    if "\n" in subject:
        with pytest.raises(Permanent):
            mail.send(replace(MAIL, subject=subject))
        assert mailbox.messages == []
        return
    mail.send(replace(MAIL, subject=subject))
    assert mailbox.messages[0]["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "a@posta.example\r\nRCPT TO:<b@posta.example>",
        "a@posta.example, b@posta.example",
        "şule@posta.example",
        "ayse",
        "@",
    ],
)
def test_no_address_reaches_a_second_person(mail, mailbox, address):
    with pytest.raises(Permanent):
        mail.send(replace(MAIL, address=address))

    assert mailbox.messages == []


def test_a_domain_with_other_letters_is_spelt_for_servers(mail, mailbox):
    mail.send(replace(MAIL, address="info@şikâyet.example"))

    assert mailbox.messages[0]["To"].startswith("info@xn--")


def test_a_server_that_is_not_there_is_a_temporary_trouble():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(Temporary) as raised:
        Mail(f"smtp://127.0.0.1:{port}", FROM).send(MAIL)

    assert raised.value.down


def test_a_line_that_breaks_after_the_text_proves_nothing(hanging_up):
    with pytest.raises(Unconfirmed):
        Mail(f"smtp://127.0.0.1:{hanging_up}", FROM).send(MAIL)


@pytest.fixture
def hanging_up() -> Iterator[int]:
    """A server that takes the text and hangs up without a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_take_and_hang_up, args=[listener])
    thread.start()
    yield listener.getsockname()[1]
    thread.join()
    listener.close()


def _take_and_hang_up(listener: socket.socket) -> None:
    caller, _ = listener.accept()
    with caller, caller.makefile("rwb") as line:
        line.write(b"220 hello\r\n")
        line.flush()
        for said in line:
            if said == b".\r\n":
                return
            word = said[:4].upper()
            if word in (b"EHLO", b"MAIL", b"RCPT"):
                line.write(b"250 fine\r\n")
                line.flush()
            elif word == b"DATA":
                line.write(b"354 go on\r\n")
                line.flush()


def test_the_address_of_the_server_is_read():
    server = Server.read("smtp://derman:a%40b@mail.example.org:587?tls=starttls")

    assert (server.host, server.port, server.tls) == ("mail.example.org", 587, "starttls")
    assert (server.user, server.password) == ("derman", "a@b")
    assert "a@b" not in repr(server)


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://127.0.0.1", 25, "none"),
        ("smtp://h:587", 587, "starttls"),
        ("smtp://u:p@h", 25, "starttls"),
        ("smtp://u:p@h?tls=none", 25, "none"),
        ("smtps://h", 465, "ssl"),
    ],
)
def test_no_password_goes_in_the_clear_unasked(url, port, tls):
    server = Server.read(url)

    assert (server.port, server.tls) == (port, tls)


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h?tls=maybe"]
)
def test_a_wrong_address_is_said_at_once(url):
    with pytest.raises(Misconfigured):
        Server.read(url)


def test_mail_needs_a_sender():
    with pytest.raises(Misconfigured):
        Mail("smtp://127.0.0.1", "")
