"""The editor is made from the schema: what each type becomes, and that reading gives it back."""

from datetime import date, time
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from derman.administration import controls, field_words, tables
from derman.administration.part_form import PartForm
from derman.administration.scene import Scene
from derman.profile.errors import Finding
from derman.profile.parts import Key, Part, Text, Time
from derman.profile.schema import Interval, Profile, Weekday
from derman.profile.shape import tables as all_tables
from derman.words.kinds import Channel, Language
from tests.factories import preset


@pytest.fixture
def scene():
    return Scene(preset(), "en")


class Inner(Part):
    note: Text | None = None
    count: Annotated[int, Field(ge=1, le=9)] = 3


class Odd(Part):
    """One field of every type that a profile may hold."""

    label: Text
    script: Text | None = None
    unit: Key | None = None
    budget: Time
    other: Time | None = None
    on: bool = False
    maybe: bool | None = None
    mode: Literal["one", "two"]
    channels: tuple[Channel, ...] = ()
    words: tuple[str, ...] = ()
    topics: tuple[Key, ...] = ()
    languages: tuple[Language, ...] = ()
    special: dict[Language, tuple[str, ...]] = {}
    by_region: dict[Key, Key] = {}
    weekly: dict[Weekday, tuple[Interval, ...]] = {}
    dates: dict[date, tuple[Interval, ...]] = {}
    minutes: dict[Channel, Annotated[int, Field(ge=0, le=600)]] = {}
    day: date
    until: time = time(13)
    inner: Inner = Inner()
    perhaps: Inner | None = None
    strange: tuple[tuple[int, int], ...] = ()


VALUE: dict[str, Any] = {
    "label": {"tr": "Ad", "en": "Name", "de": "Name"},
    "script": None,
    "unit": "billing",
    "budget": "8 working hours",
    "other": "same day",
    "on": True,
    "maybe": False,
    "mode": "two",
    "channels": ["web", "phone"],
    "words": ["one", "two words"],
    "topics": ["billing", "metering.reading_disputed"],
    "languages": ["en", "tr"],
    "special": {"tr": ["sağlık"], "en": ["health", "faith"]},
    "by_region": {"merkez": "billing"},
    "weekly": {
        "mon": [["08:30:00", "12:30:00"], ["13:30:00", "17:30:00"]],
        **{day: [] for day in ("tue", "wed", "thu", "fri", "sat", "sun")},
    },
    "dates": {"2026-10-28": [["08:30:00", "12:00:00"]]},
    "minutes": {"phone": 0, "web": 12},
    "day": "2026-03-02",
    "until": "12:30:00",
    "inner": {"note": {"tr": "Not", "en": "Note"}, "count": 5},
    "perhaps": None,
    "strange": [[1, 2]],
}


def sent(form: PartForm) -> dict[str, Any]:
    """What a browser sends for a form as it stands."""
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if hasattr(field.widget, "decompress"):
            amount, unit = field.widget.decompress(value)
            data |= {f"{name}_amount": amount or "", f"{name}_unit": unit}
        elif value is not None and value is not False:
            data[name] = value
    return data


def test_every_type_comes_back_as_it_was(scene):
    typed = sent(PartForm(Odd, VALUE, scene))
    form = PartForm(Odd, VALUE, scene, typed)

    assert form.is_valid(), form.errors
    assert form.read() == VALUE
    Odd.model_validate(form.read())


def test_an_empty_form_leaves_out_what_may_be_left_out(scene):
    form = PartForm(Odd, {}, scene, {"mode": "one", "day": "2026-03-02"})
    form.is_valid()
    assert set(form.errors) == {"budget", "inner.count", "until"}
    value = form.read()
    assert value["label"] == {}
    assert (value["script"], value["perhaps"], value["unit"]) == (None, None, None)
    assert value["words"] == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("label", "de"), "label.de"),
        (("unit",), "unit"),
        (("budget",), "budget"),
        (("channels", 0), "channels"),
        (("by_region", "merkez"), "by_region.0.value"),
        (("dates", "2026-10-28"), "dates.0.value"),
        (("weekly", "tue", 0), "weekly.tue"),
        (("minutes", "fax"), "minutes.fax"),
        (("inner", "note", "tr"), "inner.note.tr"),
        (("languages", 1), "languages.1.value"),
    ],
)
def test_an_error_is_put_at_its_field(scene, path, name):
    form = PartForm(Odd, VALUE, scene)
    homeless = form.blame([Finding(("somewhere", *path), "this is missing")], ("somewhere",))
    assert homeless == []
    assert dict(form.errors) == {name: ["This is missing."]}


