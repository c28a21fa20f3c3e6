"""Sealed values open only where they belong; blind indexes tell nothing without the key."""

import base64
import hashlib
import hmac
import json
import string

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from derman.lib.sealing import BadKeyring, CannotOpen, Keyring

RING = Keyring.new()
HERE = "people_customer|tckn|0b0e6f2e-7d0b-4a55-9f3c-3f3f2d2f7a11"


@given(st.text(), st.text())
def test_what_was_sealed_opens_in_its_place(plain, context):
    assert RING.open(RING.seal(plain, context), context) == plain


@pytest.mark.parametrize(
    "elsewhere",
    [
        HERE.replace("7a11", "7a12"),  # another row
        HERE.replace("tckn", "vkn"),  # another column
        HERE.replace("people", "cases"),  # another table
        "",
    ],
)
def test_a_value_does_not_open_in_another_place(elsewhere):
    with pytest.raises(CannotOpen):
        RING.open(RING.seal("17291716060", HERE), elsewhere)


def test_a_value_does_not_open_with_other_keys():
    with pytest.raises(CannotOpen):
        Keyring.new().open(RING.seal("17291716060", HERE), HERE)


@given(st.data())
def test_a_changed_value_does_not_open(data):
    token = RING.seal("17291716060", HERE)
    place = data.draw(st.integers(0, len(token) - 2))  # the last letter has unused bits
    letter = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_.=+/ "))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(CannotOpen) as refused:
            RING.open(changed, HERE)
        assert "1729" not in str(refused.value)
        assert refused.value.__cause__ is None


@given(st.one_of(st.text(), st.text().map("v1.k1.{}".format), st.binary().map(str)))
def test_nonsense_does_not_open(token):
    with pytest.raises(CannotOpen):
        RING.open(token, HERE)


def test_a_token_names_its_key_and_hides_the_rest():
    token = RING.seal("17291716060", HERE)
    version, key, body = token.split(".")
    assert (version, key) == ("v1", "k1")
    raw = base64.urlsafe_b64decode(body + "==")
    assert b"1729" not in raw
    assert len(raw) == 12 + 11 + 16


def test_the_same_value_is_sealed_differently_each_time():
    assert len({RING.seal("17291716060", HERE) for _ in range(1000)}) == 1000


def test_old_keys_open_after_a_new_one_seals():
    old = RING.seal("eski", HERE)
    ring = Keyring("k2", {**RING.sealing, "k2": Keyring.new().index}, RING.index)
    new = ring.seal("yeni", HERE)

    assert new.startswith("v1.k2.")
    assert (ring.open(old, HERE), ring.open(new, HERE)) == ("eski", "yeni")
    assert ring.blind_index("x", "c") == RING.blind_index("x", "c")
    without = Keyring("k2", {"k2": ring.sealing["k2"]}, ring.index)
    with pytest.raises(CannotOpen, match="not on the key ring"):
        without.open(old, HERE)


def test_a_blind_index_is_an_hmac_under_a_key_of_its_column():
    key = HKDF(SHA256(), 32, None, b"derman blind index people_customer.tckn").derive(RING.index)
    expected = hmac.new(key, b"17291716060", hashlib.sha256).hexdigest()
    for _ in range(2):  # derived, then from the cache
        assert RING.blind_index("17291716060", "people_customer.tckn") == expected


def test_a_blind_index_differs_by_column_and_by_key():
    one = RING.blind_index("17291716060", "tckn")
    assert len(one) == 64
    assert one != RING.blind_index("17291716060", "vkn")
    assert one != Keyring.new().blind_index("17291716060", "tckn")
    assert one != hashlib.sha256(b"17291716060").hexdigest()


@given(st.text(), st.text())
def test_blind_indexes_are_equal_only_for_equal_values(one, other):
    same = RING.blind_index(one, "c") == RING.blind_index(other, "c")
    assert same == (one == other)


def test_a_key_ring_is_written_and_read(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(RING.to_json(), encoding="utf-8")
    read = Keyring.read(path)
    assert read.to_json() == RING.to_json()
    assert read.open(RING.seal("ş", HERE), HERE) == "ş"


def test_keys_are_not_printed():
    shown = f"{RING!r} {RING}"
    assert repr(RING.index) not in shown
    assert repr(RING.sealing["k1"]) not in shown
    assert "k1" in shown


GOOD = json.loads(RING.to_json())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps({**GOOD, "current": "k9"}),
        json.dumps({**GOOD, "index": "???"}),
        json.dumps({**GOOD, "index": None}),
        json.dumps({**GOOD, "index": base64.b64encode(b"short").decode()}),
        json.dumps({**GOOD, "index": GOOD["sealing"]["k1"]}),
        json.dumps({**GOOD, "sealing": []}),
        json.dumps({**GOOD, "sealing": {"k1": "c2hvcnQ="}}),
        json.dumps({**GOOD, "sealing": {**GOOD["sealing"], "a.b": GOOD["sealing"]["k1"]}}),
    ],
    ids=[f"file-{place}" for place in range(13)],  # the texts hold random keys
)
def test_a_bad_key_file_is_refused_without_showing_it(text, tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadKeyring) as refused:
        Keyring.read(path)
    assert str(path) in str(refused.value)
    assert GOOD["sealing"]["k1"] not in str(refused.value)


def test_a_missing_or_binary_key_file_is_refused(tmp_path):
    with pytest.raises(BadKeyring, match="cannot be read"):
        Keyring.read(tmp_path / "none.json")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadKeyring, match="cannot be read"):
        Keyring.read(tmp_path / "binary")
