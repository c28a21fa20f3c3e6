"""When a notice is meant: an empty field matches all, a filled one what it names."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from derman.outbox.conditions import Occasion, matches
from derman.profile.schema import Condition
from derman.words.kinds import Channel, Decision, Kind, ReplyChannel

TOPICS = ["billing", "billing.reading", "billing.readings", "bill", "network.outage"]

occasions = st.builds(
    Occasion,
    channel=st.sampled_from(list(Channel)),
    kind=st.sampled_from(list(Kind)),
    topic=st.sampled_from(TOPICS),
    decision=st.sampled_from(["", *Decision]),
    first_contact=st.booleans(),
    reply_channel=st.sampled_from(["", *ReplyChannel]),
)


def several(values):
    return st.lists(st.sampled_from(values), max_size=3).map(tuple)


conditions = st.builds(
    Condition,
    channels=several(list(Channel)),
    kinds=several(list(Kind)),
    topics=several(TOPICS),
    decisions=several(list(Decision)),
    first_contact=st.sampled_from([None, True, False]),
    reply_channels=several(list(ReplyChannel)),
    except_reply_channels=several(list(ReplyChannel)),
)


@given(occasions)
def test_the_empty_condition_matches_all(occasion):
    assert matches(Condition(), occasion)


@given(conditions, occasions)
def test_a_condition_is_the_conjunction_of_its_fields(when, occasion):
    alone = [
        Condition(**{name: getattr(when, name)})
        for name in Condition.model_fields
        if getattr(when, name) not in ((), None)
    ]

    assert matches(when, occasion) == all(matches(one, occasion) for one in alone)


@given(conditions, occasions, st.sampled_from(list(Channel)))
def test_naming_one_more_channel_never_silences_a_notice(when, occasion, channel):
    wider = when.model_copy(update={"channels": (*when.channels, channel)})

    if when.channels and matches(when, occasion):
        assert matches(wider, occasion)


@given(conditions, occasions)
def test_a_field_that_is_not_named_does_not_matter(when, occasion):
    if not when.kinds:
        answers = {matches(when, replace(occasion, kind=kind)) for kind in Kind}
        assert len(answers) == 1


def test_a_topic_covers_what_lies_below_it_and_no_namesake():
    when = Condition(topics=("billing",))
    told = {
        topic
        for topic in TOPICS
        if matches(when, Occasion("phone", "complaint", topic, "", False, ""))
    }

    assert told == {"billing", "billing.reading", "billing.readings"}


def test_who_wished_for_an_answer_in_another_way_or_in_none_is_not_left_out():
    when = Condition(except_reply_channels=("email",))
    told = {
        wish
        for wish in ("", *ReplyChannel)
        if matches(when, Occasion("web", "complaint", "billing", "", False, wish))
    }

    assert told == {"", "phone", "sms", "letter"}
