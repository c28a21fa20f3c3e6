"""The visit planner, a case with visits, and the process maps: wide and narrow, light and dark."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from derman.cases import actions
from derman.visits import planning, slots
from tests import factories
from tests.browser.conftest import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss():
    return factories.make_user("supervisor", name="boss")


@pytest.fixture
def case(boss):
    at = timezone.now() - timedelta(days=3)
    act = {"by": boss, "at": at, "profile": factories.published()}
    made = factories.make_case(at=at)
    task = actions.refer(made, "metering", question="Mühür?", **act)
    actions.start_task(task, **{**act, "at": at + timedelta(hours=5)})
    act["at"] = timezone.now()
    slot = slots.offered(factories.preset(), act["at"], units=["metering"])[0]
    planning.plan(made, slot.key, address="Gül Sokak 1", purpose="Mühür?", **act)
    return made


@pytest.mark.parametrize(("narrow", "scheme"), [(False, "light"), (True, "dark")])
def test_the_pages_fit_and_have_no_violations(open_tab, case, boss, picture, narrow, scheme):
    tab = open_tab(boss, narrow=narrow, scheme=scheme)
    other = factories.make_case(at=timezone.now())
    pages = {
        "planner": f"/desk/visits/?case={other.number}",
        "visit-case": f"/desk/cases/{case.number}/",
        "visit-form": f"/desk/cases/{other.number}/visit/",
        "case-map": f"/desk/cases/{case.number}/map/",
        "maps": "/desk/maps/",
    }
    for name, address in pages.items():
        tab.goto(address)
        assert not violations(tab), name
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        picture(tab, f"{name}-{390 if narrow else 1440}-{scheme}")
    tab.goto(pages["case-map"])
    expect(tab.locator("svg.lane-chart:visible")).to_have_count(1)


def monday_of(slot: slots.Slot) -> date:
    day = timezone.localtime(slot.begins_at).date()
    return day - timedelta(days=day.weekday())


def test_a_free_time_is_chosen_in_the_week_and_planned(open_tab, case, boss):
    other = factories.make_case(at=timezone.now())
    offered = slots.offered(factories.preset(), timezone.now(), units=["network"])
    monday = max(map(monday_of, offered))  # a week that is ahead as a whole
    slot = next(slot for slot in offered if monday_of(slot) == monday)
    tab = open_tab(boss)
    tab.goto(f"/desk/visits/?case={other.number}&unit=network&week={monday.isoformat()}")
    tab.get_by_role("link", name="Plan here").first.click()
    expect(tab.get_by_label("Team and time")).to_have_value(slot.key)
    tab.get_by_label("Address").fill("Gül Sokak 1")
    tab.get_by_label("What to look at").fill("Mühür?")
    tab.get_by_role("button", name="Plan and tell the applicant").click()
    expect(tab.get_by_text("The visit is planned.")).to_be_visible()
    assert other.visits.get().unit == "network"
