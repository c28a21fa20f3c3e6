"""An outgoing message as RFC 5322 text, plain, with the files that go with it.

Django refuses line breaks in its headers.

The return path is our own address: an undelivered mail comes back to a mailbox that somebody
reads. Loops cannot start, because no well-behaved machine answers `Auto-Submitted` mail (RFC 3834).
"""

import re
from email.utils import parseaddr

from django.core.mail import EmailMessage

from derman.lib.env import Misconfigured
from derman.outbox.transports import Outgoing, Permanent

LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
AUTOMATIC = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
}


def sender_of(text: str) -> str:
    """The bare address of DERMAN_MAIL_FROM, which may also hold a name."""
    address = parseaddr(text)[1]
    if "@" not in address.strip("@"):
        raise Misconfigured(
            f"DERMAN_MAIL_FROM must be an address such as info@example.org, not {text!r}."
        )
    return address


def compose(message: Outgoing, mail_from: str) -> bytes:
    """The whole mail, with the Message-ID that stays the same for every try."""
    domain = sender_of(mail_from).rpartition("@")[2]
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=mail_from,
        to=[envelope_address(message.address)],
        headers={
            **AUTOMATIC,
            "Message-ID": f"<{message.id}@{domain}>",
            # Mails about one case belong together, wherever the first of them is.
            "References": f"<case-{message.case_id}@{domain}>",
            "Content-Language": message.language,
        },
    )
    for file in message.enclosures:
        mail.attach(file.name, file.data, file.mime)
    return mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def envelope_address(address: str) -> str:
    """The address as every mail server takes it; a domain with other letters in its ASCII form."""
    local, _, domain = address.rpartition("@")
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(plain):
        raise Permanent("This is no address that a mail server takes.")
    return f"{local}@{plain}"