def test_an_error_without_a_field_is_not_lost(scene):
    form = PartForm(Odd, VALUE, scene)
    assert form.blame([Finding(("x", "gone"), "this is missing")], ("x",)) == [
        "gone: This is missing."
    ]
    form.blame([Finding(("x", "by_region", "nowhere"), "this is missing")], ("x",))
    assert form.problems == {"by_region": ["This is missing."]}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", []),
        ("8:30-12", None),
        ("08.30 – 12.30; 13:30-17:30", [["08:30:00", "12:30:00"], ["13:30:00", "17:30:00"]]),
        ("25:00-26:00", None),
        ("closed", None),
    ],
)
def test_hours_are_read_as_people_write_them(scene, text, read):
    form = PartForm(Odd, VALUE, scene, {**sent(PartForm(Odd, VALUE, scene)), "weekly.mon": text})
    assert form.is_valid() is (read is not None)
    if read is not None:
        assert form.read()["weekly"]["mon"] == read


def test_half_a_working_day_is_refused_and_half_an_hour_is_not(scene):
    typed = sent(PartForm(Odd, VALUE, scene))
    half = {**typed, "budget_amount": "0.5"}
    assert PartForm(Odd, VALUE, scene, {**half, "budget_unit": "hours"}).is_valid()
    form = PartForm(Odd, VALUE, scene, {**half, "budget_unit": "working days"})
    assert form.errors["budget"] == ["Days are counted whole."]


def test_no_time_at_all_is_refused_in_words_of_its_own(scene):
    typed = {**sent(PartForm(Odd, VALUE, scene)), "budget_amount": "0", "budget_unit": "hours"}
    assert PartForm(Odd, VALUE, scene, typed).errors["budget"] == ["Enter more than 0."]


def test_a_row_more_is_typed_and_an_empty_one_left_out(scene):
    typed = sent(PartForm(Odd, VALUE, scene))
    more = {"by_region.1.key": "kuzey", "by_region.1.value": "metering"}
    regions = dict(scene.keys("regions"))
    more["by_region.1.key"] = next(key for key in regions if key != "merkez")
    form = PartForm(Odd, VALUE, scene, {**typed, **more, "dates.0.key": "", "dates.0.value": ""})
    assert form.is_valid(), form.errors
    assert form.read()["by_region"] == {"merkez": "billing", more["by_region.1.key"]: "metering"}
    assert form.read()["dates"] == {}


@pytest.mark.parametrize(
    ("text", "read"),
    [("", {"phone": 0}), ("0", {"phone": 0, "web": 0}), ("600", {"phone": 0, "web": 600})],
)
def test_a_number_is_typed_for_each_word_and_an_empty_one_left_out(scene, text, read):
    typed = {**sent(PartForm(Odd, VALUE, scene)), "minutes.web": text}
    form = PartForm(Odd, VALUE, scene, typed)
    assert form.is_valid(), form.errors
    assert form.read()["minutes"] == read


@pytest.mark.parametrize("text", ["-1", "601", "2.5", "some"])
def test_a_number_outside_its_limits_is_refused_at_its_word(scene, text):
    typed = {**sent(PartForm(Odd, VALUE, scene)), "minutes.web": text}
    form = PartForm(Odd, VALUE, scene, typed)
    assert set(form.errors) == {"minutes.web"}
    assert form.complaints()[0].label == "Minutes a contact takes · Web form"


def test_nothing_of_the_schema_needs_to_be_typed_as_json():
    scene = Scene(preset(), "en")
    raw = [
        f"{table.__name__}.{control.key}"
        for table in all_tables()
        if table is not Profile
        for control in tables.controls_of(table, {}, scene)
        if isinstance(control, tables.Raw)
    ]
    assert raw == []


def test_every_field_of_the_schema_has_a_name_for_people():
    unnamed = {
        name
        for table in all_tables()
        for name in table.model_fields
        if name not in field_words.FIELDS and table is not Profile
    }
    assert unnamed == set()
    assert set(Profile.model_fields) - set(field_words.PARTS) == {"key"}


def test_what_stands_there_may_stay_though_it_is_no_choice_any_more(scene):
    value = {**VALUE, "unit": "gone"}
    form = PartForm(Odd, value, scene, sent(PartForm(Odd, value, scene)))
    assert form.is_valid()
    assert form.read()["unit"] == "gone"
    assert isinstance(form.controls[2], controls.Chosen)
