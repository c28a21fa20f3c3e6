"""What a gateway is told, read from its settings."""

from uuid import UUID

import pytest

from derman.channels.sms.gateway import Gateway
from derman.lib.env import Misconfigured
from derman.outbox.breaker import FAILURES, REST, Breaker
from derman.outbox.transports import Outgoing
from tests.factories import MONDAY

URL = "https://sms.example.org/send"
TEXT = Outgoing(UUID(int=7), UUID(int=8), "+905321234567", "", "Şikâyet", "tr")


def test_pairs_are_read_as_written_and_filled_once():
    gateway = Gateway(URL, fields="msg={{ text }} = {{ text }}&dest={{ digits }}\nfrom=A&b=")

    assert gateway.filled(TEXT) == {
        "msg": "Şikâyet = Şikâyet",
        "dest": "905321234567",
        "from": "A",
        "b": "",
    }


@pytest.mark.parametrize(
    ("body", "shift", "coding"),
    [
        ("Sikayet", "none", "0"),
        ("İşitildi", "none", "2"),
        ("İşitildi", "single", "0"),
        ("Şikâyet", "single", "2"),  # â is in no table
    ],
)
def test_the_coding_follows_the_letters(body, shift, coding):
    gateway = Gateway(URL, fields="c={{ coding }}", shift=shift)

    assert gateway.filled(Outgoing(TEXT.id, TEXT.case_id, "+1", "", body, "tr")) == {"c": coding}


def test_a_foreign_number_has_no_national_form():
    gateway = Gateway(URL, fields="n={{ national }}")

    assert gateway.filled(Outgoing(TEXT.id, TEXT.case_id, "+4930123", "", "x", "de")) == {
        "n": "+4930123"
    }


def test_the_receipt_address_names_the_message():
    gateway = Gateway(URL, fields="d={{ receipt }}%d", receipt_url="http://h/r/?token=t")

    assert gateway.filled(TEXT) == {"d": f"http://h/r/?token=t&id={TEXT.id}&status=%d"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "sms.example.org"},
        {"method": "PUT"},
        {"fields": "to={{ phone }}"},
        {"fields": "to={{ to "},
        {"fields": '{"to": '},
        {"fields": '{"to": "{{ to }}"}', "method": "GET"},
        {"success": "("},
        {"error": "["},
    ],
)
def test_a_wrong_setting_is_said_when_the_worker_starts(wrong):
    with pytest.raises(Misconfigured, match="DERMAN_SMS_"):
        Gateway(**{"url": URL, **wrong})


def test_credentials_are_not_printed():
    assert "geheim" not in repr(Gateway("https://derman:geheim@sms.example.org/"))


def test_a_breaker_opens_after_failures_in_a_row_and_asks_again_later():
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.note(answered=False, at=MONDAY)
    breaker.note(answered=True, at=MONDAY)
    assert breaker.failures == 0
    for _ in range(FAILURES):
        assert breaker.allows(MONDAY)
        breaker.note(answered=False, at=MONDAY)

    assert not breaker.allows(MONDAY + REST / 2)
    assert breaker.allows(MONDAY + REST)
    assert breaker.probing
    breaker.note(answered=True, at=MONDAY + REST)
    assert not breaker.probing
