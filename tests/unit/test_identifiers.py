"""Identity and tax numbers, e-mail addresses, case numbers and follow keys."""

from random import Random, SystemRandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.identifiers import (
    CROCKFORD,
    group_number,
    is_tckn,
    is_vkn,
    new_follow_key,
    new_number,
    normalise_email,
    read_follow_key,
    read_number,
    read_tckn,
    read_vkn,
)

numbers = st.builds(
    lambda seed, digits: new_number(Random(seed), digits), st.integers(), st.sampled_from([9, 12])
)


def other_digit(digits: str, place: int, add: int) -> str:
    return f"{digits[:place]}{(int(digits[place]) + add) % 10}{digits[place + 1 :]}"


# TCKN and VKN


def test_well_formed_identity_numbers():
    assert is_tckn("17291716060")
    assert is_tckn("10000000146")
    assert is_vkn("4540536920")
    assert is_vkn("0010010016") is (sum(vkn_terms("001001001")) % 10 == 4)


def vkn_terms(base: str) -> list[int]:
    """The published rule, term by term."""
    terms = []
    for place, digit in enumerate(base, start=1):
        first = (int(digit) + 10 - place) % 10
        terms.append(9 if first == 9 else first * 2 ** (10 - place) % 9)
    return terms


@given(st.integers(0, 10**9 - 1))
def test_each_base_has_one_tax_number(base):
    digits = f"{base:09d}"
    check = (10 - sum(vkn_terms(digits)) % 10) % 10
    assert [is_vkn(f"{digits}{last}") for last in range(10)] == [
        last == check for last in range(10)
    ]


@given(st.integers(10**8, 10**9 - 1))
def test_each_base_has_one_identity_number(base):
    d = [int(digit) for digit in str(base)]
    tenth = ((d[0] + d[2] + d[4] + d[6] + d[8]) * 7 - (d[1] + d[3] + d[5] + d[7])) % 10
    eleventh = (sum(d) + tenth) % 10
    good = [n for n in range(100) if is_tckn(f"{base}{n:02d}")]
    assert good == [10 * tenth + eleventh]


@given(st.integers(0, 10), st.integers(1, 9))
def test_a_wrong_digit_in_an_identity_number_is_noticed(place, add):
    assert not is_tckn(other_digit("17291716060", place, add))


@pytest.mark.parametrize(
    "text",
    [
        *("", "1729171606", "172917160600", "07291716060", "1729171606a", "١٧٢٩١٧١٦٠٦٠"),
        *("17291716061", "²7291716060"),
    ],
)
def test_what_is_not_an_identity_number(text):
    assert not is_tckn(text)


@pytest.mark.parametrize("text", ["", "454053692", "45405369200", "4540536921", "454053692x"])
def test_what_is_not_a_tax_number(text):
    assert not is_vkn(text)


@pytest.mark.parametrize(
    "text", ["17291716060", " 172 917 160 60 ", "172-917-160-60", "١٧٢٩١٧١٦٠٦٠"]
)
def test_an_identity_number_is_read_however_it_was_typed(text):
    assert read_tckn(text) == "17291716060"


def test_a_wrong_identity_or_tax_number_is_not_read():
    assert read_tckn("17291716061") is None
    assert read_vkn("454 053 69 20") == "4540536920"
    assert read_vkn("4540536921") is None


# E-mail


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        (" Ayse.Yilmaz@Ornek.COM ", "ayse.yilmaz@ornek.com"),
        ("ISPARTA@ornek.com", "isparta@ornek.com"),
        ("İSPARTA@ornek.com", "isparta@ornek.com"),
        ("ａyse@ornek.com", "ayse@ornek.com"),
        ("not an address", "not an address"),
        ("", ""),
    ],
)
def test_normalise_email(raw, normal):
    assert normalise_email(raw) == normal


@given(st.text())
def test_normalise_email_is_idempotent(raw):
    assert normalise_email(normalise_email(raw)) == normalise_email(raw)


# Case numbers


@pytest.mark.parametrize("digits", [9, 12])
def test_new_numbers_read_back(digits):
    random = SystemRandom()
    made = {new_number(random, digits) for _ in range(500)}
    assert len(made) > 490
    assert all(len(n) == digits and n[0] != "0" and read_number(n) == n for n in made)


@pytest.mark.parametrize("digits", [0, 8, 10, 13])
def test_numbers_of_other_lengths_are_not_made(digits):
    with pytest.raises(ValueError, match="digits"):
        new_number(Random(1), digits)


@given(numbers, st.data())
def test_every_wrong_digit_is_noticed(number, data):
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = other_digit(number, place, data.draw(st.integers(1, 9)))
    assert read_number(wrong) is None


@given(numbers, st.data())
def test_every_swap_of_neighbours_is_noticed(number, data):
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (read_number(swapped) is None) == (swapped != number)


@given(numbers)
def test_grouped_numbers_read_back(number):
    assert read_number(group_number(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        *("264839172", "264 839 172", "264.839.172", "264-839-172", " 264\u00a0839\u202f172\n"),
        *("#264839172", "26 48 39 17 2", "٢٦٤٨٣٩١٧٢", "２６４８３９１７２", "264–839–172"),
    ],
)
def test_a_number_is_read_however_it_was_typed(text):
    assert read_number(text) == "264839172"


@pytest.mark.parametrize(
    "text", ["", "26483917", "2648391722", "264839173", "000000000", "26483917²", "x264839172", "-"]
)
def test_a_wrong_number_is_not_read(text):
    assert read_number(text) is None


def test_numbers_are_grouped_in_threes():
    assert group_number("264839172") == "264 839 172"
    assert group_number("264839172000") == "264 839 172 000"


# Follow keys


@given(st.integers())
def test_new_follow_keys_read_back(seed):
    key = new_follow_key(Random(seed))
    assert len(key) == 4
    assert read_follow_key(key) == key
    assert read_follow_key(f" {key[:2].lower()}-{key[2:].lower()} ") == key


def test_follow_keys_use_the_whole_alphabet():
    random = Random(1)
    assert set("".join(new_follow_key(random) for _ in range(500))) == set(CROCKFORD)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("k7qf", "K7QF"),
        ("OoIl", "0011"),
        ("ıİiL", "1111"),
        ("K7 QF", "K7QF"),
        ("K7Q", None),
        ("K7QFF", None),
        ("K7QU", None),
        ("K7Qß", None),
        ("", None),
    ],
)
def test_read_follow_key(text, key):
    assert read_follow_key(text) == key


@given(st.text())
def test_reading_never_fails(text):
    for read in (read_number, read_follow_key, read_tckn, read_vkn):
        assert read(text) is None or read(str(read(text))) == read(text)
