"""The replay: a change of one unit and one budget names exactly the cases it would have touched."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from derman.administration import replay
from derman.administration.replay import Facts
from derman.lib.worktime import Budget
from derman.profile import drafts, editing
from tests.factories import MONDAY, make_case, make_user, preset, published

pytestmark = pytest.mark.django_db


def with_topic(profile, key, **changes):
    """The profile with other values in one sub-topic."""
    main, leaf = key.split(".")
    branch = profile.topics[main]
    child = branch.children[leaf].model_copy(update=changes)
    branch = branch.model_copy(update={"children": {**branch.children, leaf: child}})
    return profile.model_copy(update={"topics": {**profile.topics, main: branch}})


def facts(topic, number="1", at=MONDAY):
    return Facts(number, topic, "", "phone", at)


LEAVES = [
    key
    for key, topic in preset().leaves().items()
    if topic.unit and "working days" in str(topic.resolve)
]
ONE, TWO, THREE = LEAVES[:3]


def test_nothing_is_replayed_against_itself():
    cases = [facts(key) for key in LEAVES]
    assert list(replay.replay(cases, preset(), preset())) == []


def test_one_unit_and_one_budget_give_exactly_their_cases():
    units = list(preset().units)
    other = next(key for key in units if key != preset().topic(ONE).unit)
    new = with_topic(preset(), ONE, unit=other)
    new = with_topic(new, TWO, resolve=Budget.parse("77 hours"))
    cases = [facts(key, str(at)) for at, key in enumerate(LEAVES)]

    found = {one.facts.topic: one for one in replay.replay(cases, preset(), new)}

    assert set(found) == {ONE, TWO}
    assert found[ONE].is_routed_otherwise
    assert not found[ONE].is_timed_otherwise
    assert found[TWO].new_times.resolve == MONDAY + timedelta(hours=77)
    assert not found[TWO].is_routed_otherwise


def test_a_closed_day_moves_only_what_is_due_over_it():
    calendar = preset().calendar
    day = (MONDAY + timedelta(days=1)).date()
    new = preset().model_copy(
        update={"calendar": calendar.model_copy(update={"dates": {**calendar.dates, day: ()}})}
    )
    late = facts(ONE, "late", MONDAY + timedelta(days=30))

    found = list(replay.replay([facts(ONE, "early"), late], preset(), new))

    assert [one.facts.number for one in found] == ["early"]


def test_a_region_is_routed_by_its_own_line():
    region = next(iter(preset().organisation.regions))
    unit = next(key for key in preset().units if key != preset().topic(ONE).unit)
    new = with_topic(preset(), ONE, by_region={region: unit})
    here = facts(ONE)._replace(region=region)

    assert [one.new.unit for one in replay.replay([facts(ONE), here], preset(), new)] == [unit]


def test_the_page_counts_and_links_exactly_the_cases(django_assert_max_num_queries):
    published()
    now = timezone.now()
    touched = [make_case(topic=ONE, at=now - timedelta(days=day)) for day in (1, 2, 30)]
    make_case(topic=ONE, at=now - timedelta(days=60))
    make_case(topic=THREE, at=now - timedelta(days=1))
    admin = make_user("admin")
    client = Client()
    client.force_login(admin)
    main, leaf = ONE.split(".")
    path = ("topics", main, "children", leaf, "resolve")
    seen = editing.fingerprint(editing.value_at(drafts.current().document, path))
    drafts.set_value(path, "77 hours", seen=seen, by=admin, at=now)
    client.get("/settings/replay/")

    with django_assert_max_num_queries(14):
        page = client.get("/settings/replay/")

    assert {line.number for line in page.context["lines"]} == {case.number for case in touched}
    assert (page.context["total"], page.context["timed"], page.context["routed"]) == (3, 3, 0)
    for case in touched:
        assert f'href="/desk/cases/{case.number}/"' in page.text


def test_times_are_those_that_the_clocks_of_a_case_get():
    """The replay reckons by itself for speed; it agrees with what opening a case writes."""
    current = published()
    found = {}
    for key in preset().leaves():
        case = make_case(topic=key, at=MONDAY + timedelta(hours=7, minutes=11))
        found[key] = (case.due_at, case.unit)

    for key, (due_at, unit) in found.items():
        one = facts(key, at=MONDAY + timedelta(hours=7, minutes=11))
        route = replay.route(one.topic, one.region, one.channel, current.profile)
        assert replay.Watch(current.profile).times(one, route).resolve == due_at, key
        assert route.unit == unit, key
