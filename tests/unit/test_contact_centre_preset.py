"""The contact centre's preset says what its published process says, in three languages."""

import re
import tomllib
from collections import Counter

import pytest

from derman.lib import fill, sms
from derman.portal.topics import sounds_urgent
from derman.profile import names, presets
from derman.profile.schema import UnitKind
from derman.words.events import EventType
from derman.words.kinds import Channel, Decision, Kind, Language

KEY = "contact-centre"
FOLDER = presets.find_folder(KEY)
GLUED = re.compile(r"\}\}['’]?\w")  # a suffix that hangs on a name
SENTENCE = re.compile(r"[.?!:;](?:\s|$)")
LINK = "https://sikayet.ornekdestek.example/track/" + 43 * "x" + "/"


@pytest.fixture(scope="module")
def centre():
    return presets.load(KEY)


def demo(name):
    return tomllib.loads((FOLDER / "demo" / f"{name}.toml").read_text(encoding="utf-8"))


WRITTEN = demo("complaints")["complaints"] + demo("complaints-other")["complaints"]


def test_the_channels_are_those_of_the_source_and_the_others_say_why_not(centre):
    on = {channel for channel, setting in centre.channels.items() if setting.enabled}
    assert on == {
        Channel.WEB,
        Channel.EMAIL,
        Channel.PHONE,
        Channel.SURVEY,
        Channel.VISIT,
        Channel.SOCIAL,
    }
    assert set(centre.channels) == set(Channel)
    assert all(setting.note for channel, setting in centre.channels.items() if channel not in on)
    assert {"complaints", "call_centre"} <= set(centre.organisation.lines)  # telephone, call centre


def test_the_tree_has_topics_of_every_kind_and_units_for_most(centre):
    leaves = centre.leaves()
    assert len(leaves) >= 30
    assert {topic.kind for topic in leaves.values()} == set(Kind)
    assert sum(bool(topic.unit) for topic in leaves.values()) >= 25
    kinds = Counter(unit.kind for unit in centre.units.values())
    assert kinds[UnitKind.EXPERT] >= 6
    assert kinds[UnitKind.FRONT_LINE]
    assert kinds[UnitKind.SOLUTION]
    used = {unit for t in leaves.values() for unit in (t.unit, *t.by_region.values())}
    idle = {key for key, unit in centre.units.items() if unit.kind == UnitKind.EXPERT} - used
    assert not idle


def test_every_topic_has_a_script_a_time_with_its_source_and_words(centre):
    for key, topic in centre.leaves().items():
        assert topic.resolve, key
        assert bool(topic.task) == bool(topic.unit), key
        assert topic.source, key
        assert len(topic.words) >= 4, key
        for language in Language:
            assert len(SENTENCE.findall(topic.script[language])) >= 2, (key, language)
            assert topic.help[language], key


@pytest.mark.parametrize(
    ("topic", "resolve", "source"),
    [
        ("data.recording", "720 hours", "article 13"),
        ("data.subject_request", "720 hours", "article 13"),
        ("data.disclosed", "3 working days", "72 hours"),
        ("outbound.stop_calling", "3 working days", "6563"),
        ("reaching.call_back", "2 working days", "Own service target"),
    ],
)
def test_times_say_where_they_come_from(centre, topic, resolve, source):
    leaf = centre.topic(topic)
    assert str(leaf.resolve) == resolve
    assert source in " ".join(leaf.source.split())


def test_danger_goes_to_the_duty_manager_and_names_112(centre):
    dangers = [topic for topic in centre.leaves().values() if topic.emergency]
    assert len(dangers) == 2
    for topic in dangers:
        assert topic.unit == centre.process.emergency_unit
        assert all("112" in text for text in topic.script.values())


def test_the_ethics_line_and_nothing_else_takes_secret_reports(centre):
    secret = {key for key, topic in centre.leaves().items() if topic.secret_reporter}
    assert secret == {"ethics.mistreatment", "ethics.favours"}


def test_complaints_go_to_their_department_by_themselves_and_the_owner_decides(centre):
    process = centre.process
    assert (process.refers, process.informs) == ("itself", "owner")
    assert process.closes_not_justified


def test_the_applicant_hears_that_the_review_began_and_how_it_ended(centre):
    def told(event, **when):
        return [
            notice
            for notice in centre.notices
            if notice.on == event
            and notice.to == "applicant"
            and all(value in getattr(notice.when, name) for name, value in when.items())
        ]

    assert len(told(EventType.TASK_STARTED)) == 1
    endings = {
        decision: told(EventType.RESOLVED, decisions=decision)[0].send["sms"]
        for decision in Decision
    }
    assert endings == {
        Decision.JUSTIFIED: "justified_sms",
        Decision.PARTLY: "justified_sms",
        Decision.NOT_JUSTIFIED: "not_justified_sms",
        Decision.NOT_APPLICABLE: "concluded_sms",
    }


def test_somebody_without_a_number_is_asked_for_more_ways_to_reach_them(centre):
    forms = centre.forms
    assert "email" in set(forms.without_account) - set(forms.with_account)
    assert "tckn" not in {*forms.with_account, *forms.without_account}


def test_half_of_the_topics_are_found_in_no_other_preset(centre):
    mine = set(centre.leaves())
    for name in set(presets.names()) - {KEY}:
        others = set(presets.load(name).leaves())
        assert len(mine & others) < min(len(mine), len(others)) / 2, name


def test_text_messages_take_two_parts_at_most(centre):
    for key, texts in centre.messages.items():
        if not key.endswith("_sms"):
            continue
        for language, message in texts.items():
            values = names.samples(language) | {"link": LINK, "organisation": "Örnek Destek"}
            assert sms.measure(fill.fill(message.text, values)).parts <= 2, (key, language)


def test_no_ending_hangs_on_a_name(centre):
    texts = [m.text for texts in centre.messages.values() for m in texts.values()]
    texts += [text for template in centre.templates.values() for text in template.text.values()]
    assert [text for text in texts if GLUED.search(text)] == []


def test_demo_texts_cover_every_topic_and_are_all_different(centre):
    used = Counter(entry["topic"] for entry in WRITTEN if entry["language"] == "tr")
    assert used.keys() == centre.leaves().keys()
    assert min(used.values()) >= 2
    assert len({entry["text"] for entry in WRITTEN}) == len(WRITTEN) >= 150


def test_two_demo_texts_hold_sensitive_data():
    assert sum(entry.get("special", False) for entry in WRITTEN) == 2


def test_words_of_danger_are_not_those_of_an_angry_complaint(centre):
    """The desk and the portal raise the alarm at these words, wherever they stand."""
    for entry in WRITTEN:
        if not entry["topic"].startswith("danger."):
            assert not sounds_urgent(entry["text"], centre), entry["text"]
    heard = [entry for entry in WRITTEN if sounds_urgent(entry["text"], centre)]
    assert len(heard) >= 6


def test_the_demo_asks_where_no_unit_is_proposed(centre):
    pools = demo("answers")
    for key, topic in centre.leaves().items():
        main, leaf = key.split(".")
        assert bool(pools[main][leaf]["questions"]) == (topic.unit is None), key
