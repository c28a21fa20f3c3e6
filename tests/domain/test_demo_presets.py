"""Every organisation that ships has a demo in which all that its process knows happens."""

from datetime import date
from random import Random

import pytest
from django.db import transaction

from derman.accounts.models import User
from derman.cases.models import Case, Dispatch
from derman.demo import customers, planning, texts
from derman.demo.customers import Names
from derman.demo.hours import Hours
from derman.demo.loading import Demo
from derman.demo.plots import FULL
from derman.demo.speaking import Crowd
from derman.profile import presets
from derman.profile.publishing import Published
from derman.quality.models import Improvement
from derman.words.kinds import Kind
from derman.words.life import OPEN_STATES, State
from derman.words.rights import Role
from tests import factories

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)


@pytest.fixture(params=presets.names())
def published(request: pytest.FixtureRequest, db: None) -> Published:
    return factories.published(factories.preset(request.param))


@pytest.mark.parametrize("today", [MONDAY, SUNDAY])
@pytest.mark.parametrize("name", presets.names())
def test_every_topic_channel_and_text_is_used(name, today):
    profile, said = factories.preset(name), texts.read(name)
    regions = dict.fromkeys(profile.organisation.regions, "Merkez")
    people = customers.plan(400, Names(said.people, regions, Random(1)))

    planned = planning.plan(300, Crowd(said, profile, people), Hours(profile, today), Random(1))

    begun = [one.beginning for one in planned]
    assert len(begun) == FULL
    assert {one.entry.topic for one in begun} == set(profile.leaves())
    assert {one.entry for one in begun} >= set(said.entries)
    enabled = {channel for channel, setting in profile.channels.items() if setting.enabled}
    assert {one.submission.channel for one in begun} == enabled


@pytest.mark.parametrize("today", [MONDAY, SUNDAY])
@pytest.mark.parametrize("name", presets.names())
def test_complaints_of_the_improved_topic_fell_after_it(name, today):
    profile, said = factories.preset(name), texts.read(name)
    regions = dict.fromkeys(profile.organisation.regions, "Merkez")
    people = customers.plan(400, Names(said.people, regions, Random(1)))
    hours = Hours(profile, today)
    planned = planning.plan(300, Crowd(said, profile, people), hours, Random(1))

    topic = planning.studied(said, profile)
    came = [
        one.beginning.at < hours.end - planning.IMPROVED_AGO
        for one in planned
        if one.beginning.entry.topic.startswith(topic)
        and planning.is_complaint(one.beginning.entry.topic, profile)
    ]
    assert came.count(True) >= 15
    assert came.count(False) * 2 <= came.count(True)


def test_a_small_demo_shows_every_state_and_kind_and_tells_nobody(published):
    demo = Demo(texts.read(published.profile.key), published, seed=7, today=MONDAY)
    with transaction.atomic():
        assert len(list(demo.load(customers=60, cases=90))) == 90

    cases = Case.objects
    assert set(cases.values_list("state", flat=True)) == set(State)
    assert set(cases.values_list("kind", flat=True)) == set(Kind)
    assert cases.filter(state__in=OPEN_STATES, due_at__lt=demo_end(published)).exists()
    assert cases.filter(priority="emergency").exists()
    assert cases.filter(first_contact=True).exists()
    assert Improvement.objects.get().looks.exists()
    assert Improvement.objects.get().cause.state == "concluded"
    assert not Dispatch.objects.exists()
    assert {role for role in Role if User.objects.filter(username=role).exists()} == set(Role)
    languages = published.profile.organisation.languages
    assert set(cases.values_list("language", flat=True)) == set(languages)


def demo_end(published: Published):
    return Hours(published.profile, MONDAY).end
