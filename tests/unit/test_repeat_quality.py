"""How well repeats are told from other cases; the figures of docs/repeats.md."""

import pytest

from derman.lib.likeness import likeness, telling
from tests import repeat_quality
from tests.paraphrases import PAIRS, pairs
from tests.repeat_quality import DOCS, THRESHOLD, is_any, is_held_out, is_known, quality

ONE = telling("Sayaç yanlış okunmuş, faturadaki endeks gerçek değil.")


@pytest.mark.parametrize("which", [is_any, is_known, is_held_out])
def test_nine_of_ten_that_are_named_are_repeats_and_eight_of_ten_are_named(which):
    found = quality(THRESHOLD, which)

    assert found.precision >= 0.9
    assert found.recall >= 0.8


def test_the_pairs_are_as_many_as_promised_and_the_same_every_time():
    made = list(pairs())
    assert len(made) == PAIRS == 2_000
    assert made == list(pairs())
    assert sum(pair.is_repeat for pair in made) == 1_000
    assert 600 < sum(pair.is_held_out for pair in made) < 700


def test_the_documents_hold_what_is_measured():
    assert (DOCS / "repeats.md").read_text(encoding="utf-8") == repeat_quality.document()
    assert (DOCS / "repeats.svg").read_text(encoding="utf-8") == repeat_quality.chart()


def test_the_same_text_is_fully_alike_whatever_its_letters():
    assert likeness(ONE, ONE) == 1
    assert likeness(ONE, telling("SAYAC YANLIS OKUNMUS FATURADAKI ENDEKS GERCEK DEGIL")) == 1


def test_a_slip_of_the_keyboard_changes_little():
    assert likeness(ONE, telling("Sayaç ynalış okunmşu, faturadakii endeks gerçek değil")) > 0.8


def test_it_is_the_same_from_both_sides():
    other = telling("Endeks hatalı girilmiş, sayacım okunmamış")
    assert likeness(ONE, other) == pytest.approx(likeness(other, ONE), abs=0.001)


@pytest.mark.parametrize("text", ["", "Merhaba, iyi günler. Teşekkür ederim.", "12 345 678"])
def test_courtesy_and_numbers_say_nothing(text):
    assert telling(text) == ()
    assert likeness(ONE, telling(text)) == 0


def test_what_is_told_in_other_words_is_not_recognised():
    """What the docs admit: it knows spelling, not meaning."""
    assert likeness(telling("Kombi bozuk"), telling("Isıtıcı arızalı")) < THRESHOLD / 100
