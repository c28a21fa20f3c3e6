"""Kept views, filters that fail, and work on many cases: by keyboard, in every width and scheme."""

import re

import pytest
from playwright.sync_api import expect

from derman.cases.models import Case
from derman.profile import publishing
from derman.workplace import bulk, running, saved_views
from tests import factories
from tests.browser.conftest import violations
from tests.browser.test_case_page import act, case  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(act):  # noqa: F811
    return factories.make_user("supervisor", "solution", name="boss")


def settle(act):  # noqa: F811
    while running.settle(act["at"], 100, profile=publishing.current()):
        pass


def test_mark_by_keyboard_order_and_follow(open_tab, case, act, boss, picture):  # noqa: F811
    for _ in range(3):
        factories.make_case(at=act["at"])
    tab = open_tab(boss)
    tab.goto("/desk/?view=all")
    expect(tab.locator(".selection-bar")).to_be_hidden()
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    expect(tab.locator("[data-marked]")).to_have_text("2 marked")
    assert not violations(tab)
    picture(tab, "marked-1440-light")
    tab.locator(".selection-bar").get_by_role("button", name="Tag", exact=True).click()
    tab.get_by_label("Tag").select_option("media")
    tab.get_by_role("button", name="Preview").click()
    expect(tab.locator("[data-willing]")).to_have_attribute("data-willing", "2")
    assert not violations(tab)
    picture(tab, "many-preview-1440-light")
    tab.get_by_role("button", name="Tag them").click()
    expect(tab.locator("#progress")).to_have_attribute("data-run-state", "ordered")
    settle(act)
    expect(tab.locator("#progress")).to_have_attribute("data-run-state", "done")
    assert not violations(tab)
    assert Case.objects.filter(tags__tag="media").count() == 2


def test_marking_the_page_offers_all(open_tab, case, act, boss, monkeypatch):  # noqa: F811
    from derman.desk import worklists

    monkeypatch.setattr(worklists, "SIZE", 2)
    for _ in range(3):
        factories.make_case(at=act["at"])
    tab = open_tab(boss)
    tab.goto("/desk/?view=all")
    tab.locator("input[name=number]").first.check()
    expect(tab.get_by_label("All that match")).to_be_hidden()
    tab.get_by_label("This page").check()
    expect(tab.locator("[data-marked]")).to_have_text("2 marked")
    tab.get_by_label("All that match").check()
    expect(tab.locator("[data-marked]")).to_contain_text("All that match")
    tab.get_by_role("button", name="Export").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text(f"{Case.objects.count()} cases")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_all_is_readable_everywhere(open_tab, case, act, boss, picture, scheme, narrow):  # noqa: F811
    view = saved_views.keep(
        "Rechnungen", "view=all&topic=billing", shared_with="*", owner=boss, at=act["at"],
        pinned=True,
    )  # fmt: skip
    run = bulk.draft("tag", [(case.pk, case.version)], by=boss, at=act["at"])
    run.details = {"tag": "media"}
    run.save()
    tab = open_tab(boss, narrow=narrow, scheme=scheme)
    width = 390 if narrow else 1440
    pages = {
        "views": "/desk/views/",
        "view": f"/desk/views/{view.pk}/",
        "many": f"/desk/bulk/{run.pk}/",
        "runs": "/desk/bulk/",
        "chips": "/desk/?view=all&kind=complaint&owner=me&due_before=2027-01-01",
    }
    for name, address in pages.items():
        tab.goto(address)
        assert not violations(tab), name
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
        picture(tab, f"{name}-{width}-{scheme}")


def test_a_kept_view_opens_by_its_key_and_is_counted(open_tab, case, act, boss):  # noqa: F811
    saved_views.keep("Neue", "view=new", shared_with="", owner=boss, at=act["at"], pinned=True)
    tab = open_tab(boss)
    tab.goto("/desk/?view=mine")
    new = Case.objects.filter(state="received").count()
    expect(tab.locator("[id^=count-view]")).to_have_text(str(new))
    tab.keyboard.press("v")
    tab.keyboard.press("1")
    tab.wait_for_url(re.compile("saved="))
    expect(tab.locator(".view[aria-current=page]")).to_contain_text("Neue")


def test_a_part_that_fails_says_so_and_is_tried_again(open_tab, case, boss):  # noqa: F811
    tab = open_tab(boss, breaks=True)
    tab.goto("/desk/?view=all")
    tab.route("**/desk/filters/**", lambda route: route.abort())
    tab.locator(".filters summary").click()
    expect(tab.locator(".part-failed")).to_be_visible()
    assert not violations(tab)
    tab.unroute("**/desk/filters/**")
    tab.get_by_role("button", name="Try again").click()
    expect(tab.get_by_label("Due before")).to_be_visible()


def test_a_part_that_is_slow_says_so(open_tab, case, boss):  # noqa: F811
    tab = open_tab(boss)
    tab.goto("/desk/?view=all")
    held = []
    tab.route("**/desk/filters/**", lambda route: held.append(route))
    tab.locator(".filters summary").click()
    expect(tab.locator("[data-part][data-slow]")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(tab.get_by_label("Due before")).to_be_visible()
    expect(tab.locator("[data-part][data-slow]")).to_have_count(0)
