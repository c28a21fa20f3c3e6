"""Parts of text messages, at every edge of the capacity table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.sms import measure

TURKISH = "ĞİŞçğış"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts", "left"),
    [
        ("", "gsm7", 0, 0, 160),
        ("a", "gsm7", 1, 1, 159),
        ("a" * 160, "gsm7", 160, 1, 0),
        ("a" * 161, "gsm7", 161, 2, 145),
        ("a" * 306, "gsm7", 306, 2, 0),
        ("a" * 307, "gsm7", 307, 3, 152),
        ("ÖöÜüÇ\r\n", "gsm7", 7, 1, 153),
        ("€[]{}\\^~|\f", "gsm7", 20, 1, 140),
        ("ş", "gsm7-turkish", 2, 1, 153),
        ("ş" + "a" * 153, "gsm7-turkish", 155, 1, 0),
        ("ş" + "a" * 154, "gsm7-turkish", 156, 2, 142),
        ("ş" + "a" * 296, "gsm7-turkish", 298, 2, 0),
        ("ş" + "a" * 297, "gsm7-turkish", 299, 3, 148),
        ("ж", "ucs2", 1, 1, 69),
        ("ж" * 70, "ucs2", 70, 1, 0),
        ("ж" * 71, "ucs2", 71, 2, 63),
        ("ж" * 134, "ucs2", 134, 2, 0),
        ("ж" * 135, "ucs2", 135, 3, 66),
        ("ş“", "ucs2", 2, 1, 68),
        ("😀", "ucs2", 2, 1, 68),
    ],
)
def test_measure(text, encoding, units, parts, left):
    result = measure(text)
    assert (result.encoding, result.units, result.parts, result.left) == (
        encoding,
        units,
        parts,
        left,
    )


def test_an_escape_pair_is_not_split_over_parts():
    text = "a" * 152 + "€" + "a" * 152  # the first part stays one septet short
    assert measure(text).units == 306
    assert measure(text).parts == 3
    assert measure("a" * 151 + "€" + "a" * 153).parts == 2


def test_a_turkish_pair_is_not_split_over_parts():
    assert measure("a" * 148 + "ş" + "a" * 148).parts == 3
    assert measure("a" * 147 + "ş" + "a" * 149).parts == 2


def test_a_surrogate_pair_is_not_split_over_parts():
    assert measure("ж" * 66 + "😀" + "ж" * 66).parts == 3
    assert measure("ж" * 65 + "😀" + "ж" * 67).parts == 2


@pytest.mark.parametrize("letter", TURKISH)
def test_each_turkish_letter_takes_two_septets_or_makes_all_ucs2(letter):
    assert measure(letter).units == 2
    assert measure(letter).encoding == "gsm7-turkish"
    assert measure(letter, "none").encoding == "ucs2"


@pytest.mark.parametrize("letter", "ÖöÜüÇ")
def test_the_other_turkish_letters_are_in_the_default_alphabet(letter):
    assert measure(letter, "none") == measure("a", "none")


def test_a_real_message():
    text = "Başvurunuz alındı. No: 264 839 172, takip kodu K7QF. Son tarih: 5 Haziran 2026."
    assert measure(text).parts == 1
    assert measure(text, "none").parts == 2


@given(st.text(alphabet=TURKISH + "abc €ж😀"), st.sampled_from(["single", "none"]))
def test_the_parts_hold_the_message_and_no_more_than_needed(text, shift):
    result = measure(text, shift)
    capacity = result.parts * result.per_part
    wasted = result.parts - 1 if result.parts else 0  # at most one unit at the end of each part
    assert result.units <= capacity - result.left <= result.units + wasted or not text
    assert 0 <= result.left <= result.per_part


@given(st.text(alphabet=TURKISH + "abc €"), st.text(alphabet=TURKISH + "abc €"))
def test_more_text_never_takes_fewer_parts(text, more):
    assert measure(text + more).parts >= measure(text).parts
    assert measure(text, "single").parts <= measure(text, "none").parts
