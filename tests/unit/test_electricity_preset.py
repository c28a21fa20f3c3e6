"""The electricity preset says what its source says, and its demo texts fit its topics."""

import re
import tomllib
from collections import Counter

import pytest

from derman.lib import fill, sms
from derman.portal.topics import sounds_urgent
from derman.profile import names, presets
from derman.profile.schema import UnitKind
from derman.words.kinds import Channel, Kind, Language

FOLDER = presets.find_folder("electricity")
GLUED = re.compile(r"\}\}['’]?\w")  # a suffix that hangs on a name
LINK = "https://basvuru.ornekelektrik.example/track/" + 43 * "x" + "/"


def demo(name):
    return tomllib.loads((FOLDER / "demo" / f"{name}.toml").read_text(encoding="utf-8"))


WRITTEN = demo("complaints")["complaints"] + demo("complaints-other")["complaints"]


@pytest.fixture(scope="module")
def electricity():
    return presets.load("electricity")


def test_every_topic_tells_the_applicant_something_in_three_languages(electricity):
    for key, topic in electricity.leaves().items():
        for language in Language:
            assert topic.script[language].count(". ") >= 1, key
            assert topic.help[language], key
        assert topic.resolve, key
        assert topic.task, key
        assert topic.source, key
        assert len(topic.words) >= 5, key


def test_there_is_a_topic_of_every_kind_and_most_concern_a_team(electricity):
    leaves = electricity.leaves().values()
    assert len(leaves) >= 30
    assert {topic.kind for topic in leaves} == set(Kind)
    assert sum(topic.unit is not None for topic in leaves) >= 25


@pytest.mark.parametrize("other", [name for name in presets.names() if name != "electricity"])
def test_its_topics_are_those_of_its_sector(electricity, other):
    mine, theirs = electricity.leaves().keys(), presets.load(other).leaves().keys()
    assert len(mine & theirs) * 2 < min(len(mine), len(theirs))


def test_danger_goes_to_the_crews_and_names_the_line(electricity):
    danger = [topic for topic in electricity.leaves().values() if topic.emergency]
    assert len(danger) >= 3
    assert {topic.unit for topic in danger} == {electricity.process.emergency_unit}
    assert all("186" in text for topic in danger for text in topic.script.values())
    lines = {line.dial for line in electricity.organisation.lines.values() if line.emergency}
    assert lines == {"186", "112"}


def test_teams_points_switchboard_and_solution_centre_are_there(electricity):
    kinds = Counter(unit.kind for unit in electricity.units.values())
    assert kinds[UnitKind.EXPERT] >= 6
    assert kinds[UnitKind.FRONT_LINE] >= 2  # call centre and switchboard
    assert kinds[UnitKind.OFFICE] >= 2  # the solution points in the branches
    assert electricity.process.owner == "solution"
    assert electricity.process.informs == "owner"  # E3: the solution centre calls


@pytest.mark.parametrize(
    ("topic", "resolve"),
    [
        ("voltage.damaged_device", "20 working days"),
        ("charges.bill_from_reading", "10 working days"),
        ("connect.new_building", "15 working days"),
    ],
)
def test_times_taken_from_the_regulator_say_so(electricity, topic, resolve):
    leaf = electricity.topic(topic)
    assert str(leaf.resolve) == resolve
    assert "EPDK" in leaf.source


def test_crews_are_sent_by_region(electricity):
    topic = electricity.topic("outage.no_power")
    assert topic.unit_for("yayla") == "field_mountain"
    assert topic.unit_for("kiyikoy") == "field_coast"
    assert topic.unit_for("") == "field_centre"


def test_who_reports_theft_may_stay_secret(electricity):
    secret = [key for key, topic in electricity.leaves().items() if topic.secret_reporter]
    assert secret == ["theft.tip"]


def test_whatsapp_is_named_and_off(electricity):
    setting = electricity.channels[Channel.WHATSAPP]
    assert not setting.enabled
    assert set(setting.note) == set(Language)


def test_text_messages_take_two_parts_at_most(electricity):
    for key, texts in electricity.messages.items():
        if not key.endswith("_sms"):
            continue
        for language, message in texts.items():
            values = names.samples(language) | {"link": LINK, "organisation": "Örnek Elektrik"}
            assert sms.measure(fill.fill(message.text, values)).parts <= 2, (key, language)


def test_no_ending_hangs_on_a_name(electricity):
    texts = [m.text for texts in electricity.messages.values() for m in texts.values()]
    texts += [text for one in electricity.templates.values() for text in one.text.values()]
    assert [text for text in texts if GLUED.search(text)] == []


def test_demo_texts_cover_every_topic(electricity):
    used = Counter(entry["topic"] for entry in WRITTEN if entry["language"] == "tr")
    assert used.keys() == electricity.leaves().keys()
    assert min(used.values()) >= 3
    assert len({entry["text"] for entry in WRITTEN}) == len(WRITTEN) >= 160


def test_two_demo_texts_hold_sensitive_data():
    assert sum(entry.get("special", False) for entry in WRITTEN) == 2


def test_danger_is_heard_in_what_people_write_and_little_else_sounds_like_it(electricity):
    danger = [key for key, topic in electricity.leaves().items() if topic.emergency]
    missed = [
        entry["text"]
        for entry in WRITTEN
        if entry["topic"] in danger and not sounds_urgent(entry["text"], electricity)
    ]
    alarms = [
        entry["topic"]
        for entry in WRITTEN
        if entry["topic"] not in danger and sounds_urgent(entry["text"], electricity)
    ]
    assert missed == []
    assert alarms == ["grid.branches"]  # they throw sparks, so it is right to ask
