"""The preset of the consumer brand keeps what its sector promises, and its demo fits its topics."""

import tomllib
from collections import Counter

import pytest

from derman.lib import fill, sms
from derman.profile import names, presets
from derman.words.kinds import Channel, Kind, Language

FOLDER = presets.find_folder("consumer")
LINK = "https://basvuru.ornekev.example/track/" + 43 * "x" + "/"
OPEN = {Channel.WEB, Channel.EMAIL, Channel.PHONE, Channel.APP, Channel.SOCIAL, Channel.LETTER}


@pytest.fixture(scope="module")
def consumer():
    return presets.load("consumer")


def demo(name):
    return tomllib.loads((FOLDER / "demo" / f"{name}.toml").read_text(encoding="utf-8"))


WRITTEN = demo("complaints")["complaints"] + demo("complaints-other")["complaints"]


def test_it_is_wide_enough_to_work_with(consumer):
    leaves = consumer.leaves().values()
    assert len(leaves) >= 30
    assert sum(1 for topic in leaves if topic.unit) >= 25
    assert {topic.kind for topic in leaves} == set(Kind)
    kinds = Counter(unit.kind for unit in consumer.units.values())
    assert kinds["expert"] >= 6
    assert kinds["front_line"]
    assert kinds["solution"]


def test_every_topic_tells_the_customer_something_in_three_languages(consumer):
    for key, topic in consumer.leaves().items():
        for language in Language:
            assert topic.script[language].count(". ") >= 1, key
            assert topic.help[language], key
        assert topic.source, key
        assert topic.resolve, key
        assert topic.words, key


def test_fewer_than_half_of_its_topics_are_shared_with_another_preset(consumer):
    own = set(consumer.leaves())
    for other in set(presets.names()) - {"consumer"}:
        theirs = set(presets.load(other).leaves())
        assert len(own & theirs) * 2 < min(len(own), len(theirs)), other


def test_a_dangerous_product_is_put_away_and_112_called(consumer):
    dangers = [topic for topic in consumer.leaves().values() if topic.emergency]
    assert len(dangers) >= 4
    for topic in dangers:
        assert topic.unit == consumer.process.emergency_unit
        assert all("112" in text for text in topic.script.values())
    stop = {"tr": "kullanmayı bırakın", "en": "stop using", "de": "benutzen sie"}
    for topic in dangers:
        for language, words in stop.items():
            said = topic.script[language].lower() + consumer.topic("hazard").help[language].lower()
            assert words in said


def test_it_has_the_channels_of_its_process_and_names_the_others(consumer):
    """P13; whoever looks for a channel that is off reads why."""
    assert {key for key, setting in consumer.channels.items() if setting.enabled} == OPEN
    assert set(consumer.channels) == set(Channel)
    for looked_for in (Channel.BRANCH, Channel.SMS, Channel.WHATSAPP, Channel.FAX):
        assert consumer.channels[looked_for].note


def test_it_lists_the_special_categories_of_the_law_in_every_language(consumer):
    """P1: sixteen in the words of law 6698; the European list for English and German."""
    listed = consumer.privacy.special_categories
    assert len(listed[Language.TURKISH]) == 16
    assert {"ırk", "sendika üyeliği", "genetik veriler"} <= set(listed[Language.TURKISH])
    assert len(listed[Language.ENGLISH]) == len(listed[Language.GERMAN]) == 9


def test_the_receipt_goes_by_email_first_and_on_the_same_day(consumer):
    """P4, P8: whatever was wished for later answers."""
    opened = [notice for notice in consumer.notices if notice.on == "opened"]
    assert [list(notice.send) for notice in opened] == [["email", "sms"]]
    assert opened[0].acknowledges
    assert not opened[0].prefer_reply_channel
    assert str(consumer.clocks.acknowledge) == "same calendar day"


@pytest.mark.parametrize(
    ("topic", "resolve", "named"),
    [
        ("giving_back.withdrawal", "336 hours", "distance contracts"),
        ("giving_back.refund_waiting", "336 hours", "distance contracts"),
        ("goods.repair_overdue", "20 working days", "after-sales"),
        ("membership.my_data", "720 hours", "6698"),
    ],
)
def test_times_taken_from_a_law_say_so(consumer, topic, resolve, named):
    leaf = consumer.topic(topic)
    assert str(leaf.resolve) == resolve
    assert named in leaf.source
    assert "read 2026" in leaf.source


def test_carriers_bring_what_our_own_vans_do_not(consumer):
    topic = consumer.topic("shipping.late_delivery")
    assert topic.unit_for("adalar") == "carriers"
    assert topic.unit_for("merkez") == topic.unit_for("") == "delivery"


def test_it_asks_for_no_identity_number(consumer):
    """An order number finds what is needed."""
    forms = consumer.forms
    assert "tckn" not in {*forms.with_account, *forms.without_account}
    assert forms.account.label[Language.ENGLISH] == "Order or membership number"


def test_text_messages_take_two_parts_at_most(consumer):
    for key, texts in consumer.messages.items():
        if not key.endswith("_sms"):
            continue
        for language, message in texts.items():
            values = names.samples(language) | {"link": LINK, "organisation": "Örnek Ev"}
            assert sms.measure(fill.fill(message.text, values)).parts <= 2, (key, language)


def test_demo_texts_cover_every_topic(consumer):
    used = Counter(entry["topic"] for entry in WRITTEN if entry["language"] == "tr")
    assert used.keys() == consumer.leaves().keys()
    assert min(used.values()) >= 3
    assert len({entry["text"] for entry in WRITTEN}) == len(WRITTEN) >= 140


def test_nothing_of_another_sector_is_left_in_its_texts(consumer):
    """Its texts began as another preset's."""
    said = consumer.model_dump_json().lower()
    assert [w for w in ("ornekgaz", "doğal gaz", "kaçak", "sayaç", "153") if w in said] == []
