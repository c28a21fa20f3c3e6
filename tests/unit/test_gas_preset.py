"""The gas preset keeps the promises of its sector, and its demo texts fit its topics."""

import re
import tomllib
from collections import Counter

import pytest

from derman.lib import fill, sms
from derman.profile import names, presets
from derman.words.kinds import Language

FOLDER = presets.find_folder("gas")
GLUED = re.compile(r"\}\}['’]?\w")  # a suffix that hangs on a name
LINK = "https://basvuru.ornekgaz.example/track/" + 43 * "x" + "/"


@pytest.fixture(scope="module")
def gas():
    return presets.load("gas")


def demo(name):
    return tomllib.loads((FOLDER / "demo" / f"{name}.toml").read_text(encoding="utf-8"))


WRITTEN = demo("complaints")["complaints"] + demo("complaints-other")["complaints"]


def test_every_topic_tells_the_applicant_something_in_three_languages(gas):
    for key, topic in gas.leaves().items():
        for language in Language:
            assert topic.script[language].count(". ") >= 1, key
            assert topic.help[language], key
        assert topic.source, key


def test_emergencies_go_to_the_emergency_unit_and_name_its_line(gas):
    emergencies = [topic for topic in gas.leaves().values() if topic.emergency]
    assert len(emergencies) >= 4
    for topic in emergencies:
        assert topic.unit == gas.process.emergency_unit
        assert all("187" in text for text in topic.script.values())


@pytest.mark.parametrize(
    ("topic", "resolve"),
    [
        ("billing.invoice_objection", "10 working days"),
        ("supply.no_gas", "24 hours"),
        ("connection.gas_on", "4 working days"),
        ("connection.fee_refund", "5 working days"),
    ],
)
def test_times_taken_from_the_regulation_say_so(gas, topic, resolve):
    leaf = gas.topic(topic)
    assert str(leaf.resolve) == resolve
    assert "EPDK" in leaf.source


def test_network_topics_go_to_the_unit_of_the_place(gas):
    topic = gas.topic("supply.no_gas")
    assert topic.unit_for("golkent") == "network_north"
    assert topic.unit_for("sahil") == "network_south"
    assert topic.unit_for("") == "network"


def test_reports_of_illegal_use_may_be_secret(gas):
    secret = [key for key, topic in gas.leaves().items() if topic.secret_reporter]
    assert secret == ["illegal_use.report"]


def test_text_messages_take_two_parts_at_most(gas):
    for key, texts in gas.messages.items():
        if not key.endswith("_sms"):
            continue
        for language, message in texts.items():
            values = names.samples(language) | {"link": LINK, "organisation": "Örnek Gaz"}
            assert sms.measure(fill.fill(message.text, values)).parts <= 2, (key, language)


def test_no_ending_hangs_on_a_name(gas):
    texts = [m.text for texts in gas.messages.values() for m in texts.values()]
    texts += [text for template in gas.templates.values() for text in template.text.values()]
    assert [text for text in texts if GLUED.search(text)] == []


def test_demo_texts_cover_every_topic(gas):
    used = Counter(entry["topic"] for entry in WRITTEN if entry["language"] == "tr")
    assert used.keys() == gas.leaves().keys()
    assert min(used.values()) >= 4
    assert len({entry["text"] for entry in WRITTEN}) == len(WRITTEN) >= 190
