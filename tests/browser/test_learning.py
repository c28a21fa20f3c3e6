"""Root causes and improvements in the browser: accessible in every width and scheme."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from derman.cases.models import Case
from derman.quality import causes, improving, looking
from derman.quality.scope import Scope
from tests import factories
from tests.browser.conftest import violations, wait_for_draft
from tests.learning import OTHER, START, TOPIC, about, each_day, fill, moment, said

pytestmark = pytest.mark.django_db(transaction=True)

SIZES = {"1440-light": (1440, "light"), "390-dark": (390, "dark")}


@pytest.fixture
def quality():
    factories.published()
    return factories.make_user("quality")


@pytest.fixture
def measured(quality):
    """An improvement with a root cause, a comparison group and days left out, looked at once."""
    fill(each_day(4, START - timedelta(weeks=12), 12), **about(TOPIC))
    fill(each_day(1, START, 8), **about(TOPIC))
    fill(each_day(3, START - timedelta(weeks=12), 20), **about(OTHER))
    act = {"by": quality, "at": moment(START)}
    cause = causes.begin(
        Case.objects.filter(topic=TOPIC), title="Readings are disputed", method="fishbone",
        query=f"view=all&topic={TOPIC}", owner=quality, **act,
    )  # fmt: skip
    causes.keep(cause, causes.Found({"people": ["In a hurry"], "way": ["No photograph is taken"]}))
    words = said(quality, compared=Scope((OTHER,)), left_out={START + timedelta(days=9): "Outage"})
    one = improving.plan(words, cause=cause, **act, profile=factories.preset())
    looking.look(one, by=None, at=moment(START + timedelta(weeks=8)), profile=factories.preset())
    return one


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_are_whole_and_accessible(open_tab, quality, measured, picture, size):
    width, scheme = SIZES[size]
    tab = open_tab(quality)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)
    pages = {
        "improvement": f"/desk/improvements/{measured.pk}/",
        "improvements": "/desk/improvements/",
        "improvement-form": f"/desk/improvements/{measured.pk}/change/",
        "root-cause": f"/desk/root-causes/{measured.cause_id}/",
        "root-causes": "/desk/root-causes/",
        "root-cause-new": f"/desk/root-causes/new/?view=all&topic={TOPIC}",
        "frequent": "/desk/frequent-topics/?days=364",
    }
    for name, path in pages.items():
        tab.goto(path)
        assert not violations(tab), name
        wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name
        picture(tab, f"{name}-{size}")


def test_one_picture_is_shown_and_a_bar_leads_to_its_cases(open_tab, quality, measured):
    tab = open_tab(quality)
    tab.goto(f"/desk/improvements/{measured.pk}/")
    expect(tab.locator("svg.effect.wide")).to_be_visible()
    expect(tab.locator("svg.effect.narrow")).to_be_hidden()
    tab.locator("svg.effect.wide a").nth(12).click()
    expect(tab.locator("[data-row]")).to_have_count(
        measured.looks.get().figures["weeks"][12]["count"]
    )
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.go_back()
    expect(tab.locator("svg.effect.narrow")).to_be_visible()
    expect(tab.locator("svg.effect.wide")).to_be_hidden()


def test_what_was_typed_of_a_search_outlives_a_reload(open_tab, quality, measured):
    causes.change(measured.cause, title="Readings", method="whys", owner=quality)
    tab = open_tab(quality)
    tab.goto(f"/desk/root-causes/{measured.cause_id}/")
    for number, text in enumerate(("Misread", "In a hurry", "Too many meters")):
        tab.locator("textarea[name=why]").nth(number).fill(text)
    tab.get_by_role("textbox", name="What the cause is").fill("No time.")
    wait_for_draft(tab, "No time.")
    tab.reload()
    boxes = tab.locator("textarea[name=why]")
    for number, text in enumerate(("Misread", "In a hurry", "Too many meters")):
        expect(boxes.nth(number)).to_have_value(text)
    tab.get_by_role("button", name="Keep the answers").press("Enter")
    expect(tab.get_by_text("The answers were kept.")).to_be_visible()
    expect(tab.get_by_role("textbox", name="What the cause is")).to_have_value("No time.")


def test_paper_cuts_nothing_off(open_tab, quality, measured):
    """What is pushed aside on a screen fits the sheet; buttons stay away from it."""
    tab = open_tab(quality)
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 720, "height": 1040})  # a sheet within its margins
    pages = {
        "maps": f"/desk/maps/?since={START}&until={START + timedelta(weeks=8)}",
        "frequent": "/desk/frequent-topics/?days=364",
        "compliance": "/desk/compliance/",
        "root-cause": f"/desk/root-causes/{measured.cause_id}/",
        "improvement": f"/desk/improvements/{measured.pk}/",
    }
    for name, path in pages.items():
        tab.goto(path)
        wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name
        expect(tab.locator(".page .button:visible")).to_have_count(0)
        for wrap in tab.locator(".table-wrap:visible, .flow-wrap").all():
            assert wrap.evaluate("one => one.scrollWidth - one.clientWidth") <= 0, name
