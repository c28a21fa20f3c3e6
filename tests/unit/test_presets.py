"""What holds for every organisation that ships: wide enough to work with, and each its own.

A preset that is added is held to all of this by being on disk.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from derman.lib import fill, sms
from derman.profile import names, presets
from derman.profile.schema import Notice, Profile, UnitKind
from derman.profile.shape import is_by_language, walk
from derman.words.kinds import Channel, Kind, Language

PRESETS = presets.names()
PAIRS = list(combinations(PRESETS, 2))
SECTORS = {"consumer", "contact-centre", "electricity", "gas", "telecom"}

# Names are the same word in many languages; whoever reads them reads no prose.
NAMES = ("label", "name", "short_name", "address", "number")
PROSE = 4  # words
LINK = "https://basvuru.ornekorganizasyon.example/track/" + 43 * "x" + "/"
# Where the applicant is called instead (row E19).
SPOKEN_TO = {Channel.SOCIAL}


@cache
def load(name: str) -> Profile:
    return presets.load(name)


@pytest.fixture(params=PRESETS)
def profile(request: pytest.FixtureRequest) -> Profile:
    return load(request.param)


def loaded(pair: tuple[str, str]) -> tuple[Profile, Profile]:
    return load(pair[0]), load(pair[1])


def test_there_is_an_organisation_for_each_source():
    assert set(PRESETS) >= SECTORS


def test_topics_are_many_and_of_every_kind(profile):
    leaves = profile.leaves()
    assert len(leaves) >= 30
    assert {topic.kind for topic in leaves.values()} == set(Kind)


def test_most_topics_have_a_unit(profile):
    units = [topic.unit for topic in profile.leaves().values() if topic.unit]
    assert len(units) >= 25
    assert len(set(units)) >= 6


def test_there_are_experts_a_front_line_and_somebody_who_owns_cases(profile):
    kinds = Counter(unit.kind for unit in profile.units.values())
    assert kinds[UnitKind.EXPERT] >= 6
    assert kinds[UnitKind.FRONT_LINE] >= 1
    assert kinds[UnitKind.SOLUTION] >= 1
    assert all(unit.email for unit in profile.units.values())


def test_every_expert_is_the_unit_of_some_topic(profile):
    proposed = {topic.unit for topic in profile.leaves().values()}
    proposed |= {u for topic in profile.leaves().values() for u in topic.by_region.values()}
    experts = {key for key, unit in profile.units.items() if unit.kind == UnitKind.EXPERT}
    assert experts <= proposed


def test_every_topic_says_what_is_told_and_how_long_it_takes(profile):
    for key, topic in profile.leaves().items():
        for language in profile.organisation.languages:
            assert sentences(topic.script[language]) >= 2, (key, language)
            assert topic.help[language], (key, language)
        assert topic.resolve, key
        assert len(topic.source) >= 20, key
        assert len(topic.words) >= 3, key


def sentences(text: str) -> int:
    """How many sentences a text has."""
    return sum(text.count(f"{end} ") + text.endswith(end) for end in ".?")


def test_danger_goes_to_those_on_duty_and_names_a_line_to_call(profile):
    danger = [topic for topic in profile.leaves().values() if topic.emergency]
    lines = [line.number for line in profile.organisation.lines.values() if line.emergency]
    assert danger
    for topic in danger:
        assert profile.units[topic.unit].kind == UnitKind.EMERGENCY
        for text in topic.script.values():
            assert any(number in text for number in lines)


def test_it_speaks_three_languages(profile):
    assert set(profile.organisation.languages) == set(Language)


def test_no_prose_was_left_untranslated(profile):
    for path, texts in texts_of(profile):
        if path[-1] in NAMES:
            continue
        for one, other in combinations(texts, 2):
            same = texts[one] == texts[other] and len(texts[one].split()) >= PROSE
            assert not same, f"{path}: {one} and {other} say the same"


def texts_of(profile: Profile) -> Iterator[tuple[tuple, dict[str, str]]]:
    """Everything that is written in several languages, and where."""
    for path, kind, value in walk(profile):
        if not is_by_language(kind) or not isinstance(value, dict):
            continue
        if all(isinstance(text, str) for text in value.values()):
            yield path, value
        elif path[0] == "messages":
            yield path, {language: message.text for language, message in value.items()}


def test_text_messages_take_two_parts_at_most(profile):
    for key, texts in profile.messages.items():
        if not key.endswith("_sms"):
            continue
        for language, message in texts.items():
            own = {"link": LINK, "organisation": profile.organisation.short_name[language]}
            text = fill.fill(message.text, names.samples(language) | own)
            assert sms.measure(text).parts <= 2, (key, language)


def test_every_channel_confirms_the_receipt_and_the_result(profile):
    enabled = {channel for channel, setting in profile.channels.items() if setting.enabled}
    for channel in enabled:
        for kind in Kind:
            for at_once in (True, False):
                told = matching(profile, "resolved", channel, kind, at_once)
                assert told, f"{channel}, {kind}: nothing says the result"
                assert all(notice.concludes for notice in told)
            if channel not in SPOKEN_TO:
                said = matching(profile, "opened", channel, kind, at_once=False)
                assert said, f"{channel}, {kind}: nothing confirms the receipt"


def test_a_referral_is_told_to_the_unit(profile):
    assert "unit" in {notice.to for notice in profile.notices if notice.on == "referred"}


@pytest.mark.parametrize("name", ["consumer", "gas", "telecom"])
def test_a_referral_is_told_to_the_applicant_where_the_source_says_so(name):
    """Rows G16, T6 and P7: with the expected date and the way to follow."""
    [notice] = [n for n in load(name).notices if n.on == "referred" and n.to == "applicant"]
    for key in notice.send.values():
        for message in load(name).messages[key].values():
            assert {"next_date", "number", "follow_key"} <= fill.names_in(message.text), key


def matching(
    profile: Profile, on: str, channel: Channel, kind: Kind, at_once: bool
) -> list[Notice]:
    """The notices to the applicant that such a case sets off, whatever its topic and decision."""
    return [
        notice
        for notice in profile.notices
        if notice.on == on
        and notice.to == "applicant"
        and (not notice.when.channels or channel in notice.when.channels)
        and (not notice.when.kinds or kind in notice.when.kinds)
        and notice.when.first_contact in (None, at_once)
    ]


def test_outside_rules_are_linked_and_dated(profile):
    for regulator in profile.organisation.regulators.values():
        assert regulator.url.startswith("https://")
        assert regulator.as_of.year >= 2026


@pytest.mark.parametrize("name", ["electricity", "gas", "telecom"])
def test_a_regulated_sector_links_its_regulator_and_says_what_its_page_is_worth(name):
    organisation = load(name).organisation
    assert organisation.regulators
    assert organisation.disclaimer


@pytest.mark.parametrize("pair", PAIRS)
def test_two_organisations_share_few_topics(pair):
    one, other = (set(profile.leaves()) for profile in loaded(pair))
    assert len(one & other) * 2 < min(len(one), len(other))


@pytest.mark.parametrize("pair", PAIRS)
def test_two_organisations_work_and_speak_differently(pair):
    one, other = loaded(pair)
    assert (one.process, one.clocks) != (other.process, other.clocks)
    assert one.notices != other.notices
    assert one.forms != other.forms
    assert enabled_in(one) != enabled_in(other)
    assert one.organisation.brand != other.organisation.brand or one.organisation.brand is None


def enabled_in(profile: Profile) -> set[Channel]:
    return {channel for channel, setting in profile.channels.items() if setting.enabled}


def test_who_refers_and_who_informs_is_not_the_same_everywhere():
    processes = [load(name).process for name in PRESETS]
    assert {process.refers for process in processes} == {"itself", "front_line", "solution"}
    assert {process.informs for process in processes} == {"owner", "unit"}
