"""Reporting and following in a real browser: three languages, wide and narrow, light and dark."""

import re

import pytest
from playwright.sync_api import Page, expect

from derman.cases import access_codes
from derman.cases.models import Case
from derman.outbox.models import Message
from tests.applicants import PNG
from tests.browser.conftest import violations
from tests.factories import published

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    ("en", False, "light"),
    ("tr", True, "dark"),
    ("de", False, "dark"),
]
LOOK_NAMES = [f"{look[0]} {'narrow' if look[1] else 'wide'} {look[2]}" for look in LOOKS]


@pytest.fixture(autouse=True)
def organisation(settings, tmp_path, live_server):
    settings.DATA = tmp_path
    settings.BASE_URL = live_server.url
    return published()


class Visitor:
    """Goes from page to page, and stops at the first page that somebody could not use."""

    def __init__(self, tab: Page, *, looks: bool = True) -> None:
        self.tab = tab
        self.looks = looks

    def look(self) -> None:
        """Whole and usable: axe finds nothing, and nothing has to be scrolled sideways."""
        width = self.tab.viewport_size["width"]
        assert self.tab.evaluate("document.documentElement.scrollWidth") <= width, self.tab.url
        if self.looks:
            assert violations(self.tab) == [], self.tab.url

    def open(self, path: str) -> None:
        self.tab.goto(path)
        self.look()

    def go_on(self, to: str = "") -> None:
        """Press the button of the page."""
        with self.tab.expect_navigation():
            self.tab.locator("main form button.primary").click()
        if to:
            expect(self.tab).to_have_url(re.compile(re.escape(to)))
        self.look()

    def report(self, topic: str = "metering") -> None:
        """All questions up to the last page."""
        tab = self.tab
        self.open("/report/")
        tab.check("input[value=no]")
        self.go_on("/report/topic/")
        self.open(f"/report/topic/{topic}/")
        tab.check("input[name=topic] >> nth=0")
        self.go_on("/report/place/")
        tab.select_option("[name=region]", "merkez")
        tab.fill("[name=place]", "Meşale Mahallesi, Çınar Sokak 12/4")
        self.go_on("/report/description/")
        tab.fill("[name=description]", "3 Mart okuması sayacın gösterdiğinden yüksek.")
        self.go_on("/report/proposal/")
        tab.fill("[name=proposal]", "Sayaç yeniden okunsun.")
        self.go_on("/report/attachments/")
        tab.set_input_files(
            "[name=attachments]", {"name": "sayaç.png", "mimeType": "image/png", "buffer": PNG}
        )
        tab.click("[name=add]")
        expect(tab.locator(".kept-files")).to_contain_text("sayaç.png")
        self.look()
        self.go_on()
        if "secrecy" in tab.url:
            tab.check("input[value=no]")
            self.go_on("/report/contact/")
        tab.fill("[name=name]", "Ayşe Yılmaz")
        tab.fill("[name=phone]", "0532 123 45 67")
        self.go_on("/report/account/")
        tab.fill("[name=account_number]", "10442817")
        tab.fill("[name=tckn]", "10000000146")
        tab.check("[value=holder]")
        self.go_on("/report/reply/")
        tab.check("[value=sms]")
        self.go_on("/report/check/")

    def receipt(self) -> tuple[str, str]:
        number = self.tab.get_attribute("[data-number]", "data-number")
        key = self.tab.get_attribute("[data-follow-key]", "data-follow-key")
        return number, key


