"""Days that nobody can mean: a half-typed year, the ends of the calendar."""

import pytest

from derman.quality.models import Improvement
from derman.words.rights import Role
from tests.desk import Desk
from tests.factories import make_case, published
from tests.learning import TOPIC

pytestmark = pytest.mark.django_db

ODD = ("0001-01-01", "0026-11-22", "9999-12-31")


@pytest.fixture(autouse=True)
def profile():
    return published()


@pytest.mark.parametrize("day", ODD)
@pytest.mark.parametrize("name", ["received_from", "received_to", "checked_from"])
def test_a_list_is_not_narrowed_by_an_odd_day(name, day):
    case = make_case()
    page = Desk(Role.SUPERVISOR).client.get(f"/desk/?view=all&{name}={day}")
    assert page.status_code == 200
    assert case.number in page.content.decode()


@pytest.mark.parametrize("day", ODD)
def test_the_planner_shows_this_week_for_an_odd_day(day):
    desk = Desk(Role.SUPERVISOR)
    page = desk.client.get(f"/desk/visits/?week={day}")
    assert page.status_code == 200
    assert page.context["is_this_week"]


@pytest.mark.parametrize("day", ODD)
def test_the_map_asks_for_another_day(day):
    page = Desk(Role.SUPERVISOR).client.get(f"/desk/maps/?since={day}&until={day}")
    assert page.status_code == 422
    assert "Give a year between 1900 and 2200." in page.content.decode()


@pytest.mark.parametrize("month", ["0001-01", "0026-11", "9999-12"])
def test_satisfaction_shows_the_usual_months_for_an_odd_one(month):
    desk = Desk(Role.SUPERVISOR)
    page = desk.client.get(f"/desk/satisfaction/?from={month}&to={month}")
    assert page.status_code == 200
    assert desk.client.get(f"/desk/?view=all&survey=answered~{month}~{month}").status_code == 200


@pytest.mark.parametrize("day", ODD)
@pytest.mark.parametrize("name", ["starts_on", "due_on", "left_out"])
def test_an_improvement_is_not_planned_for_an_odd_day(name, day):
    desk = Desk(Role.QUALITY)
    said = {
        "title": "Photograph every reading", "text": "A picture of each meter.",
        "starts_on": "2026-03-02", "due_on": "2026-04-01", "topics": [TOPIC],
        "weeks_before": "12", "owner": desk.user.pk, "left_out": "",
    }  # fmt: skip
    said[name] = f"{day} outage" if name == "left_out" else day
    page = desk.client.post("/desk/improvements/new/", said)
    assert page.status_code == 422
    assert [*page.context["form"].errors] == [name]
    assert not Improvement.objects.exists()


@pytest.mark.parametrize("day", ODD)
def test_nobody_is_away_on_an_odd_day(day):
    said = {"starts_on": day, "ends_on": day}
    page = Desk(Role.AGENT).client.post("/desk/account/absence/", said)
    assert "starts_on" in page.context["form"].errors


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "0026-11-22T10:00", "9999-12-31T23:59"])
@pytest.mark.parametrize(
    ("noun", "name"),
    [
        ("referrals", "due_at"),
        ("promise", "due_at"),
        ("actions", "due_at"),
        ("outcome", "action_due_at"),
        ("snooze", "until"),
    ],
)
def test_no_moment_of_a_case_lies_in_an_odd_year(noun, name, moment):
    case = make_case()
    said = {"version": case.version, name: moment}
    page = Desk(Role.SUPERVISOR).client.post(f"/desk/cases/{case.number}/{noun}/", said)
    assert page.status_code == 422
    assert page.context["form"].errors[name] == ["Give a year between 1900 and 2200."]
