"""Normal forms of text that anybody may send: many marks on a letter cost no more than few."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib import letterpress, sniff
from derman.lib.composing import MOST_MARKS, SHORT, normal, thinned
from derman.lib.turkish import fold, lower_tr

MARKS = "\u0301\u0323\u0327\u0f73\u3099\uff9e"  # of several classes; two hide what they are


def longest_run(text: str) -> int:
    """Of marks that have to be brought into their order."""
    longest = run = 0
    for letter in unicodedata.normalize("NFKD", text):
        run = run + 1 if unicodedata.combining(letter) else 0
        longest = max(longest, run)
    return longest


@given(st.text(alphabet=MARKS, min_size=SHORT, max_size=2 * SHORT))
def test_no_letter_carries_more_marks_than_any_writing_needs(marks):
    left = thinned(f"a{marks}b")
    assert longest_run(left) <= 3 * MOST_MARKS  # what one mark is made of at most
    assert (left[0], left[-1]) == ("a", "b")


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("read", [fold, lower_tr, letterpress.printable, sniff.clean_name])
def test_a_text_of_marks_alone_reaches_no_sorting(read, mark, monkeypatch):
    """Sorting them takes the square of their number: said by what is handed over, not by a clock.

    2,000 are enough to tell, and cheap where nothing thins them.
    """
    sorted_ = []

    class Watched:
        combining, category = unicodedata.combining, unicodedata.category

        @staticmethod
        def normalize(form, text):
            sorted_.append(longest_run(text))
            return unicodedata.normalize(form, text)

    monkeypatch.setattr("derman.lib.composing.unicodedata", Watched)
    read("a" + mark * 2_000)
    assert sorted_
    assert max(sorted_) <= 3 * MOST_MARKS


def test_what_people_write_stays_as_it_is():
    for text in ("Şişli'de ığdır — öğle", "I\u0307stanbul ", "வணக்கம் ", "נִקּוּד ", "가각힣 ", "é́ "):
        long = text * 60
        assert thinned(long) == long
        assert normal("NFC", long) == unicodedata.normalize("NFC", long)
