"""Files sealed in chunks: any change is noticed, and nothing lies in clear."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derman.lib import sealedfiles
from derman.lib.sealedfiles import CHUNK, LENGTH, Damaged
from derman.lib.sealing import Keyring

RING = Keyring.new()
NAME = "0f8fad5b"
DATA = b"".join(number.to_bytes(4) for number in range(CHUNK))  # four chunks, none like another


def sealed(data: bytes = DATA, name: str = NAME, ring: Keyring = RING) -> bytes:
    return b"".join(sealedfiles.seal(data, name, ring))


def opened(file: bytes, name: str = NAME, ring: Keyring = RING) -> bytes:
    return sealedfiles.reader(io.BytesIO(file), name, ring).read()


def chunks(file: bytes) -> tuple[bytes, list[bytes]]:
    """The header line, and each chunk with its length."""
    end = file.index(b"\n") + 1
    header, rest, found = file[:end], file[end:], []
    while rest:
        size = LENGTH + int.from_bytes(rest[:LENGTH])
        found.append(rest[:size])
        rest = rest[size:]
    return header, found


@given(st.binary(max_size=300) | st.integers(0, 3).map(lambda n: b"x" * (CHUNK * n)))
def test_what_is_sealed_opens_as_it_was(data):
    assert opened(sealed(data)) == data


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_sizes_around_a_chunk(size):
    assert opened(sealed(b"a" * size)) == b"a" * size


def test_it_is_read_in_pieces():
    file = sealedfiles.reader(io.BytesIO(sealed()), NAME, RING)
    assert file.read(10) == DATA[:10]
    assert file.read(CHUNK) == DATA[10 : CHUNK + 10]


def test_nothing_lies_in_clear():
    text = b"TCKN 10000000146 " * 5000
    assert b"10000000146" not in sealed(text)
    assert b"sha256" not in sealed(text)
    assert sealed(text) != sealed(text)


@given(st.integers(0, 10**6), st.integers(0, 7))
def test_a_flipped_bit_is_noticed_anywhere(place, bit):
    file = bytearray(sealed(b"x" * 1000))
    file[place % len(file)] ^= 1 << bit
    with pytest.raises(Damaged):
        opened(bytes(file))


@given(st.integers(0, 10**6))
def test_a_cut_is_noticed_anywhere(length):
    file = sealed()
    with pytest.raises(Damaged):
        opened(file[: length % len(file)])


def test_a_cut_between_two_chunks_is_noticed():
    header, found = chunks(sealed())
    for kept in range(len(found)):
        with pytest.raises(Damaged):
            opened(header + b"".join(found[:kept]))


@pytest.mark.parametrize("order", [(0, 2, 1, 3, 4), (0, 1, 1, 3, 4), (0, 1, 2, 4), (1, 2, 3, 4)])
def test_swapped_repeated_and_missing_chunks_are_noticed(order):
    header, found = chunks(sealed())
    assert len(found) == 5
    with pytest.raises(Damaged):
        opened(header + b"".join(found[number] for number in order))


def test_something_added_is_noticed():
    file = sealed()
    for more in (b"x", chunks(file)[1][-1]):
        with pytest.raises(Damaged):
            opened(file + more)


def test_a_chunk_of_another_file_is_noticed():
    header, found = chunks(sealed())
    _, others = chunks(sealed())
    with pytest.raises(Damaged):
        opened(header + b"".join([*found[:2], others[2], *found[3:]]))


def test_a_file_under_another_name_or_key_is_refused():
    for wrong in ({"name": "other"}, {"ring": Keyring.new()}):
        with pytest.raises(Damaged):
            opened(sealed(), **wrong)


@pytest.mark.parametrize("file", [b"", b"%PDF-1.4\n", sealedfiles.MAGIC, b"\n"])
def test_what_is_no_sealed_file_is_refused(file):
    with pytest.raises(Damaged):
        opened(file)


def test_a_new_key_wraps_the_file_without_touching_its_chunks():
    file, ring = sealed(), RING.with_new_key()
    ring = ring.sealing_with(ring.newest)

    moved = b"".join(sealedfiles.rewrap(io.BytesIO(file), NAME, ring))

    assert sealedfiles.key_name(io.BytesIO(moved)) == "k2"
    assert chunks(moved)[1] == chunks(file)[1]
    assert opened(moved, ring=ring.without(["k1"])) == DATA
