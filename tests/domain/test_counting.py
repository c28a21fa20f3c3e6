"""Counts whose statement is kept: right at every moment, for every reader, and cheap."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from derman.cases import actions
from derman.cases.models import Case
from derman.desk import views_menu
from derman.desk.worklists import VIEWS
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db


def shown(user, at):
    menu = views_menu.menu(user, at)
    return {item.name: item.count for item in menu.items} | {"promised": menu.promises}


def reckoned(user, at):
    """The same without anything kept."""
    visible = Case.objects.visible_to(user)
    return {
        name: view.narrow(visible, user, at).values("pk").count() for name, view in VIEWS.items()
    }


@pytest.mark.parametrize("role", Role)
def test_the_second_time_counts_at_its_own_moment(role):
    profile = published()
    user, boss = make_user(role, "metering"), make_user("supervisor", name="boss")
    for n in range(4):
        case = make_case(at=MONDAY + timedelta(days=n))
        if n:
            actions.refer(case, "metering", by=boss, at=MONDAY, profile=profile)
    for days in (0, 3, 10, 30):
        at = MONDAY + timedelta(days=days)
        expected = reckoned(user, at)
        counts = {name: n for name, n in shown(user, at).items() if name in expected}
        assert {name: n for name, n in counts.items() if n is not None} == {
            name: expected[name] for name, n in counts.items() if n is not None
        }
    assert len(views_menu._counted.made) == 1
    assert all(views_menu._counted.made.values())


def test_two_readers_do_not_share_a_statement():
    published()
    make_case()
    agent, unit = make_user("agent", "call_centre"), make_user("unit", "billing")
    at = MONDAY + timedelta(days=60)
    assert shown(agent, at)["late"] == 1
    assert shown(unit, at)["late"] == 0
    unit.memberships.update(unit="metering")
    del unit.__dict__["posts"]
    assert shown(unit, at)["late"] == 1


def test_it_is_one_query_and_the_same_each_time():
    published()
    agent = make_user("agent", "call_centre")
    at = MONDAY + timedelta(days=1)
    seen = []
    for hours in (0, 1):
        with CaptureQueriesContext(connection) as asked:
            shown(agent, at + timedelta(hours=hours))
        seen.append([q["sql"] for q in asked if "COUNT" in q["sql"]])
    assert [len(found) for found in seen] == [1, 1]
    assert "9000" not in seen[0][0]
