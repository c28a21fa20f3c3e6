"""The difference of two profiles in words: grouped by place, named for the reader."""

from django.utils import translation

from derman.administration import differences
from derman.administration.part_form import in_words
from derman.profile.errors import say
from derman.profile.refusals import validated
from tests.factories import preset


def between(change, language="en"):
    """The differences after a change to the document."""
    document = preset().model_dump(mode="json")
    change(document)
    profile, refused = validated(document)
    assert not refused
    return differences.between(preset(), profile, language)


def test_a_value_is_named_with_both_sides():
    def change(document):
        document["topics"]["metering"]["children"]["reading_disputed"]["unit"] = "billing"
        document["topics"]["metering"]["children"]["reading_disputed"]["resolve"] = "77 hours"

    [found] = between(change)

    topics = preset().topics["metering"]
    assert found.kind == "changed"
    assert found.where == (
        "Topics", topics.label["en"], topics.children["reading_disputed"].label["en"],
    )  # fmt: skip
    units = preset().units
    assert [(one.label, one.old, one.new) for one in found.values] == [
        ("Unit", units["metering"].label["en"], units["billing"].label["en"]),
        ("Resolve within", "10 working days", "77 hours"),
    ]


def test_a_text_is_compared_word_by_word_in_its_language():
    def change(document):
        texts = document["topics"]["metering"]["children"]["reading_disputed"]["script"]
        texts["de"] += " Wir rufen zurück."

    [found] = between(change)

    [value] = found.values
    assert value.label == "Script for the agent · Deutsch"
    assert [what for what, _ in value.words] == ["same", "new"]
    assert value.words[-1][1].strip() == "Wir rufen zurück."


def test_a_new_and_a_removed_item_are_one_difference_each():
    def change(document):
        document["units"]["heat"] = {"label": {"tr": "Isı", "en": "Heat", "de": "Wärme"}}
        del document["templates"][next(iter(document["templates"]))]

    new, gone = between(change)

    assert (new.kind, new.where) == ("added", ("Units", "Heat"))
    assert {one.new for one in new.values} >= {"Isı", "Heat", "Wärme", "Expert unit"}
    assert (gone.kind, gone.url) == ("removed", "")


def test_a_notice_on_top_is_one_difference():
    def change(document):
        document["notices"].insert(0, {"on": "promised", "send": {"email": "promised_email"}})

    [found] = between(change)

    assert found.kind == "added"


def test_another_order_says_both():
    def change(document):
        units = document["units"]
        first = next(iter(units))
        units[first] = units.pop(first)

    [found] = between(change)

    assert found.kind == "moved"
    assert found.values[0].label == "Order"
    assert found.values[0].old.split(", ")[0] == found.values[0].new.split(", ")[-1]


def test_what_is_wrong_is_said_as_a_sentence():
    assert in_words(say("{key} is wrong", key="xx")) == "xx is wrong."
    assert in_words(say("there is no {what} {name}", what="unit", name="x")) == (
        "There is no unit x."
    )
    assert in_words("this is missing") == "This is missing."
    with translation.override("tr"):
        assert in_words("ilk") == "İlk."