@pytest.mark.parametrize(("language", "narrow", "scheme"), LOOKS, ids=LOOK_NAMES)
def test_a_report_is_made_and_followed(open_tab, language, narrow, scheme):
    visitor = Visitor(open_tab(narrow=narrow, scheme=scheme, locale=language))
    tab = visitor.tab
    for path in ("/", "/privacy/", "/cookies/", "/accessibility/", "/report/emergency/"):
        visitor.open(path)
    assert tab.get_attribute("html", "lang") == language

    visitor.report(topic="illegal_use")
    visitor.go_on("/report/done/")
    number, key = visitor.receipt()
    tab.reload()
    assert visitor.receipt() == (number, key)
    assert Case.objects.count() == 1

    visitor.open(f"/track/?n={number}")
    tab.fill("[name=follow_key]", "zzzz")
    visitor.go_on()
    expect(tab.locator(".error-summary")).to_be_focused()
    tab.fill("[name=number]", number)
    tab.fill("[name=follow_key]", key.lower())
    visitor.go_on(f"/track/{number}/")
    visitor.open(f"/track/{number}/code/")
    visitor.go_on("/code/entry/")
    body = Message.objects.get(notice="code").body
    tab.fill("[name=code]", re.search(r"\d{3} \d{3}", body)[0])
    visitor.go_on(f"/track/{number}/")
    expect(tab.locator("main")).to_contain_text("3 Mart okuması")

    visitor.open(f"/track/{number}/information/")
    tab.fill("[name=text]", "Fotoğraf da çektim.")
    visitor.go_on("told=information")
    expect(tab.locator("main")).to_contain_text("Fotoğraf da çektim.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_that_complain_are_as_usable_as_the_others(open_tab, scheme):
    visitor = Visitor(open_tab(narrow=True, scheme=scheme))
    tab = visitor.tab
    visitor.open("/report/")
    visitor.go_on()
    expect(tab.locator(".error-summary")).to_be_focused()
    tab.check("input[value=no]")
    visitor.go_on("/report/topic/")
    visitor.go_on()
    visitor.open("/report/topic/metering/")
    visitor.go_on()
    tab.check("input[name=topic] >> nth=0")
    visitor.go_on("/report/place/")
    visitor.go_on("/report/description/")
    tab.fill("[name=description]", "Hastayım ve gaz kokusu var.")
    visitor.go_on()
    expect(tab.locator(".error-summary li")).to_have_count(2)
    assert tab.input_value("[name=description]") == "Hastayım ve gaz kokusu var."
    visitor.go_on("/report/proposal/")
    visitor.go_on("/report/attachments/")
    tab.set_input_files(
        "[name=attachments]", {"name": "a.exe", "mimeType": "image/png", "buffer": b"MZ\0"}
    )
    visitor.go_on()
    expect(tab.locator(".error-summary")).to_contain_text("a.exe")


def test_a_topic_is_found_by_typing_what_people_say(open_tab):
    tab = open_tab()
    tab.goto("/report/")
    tab.check("input[value=no]")
    tab.click("main form button.primary")
    box = tab.locator("#id_topic")
    box.fill("koku geliyo")
    expect(tab.locator("[role=option]").first).to_be_visible()
    box.press("Enter")
    tab.click("main form button.primary")

    tab.wait_for_url(re.compile(r"/report/emergency/\?topic=urgent"))
    expect(tab.locator(".call-now")).to_have_attribute("href", "tel:187")


def test_a_report_needs_no_mouse(open_tab):
    """Tab, arrows, space and enter from the home page to the number."""
    tab = open_tab()
    tab.goto("/")
    keys = tab.keyboard

    def to(selector: str, text: str = "") -> None:
        for _ in range(40):
            if tab.locator(f"{selector}:focus").count():
                return keys.type(text)
            keys.press("Tab")
        raise AssertionError(f"{selector} cannot be reached on {tab.url}")

    def press_on(path: str, button: str = "main form button.primary") -> None:
        to(button)
        keys.press("Enter")
        tab.wait_for_url(re.compile(path))

    press_on("/report/$", button="a.big")
    to("input[name=emergency]")
    keys.press("ArrowDown")
    press_on("/report/topic/")
    to("#id_topic", "okuma")
    keys.press("Enter")
    press_on("/report/place/")
    press_on("/report/description/")
    to("textarea", "Sayaç yanlış okunmuş.")
    press_on("/report/proposal/")
    press_on("/report/attachments/")
    press_on("/report/contact/")
    to("[name=name]", "Can Er")
    to("[name=phone]", "0532 123 45 67")
    press_on("/report/account/")
    to("[name=tckn]", "10000000146")
    press_on("/report/reply/")
    to("input[name=reply_channel]")
    keys.press("Space")
    press_on("/report/check/")
    press_on("/report/done/")

    assert Case.objects.exists()


def test_everything_works_without_scripts_at_320_pixels(chromium, live_server):
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 320, "height": 640},
        java_script_enabled=False,
        locale="tr",
    )
    visitor = Visitor(context.new_page(), looks=False)
    visitor.report()
    visitor.go_on("/report/done/")
    number, key = visitor.receipt()
    visitor.open("/track/")
    visitor.tab.fill("[name=number]", number)
    visitor.tab.fill("[name=follow_key]", key)
    visitor.go_on(f"/track/{number}/")
    case = Case.objects.get()
    token = access_codes.make_link(case, case.applicant.contact_points.get(), case.received_at)
    visitor.open(f"/track/{token}/")
    visitor.go_on(f"/track/{number}/")
    expect(visitor.tab.locator("main")).to_contain_text("3 Mart okuması")
    context.close()


def test_going_back_after_sending_makes_no_second_case(open_tab):
    visitor = Visitor(open_tab(), looks=False)
    visitor.report()
    visitor.go_on("/report/done/")
    receipt = visitor.receipt()
    visitor.tab.go_back()
    if "/report/check/" in visitor.tab.url:
        visitor.go_on("/report/done/")
        assert visitor.receipt() == receipt

    assert Case.objects.count() == 1


@pytest.mark.parametrize("narrow", [False, True], ids=["1440", "390"])
def test_pictures(open_tab, picture, narrow):
    width = 390 if narrow else 1440
    visitor = Visitor(open_tab(narrow=narrow), looks=False)
    tab = visitor.tab
    tab.goto("/")
    picture(tab, f"portal-home-{width}")
    visitor.report()
    tab.goto("/report/description/")
    picture(tab, f"portal-report-{width}")
    tab.goto("/report/check/")
    visitor.go_on("/report/done/")
    picture(tab, f"portal-confirmation-{width}")
    number, key = visitor.receipt()
    tab.goto("/track/")
    tab.fill("[name=number]", number)
    tab.fill("[name=follow_key]", key)
    visitor.go_on(f"/track/{number}/")
    picture(tab, f"portal-track-{width}")
