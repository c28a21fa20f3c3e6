"""Registering a call with the keyboard alone, looked at in light and dark, wide and narrow."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from derman.cases.models import Case
from derman.cases.submissions import Applicant
from derman.words.rights import Role
from tests import factories
from tests.browser.conftest import violations, wait_for_draft

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
    now = timezone.now()
    for topic, ago in (
        ("metering.reading_disputed", 4),
        ("billing.bill_not_received", 210),
        ("supply.low_pressure", 400),
    ):
        factories.make_case(
            topic=topic, customer=known, account=account, by=agent, at=now - factories.days(ago)
        )
    for topic, name in (("billing.tariff", "Can Ak"), ("service.waiting", "Işıl Demir")):
        caller = Applicant(name=name, phone="0533 765 43 21")
        factories.make_case(topic=topic, applicant=caller, at=now - factories.days(1))
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


def test_a_reload_loses_nothing(open_tab, agent, customer):
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    call_of_a_known_customer(tab)
    tab.locator("#id_channel").select_option("fax")
    wait_for_draft(tab, "fax")

    tab.reload()

    expect(tab.locator("#who .picked")).to_contain_text("Ayşe Yılmaz")
    expect(tab.locator("#id_description")).to_have_value(re.compile("1.240,50"))
    expect(tab.locator("#id_topic")).to_have_value("Disputed reading")
    expect(tab.locator("#beside .script")).to_be_visible()
    expect(tab.locator("#id_channel")).to_have_value("fax")


def test_a_call_is_added_to_a_case_with_the_keyboard(open_tab, agent, customer, picture):
    """What is with us already is said below the words, and led to; on a phone it lies far down."""
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    told = tab.get_by_role("status").locator("a", has_text="Already with us?")
    expect(tab.locator("#id_lookup")).to_be_focused()
    tab.keyboard.type("10442817")
    tab.keyboard.press("Tab")
    expect(tab.locator("#who .picked")).to_contain_text("Ayşe Yılmaz")
    tab.get_by_label("What happened?").focus()
    tab.keyboard.type("Sayacım yanlış okunmuş, endeks faturada hatalı.")
    tab.keyboard.press("Tab")
    expect(tab.get_by_label("What would put it right?")).to_be_focused()
    expect(told).to_be_visible()

    tab.keyboard.press("Shift+Tab")
    expect(told).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("#repeats")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Add to this one").first).to_be_focused()
    picture(tab, "register-repeat-1440-light")
    assert not violations(tab)
    tab.keyboard.press("Enter")

    expect(tab.get_by_text("The call was added to this case.")).to_be_visible()
    assert Case.objects.get(topic="metering.reading_disputed").replies.exists()


def test_what_is_with_us_already_is_shown_while_the_words_are_typed(open_tab, agent):
    caller = Applicant(name="Can Ak", phone="0533 765 43 21")
    said = "Sayaçlar karışmış, bizim faturaya üst komşunun endeksi yazılıyor."
    at = timezone.now() - factories.days(2)
    factories.make_case(applicant=caller, description=said, at=at)
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    tab.locator("#id_phone").fill("0533 765 43 21")
    tab.locator("#id_description").press_sequentially("Faturaya komşunun endeksi yazılıyor")
    expect(tab.locator("#repeats")).to_contain_text("Add to this one")
    expect(tab.locator("#id_description")).to_be_focused()


def test_of_several_people_one_is_picked_with_the_keyboard(open_tab, agent, customer):
    factories.make_customer("Barış Yılmaz")
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    expect(tab.locator("#id_lookup")).to_be_focused()
    tab.keyboard.type("0532 123 45 67")
    tab.keyboard.press("Enter")
    expect(tab.locator(".candidate:focus")).to_contain_text("Ayşe")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")

    expect(tab.locator("#who .picked")).to_contain_text("Barış Yılmaz")
    expect(tab.locator("[name=relation]:focus")).to_have_count(1)


def test_other_speakers_are_asked_for_their_name(open_tab, agent, customer):
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    expect(tab.locator("#id_lookup")).to_be_focused()
    tab.keyboard.type("10442817")
    tab.keyboard.press("Tab")
    expect(tab.locator("#who .picked")).to_be_visible()
    expect(tab.locator("#id_name")).to_be_hidden()

    tab.get_by_label("Relative").check()

    expect(tab.locator("#id_name")).to_be_visible()
    expect(tab.locator("#id_file_phone")).to_be_hidden()
    tab.get_by_label("Representative").check()
    expect(tab.locator("#id_file_phone")).to_be_visible()


def test_the_phone_is_compared_while_it_is_said(open_tab, agent, customer):
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    expect(tab.locator("#id_lookup")).to_be_focused()
    tab.keyboard.type("10442817")
    tab.keyboard.press("Tab")
    expect(tab.locator("#who .picked")).to_be_visible()

    tab.locator("#id_file_phone").fill("0532 123 45 67")
    tab.locator("#id_file_tckn").focus()

    expect(tab.locator("#compared")).to_contain_text("as on file")
    tab.locator("#id_file_tckn").fill("10000000147")
    tab.locator("#id_description").focus()
    expect(tab.locator("#compared")).to_contain_text("differs")


def test_a_topic_from_the_tree(open_tab, agent):
    tab = open_tab(agent)
    tab.goto("/desk/register/")

    tab.get_by_text("Choose the topic from the tree").click()
    tab.get_by_text("Meter", exact=False).locator("visible=true").first.click()
    tab.locator("[data-topic='metering.meter_fault']").click()

    expect(tab.locator("#id_description")).to_be_focused()
    expect(tab.locator("select[name=topic]")).to_have_value("metering.meter_fault")
    expect(tab.locator("#verbs")).to_contain_text("Solution group")


def test_an_emergency_is_seen_at_the_first_word(open_tab, agent, picture):
    for scheme in ("light", "dark"):
        tab = open_tab(agent, scheme=scheme)
        tab.goto("/desk/register/")
        tab.locator("#id_topic").fill("koku")
        tab.keyboard.press("Enter")
        expect(tab.locator(".call-number")).to_have_text("187")
        assert not violations(tab)
        picture(tab, f"emergency-1440-{scheme}")
    tab.get_by_label("Where is it?").fill("Çınar Sokak 12, 3. kat")
    tab.get_by_role("button", name=re.compile("Register and alert")).click()

    tab.wait_for_url(re.compile(r"/desk/register/\d+/"))
    assert Case.objects.get().priority == "emergency"


def test_words_of_an_emergency_raise_the_alarm_while_typed(open_tab, agent):
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    expect(tab.locator("#alarm")).to_be_hidden()

    tab.locator("#id_description").press_sequentially("Merhaba, apartmanda gaz kokusu var")
    expect(tab.locator("#alarm")).to_be_visible()
    tab.locator("#alarm button").click()

    expect(tab.locator(".call-number")).to_have_text("187")
    expect(tab.locator("#id_description")).to_have_value(re.compile("apartmanda"))


def test_a_mistake_is_named_and_led_to(open_tab, agent, picture):
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    tab.locator("#id_tckn").fill("12345678901")
    tab.keyboard.press("Control+Enter")

    expect(tab.locator(".error-summary")).to_be_focused()
    assert not violations(tab)
    picture(tab, "register-errors-1440-light")
    tab.locator(".error-summary a", has_text="Topic").click()
    expect(tab.locator("#id_topic")).to_be_focused()


def test_signing_in_by_a_demo_button(open_tab, agent, picture, settings):
    tab = open_tab()
    tab.goto("/sign-in/?next=/desk/register/")
    assert not violations(tab)
    picture(tab, "sign-in-1440-light")

    tab.get_by_role("button", name="agent").click()

    tab.wait_for_url("**/desk/register/")
    tab.locator(".topbar .menu > summary").click()
    picture(tab, "menu-1440-light")
    assert not violations(tab)


def test_answered_at_once_with_the_keyboard(open_tab, agent, customer):
    tab = open_tab(agent)
    tab.goto("/desk/register/")
    call_of_a_known_customer(tab)

    tab.locator("#answered > summary").focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    expect(tab.get_by_label("Justified", exact=True)).to_be_checked()
    tab.locator("#id_text").focus()
    tab.keyboard.type("Okuma düzeltildi, yeni fatura bugün gönderilecek.")
    assert not violations(tab)
    tab.keyboard.press("Control+Enter")

    tab.wait_for_url(re.compile(r"/desk/register/\d+/"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Registered and answered")
    assert Case.objects.latest("received_at").decision == "justified"
    tab.keyboard.press("n")
    tab.wait_for_url("**/desk/register/")
    expect(tab.locator("#id_description")).to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_around_the_call_hold_no_barrier(open_tab, agent, customer, scheme):
    tab = open_tab(agent, scheme=scheme)
    for address in (f"/desk/customers/{customer.pk}/", "/desk/password/", "/sign-out/"):
        tab.goto(address)
        assert not violations(tab), address
    tab.goto("/desk/register/")
    factories.make_customer("Barış Yılmaz")
    expect(tab.locator("#id_lookup")).to_be_focused()
    tab.keyboard.type("yılmaz")
    tab.keyboard.press("Enter")
    expect(tab.locator(".candidate")).to_have_count(2)
    assert not violations(tab)
