"""Registering a call with the keyboard alone, looked at in light and dark, wide and narrow."""

import re

import pytest
from playwright.sync_api import Page, expect

from derman.cases.models import Case
from derman.words.rights import Role
from tests import factories
from tests.browser.conftest import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent():
    factories.published()
    user = factories.make_user(Role.AGENT, "call_centre")
    user.first_name, user.last_name = "Elif", "Kaya"
    user.save()
    return user


@pytest.fixture
def customer(agent):
    known = factories.make_customer(tckn=factories.TCKN)
    account = factories.make_account(known, "10442817")
    factories.make_case(customer=known, account=account, by=agent)
    return known


class Keys:
    """Presses keys and counts them; texts are counted apart."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.tab.keyboard.type(text)


def call_of_a_known_customer(tab: Page) -> Keys:
    """From the open page to just before the last key."""
    keys = Keys(tab)
    expect(tab.locator("#id_lookup")).to_be_focused()
    keys.type("10442817")
    keys.press("Tab")
    expect(tab.locator("#who .picked")).to_contain_text("Ayşe Yılmaz")
    keys.press("Tab")
    expect(tab.locator("[name=relation]:focus")).to_have_value("holder")
    keys.press("Tab", "Space")
    expect(tab.locator("#id_read_back")).to_be_checked()
    keys.press("Tab", "Tab", "Tab", "Tab")
    expect(tab.locator("#id_topic")).to_be_focused()
    keys.type("sayac oku")
    keys.press("Enter")
    expect(tab.locator("#beside .script")).to_be_visible()
    keys.press("Tab", "Tab")
    expect(tab.locator("#id_description")).to_be_focused()
    keys.type("3 Mart okuması sayacın bugün gösterdiğinden yüksek. Fatura 1.240,50 TL.")
    return keys


def test_a_known_customer_with_at_most_twenty_keys(open_tab, agent, customer, picture):
    tab = open_tab(agent)
    tab.goto("/desk/register/")

    keys = call_of_a_known_customer(tab)
    picture(tab, "register-1440-light")
    assert not violations(tab)
    keys.press("Control+Enter")

    tab.wait_for_url(re.compile(r"/desk/register/\d+/"))
    case = Case.objects.latest("received_at")
    assert case.customer == customer
    assert case.topic == "metering.reading_disputed"
    number = tab.locator("[data-read-aloud]").inner_text().replace("\u00a0", " ")
    assert number.replace(" ", "") == case.number
    assert re.fullmatch(r"\d{3} \d{3} \d{3}", number)
    picture(tab, "registered-1440-light")
    assert not violations(tab)
    assert keys.count <= 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_the_dark(open_tab, agent, customer, picture, scheme):
    for narrow in (True, False):
        tab = open_tab(agent, narrow=narrow, scheme=scheme)
        tab.goto("/desk/register/")
        call_of_a_known_customer(tab)
        assert not violations(tab)
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not tab.evaluate(wider)
        tab.keyboard.press("Control+Home")
        tab.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        picture(tab, f"register-{390 if narrow else 1440}-{scheme}")
