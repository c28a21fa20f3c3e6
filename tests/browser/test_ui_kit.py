"""The house style in a real browser: readable for everyone, usable by keyboard, whole at 320 px."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import wait_for_draft
from tests.factories import published

PAGES = ["", "desk/", "portal/"]
SCHEMES = ["light", "dark"]


@pytest.fixture
def gallery(live_server) -> str:
    """Where the gallery is; its pages wear the colours of the organisation."""
    published()
    return f"{live_server.url}/ui/gallery/"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh tab in English that refuses to have errors."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield tab
    context.close()
    assert not wrong


def focused(page: Page, what: str) -> str:
    return page.evaluate(f"document.activeElement.{what}")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_violation(chromium, gallery, name, scheme, width):
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, locale="en"
    )
    tab = context.new_page()
    tab.goto(gallery + name)
    found = Axe().run(tab).response["violations"]
    context.close()
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 390, 800, 1280])
def test_no_page_is_wider_than_its_window(page, gallery, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(gallery + name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_single_keys_lead_to_places_and_never_fire_while_typing(page, gallery):
    page.goto(gallery + "desk/")
    page.keyboard.press("/")
    assert focused(page, "name") == "q"
    page.keyboard.type("n g l")
    assert page.url.endswith("desk/")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/#late")


def test_the_list_is_walked_with_j_and_k(page, gallery):
    page.goto(gallery + "desk/")
    page.keyboard.press("j")
    assert "839\u00a0145" in focused(page, "textContent")
    page.keyboard.press("k")
    assert "839\u00a0172" in focused(page, "textContent")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("desk/#1$"))


def test_the_sheet_shows_the_keys_and_its_switch_is_honoured(page, gallery):
    page.goto(gallery + "desk/")
    page.keyboard.press("?")
    assert page.is_visible("#keys >> text=Call the applicant")
    page.uncheck("[data-keys-switch]")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("j")
    assert page.url.endswith("desk/")
    page.reload()
    page.keyboard.press("n")
    assert page.url.endswith("desk/")


def test_the_two_composers_are_tabs(page, gallery):
    page.goto(gallery + "desk/")
    page.keyboard.press("i")
    assert focused(page, "id") == "note-text"
    assert page.is_hidden("#reply")
    grounds = page.evaluate(
        "[...document.querySelectorAll('.composer')].map(e => getComputedStyle(e).backgroundColor)"
    )
    assert len(set(grounds)) == 2


def test_what_is_typed_lives_through_a_reload_and_not_longer_than_the_sending(page, gallery):
    page.goto(gallery + "desk/")
    page.fill("#reply-text", "Sayın Ayşe Yılmaz")
    wait_for_draft(page, "Sayın Ayşe")
    page.reload()
    assert page.input_value("#reply-text") == "Sayın Ayşe Yılmaz"

    page.focus("#reply-text")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.input_value("#reply-text") == ""


def test_codes_are_never_kept(page, gallery):
    page.goto(gallery + "portal/")
    page.fill("#id_code", "424242")
    page.fill("#id_phone", "0532")
    wait_for_draft(page, "0532")
    assert "424242" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_the_error_summary_takes_focus_and_leads_into_the_field(page, gallery):
    page.goto(gallery + "portal/")
    assert focused(page, "id") == "error-summary"
    page.click("a[href='#id_account']")
    assert focused(page, "id") == "id_account"


@pytest.mark.parametrize("typed", ["ISITMA", "ısıtma", "Isıtma", "iSITMA", "sebeke kesinti"])
def test_the_combobox_knows_turkish_letters(page, gallery, typed):
    page.goto(gallery + "portal/")
    page.fill("#id_topic", typed)
    page.keyboard.press("Enter")
    assert page.input_value("#id_topic") == "Isıtma gazı kesintisi"
    assert page.eval_on_selector("select[name=topic]", "one => one.value") == "outage"


def test_the_combobox_keeps_its_value_when_it_is_only_looked_at(page, gallery):
    page.goto(gallery + "portal/")
    page.fill("#id_topic", "fatura itir")
    page.keyboard.press("Tab")
    page.click("#id_topic")
    assert page.inner_text("[aria-selected=true]").startswith("Fatura itirazı")
    page.keyboard.press("Tab")
    assert page.eval_on_selector("select[name=topic]", "one => one.value") == "bill"


def test_without_scripts_themes_change_and_both_composers_stand(chromium, gallery):
    context = chromium.new_context(java_script_enabled=False, locale="en")
    tab = context.new_page()
    tab.goto(gallery + "desk/")
    assert tab.is_visible("#reply-text")
    assert tab.is_visible("#note-text")
    tab.goto(gallery + "portal/")
    tab.click("button[name=theme][value=dark]")
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    expect(tab.locator("select[name=topic]")).to_be_visible()
    context.close()
