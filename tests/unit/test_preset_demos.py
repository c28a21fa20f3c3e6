"""What people say and hear in the demo of every preset on disk."""

import tomllib

import pytest

from derman.lib.special_categories import find
from derman.profile import presets
from derman.words.kinds import Decision, Kind

NAMES = sorted(
    folder.name for folder in presets.find_folder("gas").parent.iterdir() if folder.is_dir()
)


def demo(preset: str, name: str) -> dict:
    path = presets.find_folder(preset) / "demo" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("preset", NAMES)
def test_sensitive_data_stands_only_where_it_is_marked(preset):
    for file in ("complaints", "complaints-other"):
        for entry in demo(preset, file)["complaints"]:
            found = find(entry["text"], entry["language"])
            assert bool(found) == entry.get("special", False), entry["text"]


@pytest.mark.parametrize("preset", NAMES)
def test_answers_suit_the_kind_of_their_topic(preset):
    pools = demo(preset, "answers")
    for key, topic in presets.load(preset).leaves().items():
        main, leaf = key.split(".")
        pool = pools[main][leaf]
        assert len(pool["answers"]) >= 2, key
        assert len(pool["outcomes"]) >= 2, key
        for outcome in pool["outcomes"]:
            decided = Decision(outcome["decision"]) != Decision.NOT_APPLICABLE
            assert decided == (topic.kind == Kind.COMPLAINT), key


@pytest.mark.parametrize("preset", ["consumer", "electricity", "telecom"])
def test_every_answer_of_a_unit_has_its_outcome(preset):
    pools = demo(preset, "answers")
    for key in presets.load(preset).leaves():
        main, leaf = key.split(".")
        assert len(pools[main][leaf]["answers"]) == len(pools[main][leaf]["outcomes"]), key


@pytest.mark.parametrize("preset", NAMES)
def test_what_is_done_fits_the_main_topic(preset):
    planned = demo(preset, "phrases")["internal"]["actions"]
    topics = {key.partition(".")[0] for key in presets.load(preset).leaves()}

    assert set(planned) == topics
    assert all(len(set(texts)) >= 2 for texts in planned.values())
