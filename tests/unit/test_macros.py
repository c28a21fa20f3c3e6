"""What a profile may say of a macro: every name leads somewhere, and it does something."""

import pytest

from derman.profile import checks, presets
from derman.profile.schema import Macro, Profile
from tests.factories import preset

LABEL = {"tr": "Makro", "en": "Macro", "de": "Makro"}


def findings(**said: object) -> list[str]:
    macro = Macro.model_validate({"label": LABEL, **said})
    profile = preset().model_copy(update={"macros": {"one": macro}})
    return [f"{'.'.join(map(str, one.path))}: {one.message}" for one in checks.findings(profile)]


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_has_macros_of_which_each_does_something(name):
    profile: Profile = presets.load(name)
    assert all(macro.does_something for macro in profile.macros.values())


@pytest.mark.parametrize(
    ("said", "where", "why"),
    [
        ({}, "macros.one", "does nothing"),
        ({"tags": ["no_such"]}, "macros.one.tags.0", "no tag no_such"),
        ({"unit": "no_such"}, "macros.one.unit", "no unit no_such"),
        ({"take": True, "when": {"topics": ["no.such"]}}, "macros.one.when.topics.0", "no topic"),
        ({"take": True, "question": LABEL}, "macros.one.question", "needs the unit"),
        ({"note": {"tr": "Not", "en": "Note"}}, "macros.one.note.de", "missing"),
        (
            {"reply": {**LABEL, "en": "See {{ link }}"}},
            "macros.one.reply.en",
            "may not hold {{ link }}",
        ),
        ({"take": True, "help": {**LABEL, "en": "{{ name }}"}}, "macros.one.help.en", "know"),
    ],
)
def test_a_mistake_is_found_where_it_stands(said, where, why):
    (found,) = findings(**said)
    assert found.startswith(f"{where}: ")
    assert why in found


def test_names_in_its_words_are_filled_and_so_allowed():
    text = {"tr": "{{ number }}", "en": "{{ name }}", "de": "{{ next_date }}"}
    assert findings(note=text, reply=text, unit="metering", question=text) == []
