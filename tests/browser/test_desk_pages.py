"""Customers, paper and articles in a browser: keyboard, phone, in the dark, without violations."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from derman.cases import actions
from derman.knowledge import editing
from tests import factories
from tests.browser.conftest import violations

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "metering.reading_disputed"


@pytest.fixture
def case():
    profile, boss = factories.published(), factories.make_user("supervisor", "solution")
    act = {"by": boss, "at": timezone.now(), "profile": profile}
    customer = factories.make_customer(
        email="ayse@ornek.example", tckn=factories.TCKN, address="Gül Sokak 12/4"
    )
    accounts = [factories.make_account(customer) for _turn in range(2)]
    for _number in range(4):
        factories.make_case(customer=customer, account=accounts[0], at=act["at"])
    made = factories.make_case(customer=customer, account=accounts[1], at=act["at"])
    actions.take(made, **act)
    article = editing.add(
        "reading",
        topics=[TOPIC],
        title={"tr": "Okuma itirazı", "en": "A disputed reading"},
        body={"tr": "Sayacın fotoğrafını isteyin.", "en": "## First\n\n- Ask for a photo."},
        by=boss,
        at=act["at"],
    )
    editing.publish(article, language="tr", by=boss, at=act["at"])
    return made


@pytest.fixture
def agent(case):
    return factories.make_user("agent", "front_line")


@pytest.mark.parametrize(("narrow", "scheme"), [(False, "light"), (True, "dark")])
def test_the_pages_fit_and_have_no_violations(open_tab, case, agent, picture, narrow, scheme):
    tab = open_tab(agent, narrow=narrow, scheme=scheme)
    pages = {
        "customer": f"/desk/customers/{case.customer_id}/",
        "customers": "/desk/customers/",
        "print": f"/desk/cases/{case.number}/print/",
        "articles": "/desk/articles/",
    }
    for name, address in pages.items():
        tab.goto(address)
        assert not violations(tab), name
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        picture(tab, f"{name}-{390 if narrow else 1440}-{scheme}")
    tab.get_by_role("link", name="A disputed reading").click()
    expect(tab.get_by_text("Ask for a photo.")).to_be_visible()
    assert not violations(tab)


def test_a_customer_is_found_and_a_case_registered_by_keyboard(open_tab, case, agent):
    tab = open_tab(agent)
    tab.goto("/desk/")
    tab.keyboard.press("g")
    tab.keyboard.press("k")
    lookup = tab.get_by_label("Account, phone, identity number, e-mail or name")
    expect(lookup).to_be_focused()
    lookup.fill("0532 123 45 67")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Ayşe Yılmaz")).to_be_visible()
    state = tab.get_by_label("State")
    state.select_option("in_review")
    expect(tab.locator("#cases [data-row]")).to_have_count(1)
    expect(tab).to_have_url(re.compile("state=in_review"))
    tab.get_by_role("link", name="Register a case", exact=True).focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-picked]")).to_be_visible()


def test_an_article_opens_beside_the_case_and_goes_into_the_reply(open_tab, case, agent, picture):
    tab = open_tab(agent)
    tab.goto(f"/desk/cases/{case.number}/")
    tab.keyboard.press("b")
    title = tab.locator(".article-list summary")
    expect(title).to_have_text("A disputed reading")
    title.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Ask for a photo.")).to_be_visible()
    assert not violations(tab)
    picture(tab, "article-beside-1440-light")
    with tab.expect_response("**/use/") as used:
        tab.get_by_role("button", name="Use in the reply").click()
    assert used.value.status == 204
    expect(tab.locator("#replies_text")).to_have_value("Sayacın fotoğrafını isteyin.")


def test_articles_open_beside_a_call(open_tab, case, agent):
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    topic = tab.locator("[name=topic]")
    topic.evaluate(
        """(field, key) => {
            field.value = key;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        }""",
        TOPIC,
    )
    tab.locator(".articles > summary").click()
    tab.locator(".article-list summary").click()
    expect(tab.get_by_text("Ask for a photo.")).to_be_visible()
    expect(tab.get_by_role("button", name="Use in the reply")).to_have_count(0)
    assert not violations(tab)


def test_a_part_that_fails_says_so_and_is_tried_again(open_tab, case, agent):
    tab = open_tab(agent, breaks=True)
    tab.goto(f"/desk/cases/{case.number}/")
    tab.route("**/articles/beside/**", lambda route: route.abort())
    tab.locator(".articles > summary").click()
    expect(tab.get_by_text("This part could not be loaded.")).to_be_visible()
    tab.unroute("**/articles/beside/**")
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator(".article-list summary")).to_have_text("A disputed reading")


def test_an_article_is_written_in_the_browser(open_tab, case):
    tab = open_tab(factories.make_user("quality"))
    tab.goto("/settings/articles/new/")
    assert not violations(tab)
    tab.get_by_role("textbox", name="Key").fill("second")
    tab.get_by_label("Title (Turkish)").fill("Yeni")
    tab.get_by_label("Text (Turkish)").fill("Metin.")
    tab.get_by_role("button", name="Keep", exact=True).click()
    tab.get_by_role("button", name="Publish", exact=True).click()
    expect(tab.locator("[data-state='published']")).to_be_visible()
    assert not violations(tab)
    tab.goto("/settings/articles/")
    assert not violations(tab)


def test_a_narrowed_list_of_a_customer_that_fails_is_tried_again(open_tab, case, agent):
    tab = open_tab(agent, breaks=True)
    tab.goto(f"/desk/customers/{case.customer_id}/")
    tab.route("**/customers/**state=in_review**", lambda route: route.abort())
    tab.get_by_label("State").select_option("in_review")
    expect(tab.locator(".part-failed")).to_be_visible()
    tab.unroute("**/customers/**state=in_review**")
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator("#cases [data-row]")).to_have_count(1)
