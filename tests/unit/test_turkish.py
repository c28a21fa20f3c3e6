"""Turkish case, order and folding."""

import random
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.turkish import fold, lower_tr, search_terms, upper_tr, words


@pytest.mark.parametrize(
    "text",
    [
        "ISPARTA",
        "ısparta",
        "Isparta",
        "iSPARTA",
        "İSPARTA",
        "isparta",
        " I\u0307sparta ",
    ],
)
def test_one_town_has_one_folded_name(text):
    assert fold(text) == "isparta"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ŞIRNAK Çiğköftesi Öğün Üzüm", "sirnak cigkoftesi ogun uzum"),
        ("Straße GROẞ", "strasse gross"),
        ("kâğıt hâlâ millî", "kagit hala milli"),
        ("café Ångström naïve", "cafe angstrom naive"),
        ("  iki \t satır\n\u00a0boşluk ", "iki satir bosluk"),
        ("gö\u200brün\u00admez\u202e", "gorunmez"),
        ("ﬁyat №５", "fiyat no5"),
        ("a\x00b\x1fc\x85d", "a b c d"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcçdefgğhıijklmnoöprsştuüvyz ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ"))
def test_fold_does_not_see_case(text):
    assert fold(upper_tr(text)) == fold(lower_tr(text)) == fold(text)
    assert fold(text).isascii()
    assert lower_tr(upper_tr(text)) == lower_tr(text)


def test_case_pairs():
    assert lower_tr("IĞDIR İZMİR") == "ığdır izmir"
    assert upper_tr("ığdır izmir") == "IĞDIR İZMİR"
    assert lower_tr("I\u0307zmir") == "izmir"


@pytest.mark.parametrize("form", ["sayaç", "SAYAÇ", "sayacım", "Sayaçlar", "SAYACIM", "sayaclar"])
def test_inflected_words_find_each_other(form):
    (forms,) = search_terms(form)
    assert set(forms) & set(words("Sayaç okunmadı."))


def test_words_keep_the_word_as_written_and_its_stem():
    assert words("Faturam geldi, faturam!") == ["faturam", "fatura", "geldi", "gel"]
    assert words("İzmir'de 3. kat") == ["izmir", "3", "kat"]


def test_words_are_limited_in_length_and_number():
    assert max(map(len, words("x" * 500))) == 40
    many = " ".join(str(n) for n in range(10_000))
    assert len(words(many)) == 2_000


def test_search_terms_are_few_and_distinct():
    assert search_terms("gaz GAZ  gaz") == [("gaz",)]
    assert search_terms("--- !") == []
    assert len(search_terms(" ".join(f"kelime{n}" for n in range(50)))) == 8


@given(st.text(max_size=60))
def test_every_word_of_a_text_is_found_by_itself(text):
    index = set(words(text))
    assert all(set(forms) <= index for forms in search_terms(text))
    assert all(" " not in word and word for word in index)


def test_stems_are_right_in_many_threads():
    typed = ["sayaçlar", "faturalar", "abonelik", "gazım", "kaçağı"] * 300
    expected = {word: words(word) for word in typed}
    wrong = []

    def work(seed: int) -> None:
        shuffled = [f"{word}{seed}{n}" for n, word in enumerate(typed)]
        random.Random(seed).shuffle(shuffled)
        for word in shuffled:
            words(word)  # fills the cache with others' words, so that stemmers really run
        wrong.extend(word for word in typed if words(word) != expected[word])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
