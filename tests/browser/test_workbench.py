"""The workbench by keyboard, in light and dark, wide and narrow; messages and tasks beside it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from derman.cases import actions
from derman.outbox import expansion
from tests import factories
from tests.browser.conftest import violations
from tests.browser.test_case_page import act, case, unit  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_list_is_readable_everywhere(open_tab, case, act, picture, scheme, narrow):  # noqa: F811
    tab = open_tab(act["by"], narrow=narrow, scheme=scheme)
    tab.goto("/desk/?view=all")
    width = 390 if narrow else 1440
    assert not violations(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    picture(tab, f"workbench-{width}-{scheme}")
    tab.locator(".filters summary").click()
    expect(tab.get_by_label("Due before")).to_be_visible()
    assert not violations(tab)


def test_walk_open_and_back_by_keyboard(open_tab, case, act):  # noqa: F811
    tab = open_tab(act["by"])
    tab.goto("/desk/?view=all")
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(r"/desk/cases/\d+/\?view=all"))
    expect(tab.locator("[data-row][aria-current=true]")).to_have_count(1)
    tab.keyboard.press("g")
    tab.keyboard.press("m")
    tab.wait_for_url("**/desk/?view=mine")
    tab.keyboard.press("/")
    tab.keyboard.type(f"{case.number[:3]} {case.number[3:]}")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/desk/cases/{case.number}/")
    tab.keyboard.press("?")
    expect(tab.locator("#keys")).to_contain_text("Refer")


def test_filters_narrow_and_are_cleared(open_tab, case, act):  # noqa: F811
    tab = open_tab(act["by"])
    tab.goto("/desk/?view=all")
    tab.locator(".filters summary").click()
    tab.get_by_label("Topic").select_option("billing")
    tab.get_by_role("button", name="Show").click()
    expect(tab).to_have_url(re.compile("topic=billing"))
    expect(tab.locator(".filter-chip")).to_have_count(1)
    tab.get_by_role("link", name="Topic:").click()
    expect(tab).not_to_have_url(re.compile("topic="))


def test_messages_are_read_and_held_back(open_tab, case, act, picture):  # noqa: F811
    expansion.expand(act["at"] + timedelta(minutes=1), 100)
    tab = open_tab(act["by"])
    tab.goto("/desk/messages/")
    tab.locator(".message-list details summary").first.click()
    assert not violations(tab)
    picture(tab, "messages-1440-light")
    tab.get_by_role("button", name="Hold back").first.click()
    expect(tab.locator("[data-state=cancelled]").first).to_be_visible()


def test_the_badge_grows_when_a_unit_is_asked(open_tab, case, act, unit):  # noqa: F811
    tab = open_tab(unit)
    tab.goto("/desk/tasks/")
    badge = tab.locator("[data-poll]")
    expect(badge).to_have_text("1")
    assert not violations(tab)
    other = factories.make_case(at=act["at"])
    actions.refer(other, "metering", **act)
    tab.reload()
    expect(badge).to_have_text("2")
