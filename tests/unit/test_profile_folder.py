"""What is written is read back as the same profile, whatever the words in it."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derman.profile import document, folder, presets
from derman.profile.diff import changes
from derman.profile.draft import Draft
from derman.profile.emit import emit
from derman.profile.places import places
from derman.profile.schema import Profile
from tests import profiles

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PROSE = WORDS.filter(lambda text: text.replace("\ufeff", "").strip())
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda key: key not in ("tr", "en", "de")
)
TABLES = st.recursive(
    st.dictionaries(
        KEYS, WORDS | st.booleans() | st.integers(-999, 999) | st.dates() | st.lists(WORDS)
    ),
    lambda inner: st.dictionaries(
        KEYS, inner | WORDS | st.lists(inner.filter(bool), min_size=1, max_size=2)
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return folder.load(profiles.write(tmp_path_factory.mktemp("small")))


def assert_same(profile, place):
    folder.save(profile, place)
    read = folder.load(place)
    assert changes(profile, read) == []
    assert read == profile
    assert document.digest(read) == document.digest(profile)


@pytest.mark.parametrize("name", presets.names())
def test_export_then_import_gives_the_same_preset(name, tmp_path):
    assert_same(presets.load(name), tmp_path)


def test_export_then_import_gives_the_same_small_organisation(small, tmp_path):
    assert_same(small, tmp_path)


def test_written_files_are_the_same_each_time(small, tmp_path):
    folder.save(small, tmp_path / "one")
    folder.save(folder.load(tmp_path / "one"), tmp_path / "two")

    one, two = (
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.*")}
        for root in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two


@given(prose=PROSE, other=PROSE)
@settings(max_examples=40)
def test_any_words_survive_a_round(small, tmp_path_factory, prose, other):
    changed = small.model_dump(mode="json")
    changed["organisation"]["home"]["tr"] = prose
    changed["organisation"]["name"]["en"] = prose
    changed["topics"]["bill"]["children"]["copy"]["script"] = {"tr": prose, "en": other}
    changed["topics"]["bill"]["children"]["copy"]["words"] = [prose, other]
    changed["messages"]["unused"] = {"tr": {"text": prose}, "en": {"text": f"Subject: {prose}"}}
    profile = Profile.model_validate(changed)
    place = tmp_path_factory.mktemp("round")

    folder.save(profile, place)

    # Whatever the checks think of such words, the files hold them as they are.
    assert changes(profile, Profile.model_validate(Draft(place).document)) == []


def test_an_export_over_an_older_one_leaves_nothing_behind(small, tmp_path):
    folder.save(small, tmp_path)
    (tmp_path / "messages/tr/old.txt").write_text("old")

    folder.save(small, tmp_path)

    assert not (tmp_path / "messages/tr/old.txt").exists()


def test_an_export_does_not_touch_a_folder_of_something_else(small, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(folder.NotAProfile):
        folder.save(small, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@given(TABLES)
@settings(max_examples=80)
def test_toml_that_is_written_is_read_back_and_every_key_has_a_place(table):
    text = emit(table)

    assert tomllib.loads(text) == table
    assert set(_paths(table)) <= places(text).keys()


def _paths(value, path=()):
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))


def test_places_are_lines_whatever_stands_between_them():
    text = '''# a comment = "no"
a = """
[not.a.table]
"quoted""""  # behind
"b.c" = 'x # y'

[[d]]
e = [ # one
  1,
  { f = "}", g.h = 2 },
]
[d.i]
j = 2026-01-01
[[d]]
e = \'\'\'
it's\'\'\'
'''
    assert places(text) == {
        ("a",): 2,
        ("b.c",): 5,
        ("d",): 7,
        ("d", 0): 7,
        ("d", 0, "e"): 8,
        ("d", 0, "e", 0): 9,
        ("d", 0, "e", 1): 10,
        ("d", 0, "e", 1, "f"): 10,
        ("d", 0, "e", 1, "g"): 10,
        ("d", 0, "e", 1, "g", "h"): 10,
        ("d", 0, "i"): 12,
        ("d", 0, "i", "j"): 13,
        ("d", 1): 14,
        ("d", 1, "e"): 15,
    }
