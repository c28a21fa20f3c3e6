"""The gateways that this lane starts do what the other tests take for granted."""

import smtplib
from email.message import EmailMessage

import requests

from tests.installation import PATIENCE


def test_kannel_delivers_turkish_letters_whole(kannel):
    before = len(kannel.received())
    answer = requests.get(
        kannel.url,
        params={
            "username": kannel.user, "password": kannel.password, "from": "DERMAN",
            "to": "905321234567", "text": "Başvurunuz İletildi: ışğ", "coding": "2",
            "charset": "UTF-8",
        },
        timeout=PATIENCE,
    )  # fmt: skip
    assert answer.status_code == 202
    assert answer.text.startswith("0: Accepted")
    assert kannel.await_received(before + 1)[-1].text == "Başvurunuz İletildi: ışğ"


def test_the_mailbox_keeps_and_refuses(mailbox):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "Şikâyet"
    mail.set_content("Merhaba\n")
    mailbox.refused["nobody@example.org"] = "550 no such user"

    with smtplib.SMTP(mailbox.host, mailbox.port) as client:
        refused = client.sendmail(
            "a@example.org", ["b@example.org", "nobody@example.org"], mail.as_bytes()
        )

    assert refused["nobody@example.org"][0] == 550
    assert mailbox.messages[0]["Subject"] == "Şikâyet"
