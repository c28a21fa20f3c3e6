"""The telecom preset says what its source says, and its demo texts fit its topics."""

import re
import tomllib
from collections import Counter
from datetime import date

import pytest

from derman.lib.turkish import fold
from derman.profile import presets
from derman.profile.schema import UnitKind
from derman.words.kinds import Channel, Language

FOLDER = presets.find_folder("telecom")
GLUED = re.compile(r"\}\}['’]?\w")  # a suffix that hangs on a name


@pytest.fixture(scope="module")
def telecom():
    return presets.load("telecom")


def demo(name):
    return tomllib.loads((FOLDER / "demo" / f"{name}.toml").read_text(encoding="utf-8"))


WRITTEN = demo("complaints")["complaints"] + demo("complaints-other")["complaints"]


def test_every_way_of_the_source_is_open(telecom):
    """Row T1: complaint sites are social media, official institutions the regulator's channel."""
    ways = {"phone", "web", "email", "fax", "sms", "branch", "social", "regulator", "app"}
    assert all(telecom.channels[Channel(way)].enabled for way in ways)
    about, note = telecom.organisation.about_complaints, telecom.channels[Channel.SMS].note
    for text in (about, note):
        assert all("YARDIM" in text[language] and "5549" in text[language] for language in Language)


def test_offices_and_dealers_register_only(telecom):
    offices = {key for key, unit in telecom.units.items() if unit.kind == UnitKind.OFFICE}
    assert {key.split("_")[0] for key in offices} == {"office", "dealer"}
    assert not offices & {topic.unit for topic in telecom.leaves().values()}


def test_one_centre_owns_what_the_experts_conclude(telecom):
    """Rows T2 and T5: sent on by whoever took it in, concluded by the experts of its topic."""
    process = telecom.process
    assert process.owner != process.front_line
    assert telecom.units[process.owner].kind == UnitKind.SOLUTION
    assert (process.refers, process.informs) == ("front_line", "unit")


def test_the_receipt_is_confirmed_within_a_day_with_the_number(telecom):
    assert str(telecom.clocks.acknowledge) == "24 hours"
    opened = [n for n in telecom.notices if n.on == "opened"]
    assert all(notice.acknowledges for notice in opened)
    for key in ("opened_sms", "opened_email", "concluded_at_once_sms", "resolved_at_once_sms"):
        for message in telecom.messages[key].values():
            assert "{{ number }}" in message.text
            assert "{{ follow_key }}" in message.text


def test_the_page_about_complaints_names_the_regulators_procedure(telecom):
    """Row T13."""
    procedure = telecom.organisation.regulators["procedure"]
    assert "usul-ve-esaslar" in procedure.url
    assert "Usul ve Esaslar" in procedure.label["tr"]
    assert procedure.as_of == date(2026, 11, 22)
    assert telecom.organisation.disclaimer["tr"]


@pytest.mark.parametrize(
    "topic", ["invoice.too_high", "commitment.exit_fee", "mobile.no_coverage", "care.shop_conduct"]
)
def test_the_ten_days_of_the_regulator_say_where_they_come_from(telecom, topic):
    leaf = telecom.topic(topic)
    assert str(leaf.resolve) == "10 working days"
    assert "BTK" in leaf.source
    assert "2026-11-22" in leaf.source


def test_no_topic_takes_longer_than_the_regulator_allows(telecom):
    for key, topic in telecom.leaves().items():
        days = {"working_days": 1, "working_hours": 24, "hours": 24}[topic.resolve.unit]
        assert topic.resolve.amount / days <= 10, key


@pytest.mark.parametrize(
    ("topic", "north", "south"),
    [
        ("internet.no_connection", "access_north", "access_south"),
        ("fixed_line.dead_line", "access_north", "access_south"),
        ("mobile.no_coverage", "mobile_north", "mobile_south"),
    ],
)
def test_faults_go_to_the_crews_of_the_place(telecom, topic, north, south):
    leaf = telecom.topic(topic)
    assert leaf.unit_for("beyova") == north
    assert leaf.unit_for("goksu") == south
    assert leaf.unit_for("") == leaf.unit


def test_danger_in_the_street_names_the_emergency_number(telecom):
    danger = [topic for topic in telecom.leaves().values() if topic.emergency]
    assert len(danger) == 3
    assert all("112" in text for topic in danger for text in topic.script.values())


def test_danger_is_heard_in_what_people_say_and_nowhere_else(telecom):
    """The words of the emergencies, as the call page looks for them."""
    alarm = {
        fold(word) for topic in telecom.leaves().values() if topic.emergency for word in topic.words
    }
    heard = Counter()
    for entry in WRITTEN:
        said = " " + " ".join(re.findall(r"\w+", fold(entry["text"])))
        heard[entry["topic"].startswith("danger."), any(f" {w}" in said for w in alarm)] += 1
    assert heard[False, True] == 0
    assert heard[True, True] > heard[True, False]


def test_who_reports_fraud_may_stay_unnamed(telecom):
    secret = [key for key, topic in telecom.leaves().items() if topic.secret_reporter]
    assert secret == ["trust.fraud_report"]


def test_no_ending_hangs_on_a_name(telecom):
    texts = [m.text for texts in telecom.messages.values() for m in texts.values()]
    texts += [text for template in telecom.templates.values() for text in template.text.values()]
    assert [text for text in texts if GLUED.search(text)] == []


def test_demo_texts_cover_every_topic(telecom):
    used = Counter(entry["topic"] for entry in WRITTEN if entry["language"] == "tr")
    assert used.keys() == telecom.leaves().keys()
    assert min(used.values()) >= 2
    assert len({entry["text"] for entry in WRITTEN}) == len(WRITTEN) >= 120
