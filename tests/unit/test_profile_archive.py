"""A profile as a zip: out and in gives every file back unchanged; what is none is refused."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derman.profile import archive, editing, folder, presets
from derman.profile.archive import NotAnArchive
from derman.profile.errors import InvalidProfile
from derman.profile.refusals import validated


def contents(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed_with(files: dict[str, bytes | str]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return into.getvalue()


@pytest.mark.parametrize("name", presets.names())
def test_import_of_export_is_identity(name):
    profile = presets.load(name)
    packed = archive.pack(profile)

    again = archive.unpack(packed)

    assert again == profile
    assert archive.pack(again) == packed
    assert contents(packed) == {
        file: text.encode() for file, text in folder.files_of(profile).items()
    }


@settings(max_examples=15)
@given(
    label=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
        lambda text: text.strip() and "{" not in text and "}" not in text and "\ufeff" not in text
    ),
    hours=st.integers(1, 9_999),
)
def test_whatever_is_typed_comes_back(label, hours):
    document = presets.load("gas").model_dump(mode="json")
    main = next(iter(document["topics"]))
    document = editing.with_value(document, ("topics", main, "label", "tr"), label)
    document = editing.with_value(document, ("clocks", "resolve"), f"{hours} working hours")
    profile, refused = validated(document)
    assert not refused

    packed = archive.pack(profile)

    assert archive.pack(archive.unpack(packed)) == packed


def test_a_folder_packed_by_hand_is_taken():
    profile = presets.load("gas")
    files = {f"gas/{name}": text for name, text in folder.files_of(profile).items()}
    files |= {"__MACOSX/gas/._units.toml": "x", "gas/.DS_Store": "x", "gas/demo/staff.toml": "x"}
    assert archive.unpack(packed_with(files)) == profile


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"readme.txt": "hello"},
        {"organisation.toml": "", "../outside.toml": ""},
        {"organisation.toml": "", "/etc/outside.toml": ""},
        {"organisation.toml": "", "c:\\outside.toml": ""},
        {f"{number}.toml": "" for number in range(archive.MOST_FILES + 1)},
        {"organisation.toml": b"0" * (archive.LARGEST + 1)},
    ],
)
def test_what_is_no_profile_is_refused(files):
    with pytest.raises(NotAnArchive):
        archive.unpack(packed_with(files))


def test_bytes_that_are_no_zip_are_refused():
    with pytest.raises(NotAnArchive):
        archive.unpack(b"PK nothing")


def test_mistakes_inside_are_named_by_file():
    files = folder.files_of(presets.load("gas"))
    files["units.toml"] = files["units.toml"].replace("kind =", "knid =", 1)
    with pytest.raises(InvalidProfile) as caught:
        archive.unpack(packed_with(files))
    assert caught.value.errors[0].file == "units.toml"
