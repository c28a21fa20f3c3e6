"""Phone numbers of every shape: read what can be read, keep the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.identifiers import parse_phone


@pytest.mark.parametrize(
    "raw",
    [
        *("0532 123 45 67", "5321234567", "+905321234567", "0090 532 123 45 67", "905321234567"),
        *("+90 (532) 123-45-67", "0532.123.45.67", "٠٥٣٢١٢٣٤٥٦٧", " 0532-123-4567. "),
        *("tel: 0532 123 45 67 (eşim)", "0532 123 45 67 / 0533 123 45 67", "0532 123 45 67 d. 12"),
    ],
)
def test_a_mobile_number_is_read_in_any_shape(raw):
    phone = parse_phone(raw)
    assert (phone.e164, phone.kind, phone.raw) == ("+905321234567", "mobile", raw)
    assert phone.national == "0532 123 45 67"
    assert phone.key == "+905321234567"


@pytest.mark.parametrize(
    ("raw", "e164", "kind", "national"),
    [
        ("0212 153 00 00", "+902121530000", "fixed", "(0212) 153 00 00"),
        ("0212 153 00 00 dahili 12", "+902121530000", "fixed", "(0212) 153 00 00"),
        ("02121530000 ext. 12", "+902121530000", "fixed", "(0212) 153 00 00"),
        ("0850 222 33 44", "+908502223344", "fixed", "0850 222 3344"),
        ("444 1 444", "+904441444", "uan", "444 1 444"),
        ("0800 211 00 11", "+908002110011", "service", "0800 211 0011"),
        ("153", None, "service", "153"),
        ("1 8 6", None, "service", "186"),
        ("6616", None, "service", "6616"),
        ("+49 30 901820", "+4930901820", "fixed", "+49 30 901820"),
        ("+1 650 253 0000", "+16502530000", "mobile", "+1 650-253-0000"),
        ("0599 123 45 67", "+905991234567", "mobile", "0599 123 45 67"),
        ("+90 999 123 45 67", "+909991234567", "unknown", "9991234567"),
        ("1234567", None, "unknown", "1234567"),
        ("0532 123 45", None, "unknown", "0532 123 45"),
        ("yok", None, "unknown", "yok"),
        ("  bilmiyorum \n", None, "unknown", "bilmiyorum"),
        ("", None, "unknown", ""),
        ("0" * 300, None, "unknown", "0" * 300),
    ],
)
def test_parse_phone(raw, e164, kind, national):
    phone = parse_phone(raw)
    assert (phone.e164, phone.kind, phone.national, phone.raw) == (e164, kind, national, raw)


def test_the_region_decides_how_a_number_without_country_is_read():
    assert parse_phone("030 901820", "DE").e164 == "+4930901820"
    assert parse_phone("0532 123 45 67", "DE").e164 != "+905321234567"
    assert parse_phone("+90 532 123 45 67", "DE").national == "+90 532 123 45 67"


def test_unreadable_numbers_are_compared_by_their_digits():
    assert parse_phone("0532 123 45").key == parse_phone("0532-12345").key == "053212345"


@given(st.text())
def test_nothing_typed_is_refused_or_lost(raw):
    phone = parse_phone(raw)
    assert phone.raw == raw
    if phone.e164:
        assert parse_phone(phone.e164).e164 == phone.e164


@given(st.text(alphabet="0123456789 +-()/.", max_size=20))
def test_what_looks_like_a_number_is_stable(raw):
    phone = parse_phone(raw)
    if phone.e164:
        assert parse_phone(phone.e164).key == phone.key
