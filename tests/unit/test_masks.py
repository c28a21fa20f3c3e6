"""Masks hide what they should and leave other numbers alone."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.identifiers import is_tckn
from derman.lib.masks import mask_email, mask_in_text, mask_phone, mask_tckn


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+905321234567", "0532 ••• •• 67"),
        ("0532 123 45 67", "0532 ••• •• 67"),
        ("02121530000", "(0212) ••• •• 00"),
        ("+4930901820", "+49 30 ••••20"),
        ("444 1 444", "••• • •44"),
        ("153", "153"),
        ("0532 12", "•••• 12"),
        ("evde yok", "•••• •ok"),
        ("yok", "•••"),
        ("", ""),
    ],
)
def test_mask_phone(number, masked):
    assert mask_phone(number) == masked


def test_mask_tckn():
    assert mask_tckn("17291716060") == "172•••••60"
    assert mask_tckn("4540536920") == "454•••••20"
    assert mask_tckn("1729") == "••••"
    assert mask_tckn("") == ""


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("ayse@ornek.com", "a•••@ornek.com"),
        ("a@ornek.com", "a•••@ornek.com"),
        ('"a@b"@ornek.com', '"•••@ornek.com'),
        ("@ornek.com", "@•••••"),
        ("ayse", "••••"),
        ("", ""),
    ],
)
def test_mask_email(address, masked):
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("TCKN 17291716060.", "TCKN 172•••••60."),
        ("TCKN: 172 917 160 60, ev", "TCKN: 172•••••60, ev"),
        ("5 17291716060 3", "5 172•••••60 3"),
        ("no17291716060x", "no172•••••60x"),
        ("17291716061", "17291716061"),
        ("117291716060", "117291716060"),
        ("Tel 0532 123 45 67.", "Tel 0532 ••• •• 67."),
        ("tel:05321234567", "tel:0532 ••• •• 67"),
        ("(0532) 123 45 67", "0532 ••• •• 67"),
        ("+90 532 123 45 67", "0532 ••• •• 67"),
        ("00905321234567", "0532 ••• •• 67"),
        ("532.123.45.67", "0532 ••• •• 67"),
        ("0212 153 00 00", "(0212) ••• •• 00"),
        ("(0212) 153 00 00", "(0212) ••• •• 00"),
        ("TR33 0006 1005 1978 6457 8413 26 nolu hesap", "TR•••••26 nolu hesap"),
        ("tr330006100519786457841326", "tr•••••26"),
        ("IBAN DE89370400440532013000", "IBAN DE•••••00"),
        ("GB82 WEST 1234 5698 7654 32", "GB•••••32"),
        ("TR33 0006 1005 1978 6457 8413 27", "TR33 0006 1005 1978 6457 8413 27"),
        ("kart 4111 1111 1111 1111", "kart •••••1111"),
        ("5555-5555-5555-4444", "•••••4444"),
        ("378282246310005", "•••••0005"),
        ("4111111111111112", "4111111111111112"),
    ],
)
def test_mask_in_text(text, masked):
    assert mask_in_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Başvuru no 264 839 172, sözleşme 1002003004, sayaç 20194455.",
        "5.12.2026 saat 17:30, 1.250,75 TL, 3 gün, 41.0082, 28.9784",
        "153 ve 186 numaralarını aradım, 444 1 444 meşgul.",
        "Atatürk Cad. No: 12/5 34000",
        "",
    ],
)
def test_other_numbers_stay(text):
    assert mask_in_text(text) == text


def test_several_in_one_text():
    text = "Ben 17291716060, eşim 10000000146; 0532 123 45 67 / 0533 765 43 21, 17291716060"
    masked = mask_in_text(text)
    assert masked == (
        "Ben 172•••••60, eşim 100•••••46; 0532 ••• •• 67 / 0533 ••• •• 21, 172•••••60"
    )


def identity_number(random: Random) -> str:
    base = str(random.randrange(10**8, 10**9))
    return next(n for last in range(100) if is_tckn(n := f"{base}{last:02d}"))


@given(st.integers(), st.text(alphabet=st.characters(exclude_categories=["Nd"])), st.booleans())
def test_no_identity_number_survives_between_words(seed, around, spaced):
    number = identity_number(Random(seed))
    shown = " ".join((number[:3], number[3:6], number[6:9], number[9:])) if spaced else number
    assert shown not in mask_in_text(f"{around}{shown}{around}")


def test_few_order_numbers_are_masked_by_mistake():
    random = Random(7)
    numbers = [str(random.randrange(10 ** (n - 1), 10**n)) for n in (7, 8, 9, 12, 14, 16) * 500]
    wrong = sum(mask_in_text(f"Sipariş {n} gelmedi") != f"Sipariş {n} gelmedi" for n in numbers)
    assert wrong / len(numbers) <= 0.01


@given(st.text())
def test_text_without_digits_stays(text):
    if not any(letter.isdigit() for letter in text):
        assert mask_in_text(text) == text


def test_a_very_long_text_of_digits_takes_no_age():
    assert len(mask_in_text("1 " * 50_000)) == 100_000
    assert mask_in_text("TR12" * 10_000)
