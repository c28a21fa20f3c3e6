"""Passkeys in a real browser, with an authenticator that the browser plays itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from derman.accounts.models import User
from derman.words.rights import Role
from tests import factories
from tests.browser.conftest import violations

pytestmark = pytest.mark.django_db(transaction=True)
WORD = "a-long-and-quiet-word"


@pytest.fixture
def elif_kaya() -> User:
    factories.published()
    user = factories.make_user(Role.AGENT, name="elif")
    user.set_password(WORD)
    user.save()
    return user


@pytest.fixture
def tab(open_tab, live_server) -> Page:
    """A browser with a passkey store that says yes; passkeys need a name, not an address."""
    tab = open_tab()
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return tab


def at(tab: Page, live_server, path: str) -> None:
    tab.goto(f"{live_server.url.replace('127.0.0.1', 'localhost')}{path}")


def sign_in(tab: Page, live_server) -> None:
    at(tab, live_server, "/sign-in/")
    tab.fill("[name=login]", "elif")
    tab.fill("[name=password]", WORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()


def add(tab: Page, live_server, *, alone: bool) -> None:
    sign_in(tab, live_server)
    tab.wait_for_url("**/desk/**")
    at(tab, live_server, "/desk/account/passkeys/")
    tab.fill("[name=password]", WORD)
    tab.get_by_role("button", name="Continue").click()
    tab.fill("[name=name]", "Masa")
    if alone:
        tab.check("[name=passwordless]")
    tab.get_by_role("button", name="Add the passkey").click()
    tab.wait_for_url("**/desk/account/codes/")


def sign_out(tab: Page, live_server) -> None:
    at(tab, live_server, "/sign-out/")
    tab.locator("main").get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/sign-in/")


def test_a_passkey_signs_in_alone(tab, live_server, elif_kaya):
    add(tab, live_server, alone=True)
    sign_out(tab, live_server)
    tab.get_by_role("button", name="Sign in with a passkey").click()
    tab.wait_for_url("**/desk/")
    assert tab.locator("h1, h2").count()


def test_a_passkey_is_the_second_step_after_the_password(tab, live_server, elif_kaya):
    add(tab, live_server, alone=False)
    sign_out(tab, live_server)
    sign_in(tab, live_server)
    tab.wait_for_url("**/sign-in/code/")
    assert not violations(tab)
    tab.get_by_role("button", name="Use a passkey").click()
    tab.wait_for_url("**/desk/")


def test_a_passkey_is_named_renamed_and_removed(tab, live_server, elif_kaya):
    add(tab, live_server, alone=True)
    at(tab, live_server, "/desk/account/")
    line = tab.locator("[data-passkey-line]")
    expect(line).to_contain_text("Masa")
    expect(line).to_contain_text("signs in alone")
    assert not violations(tab)
    line.get_by_role("link", name=re.compile("Rename")).click()
    tab.fill("[name=name]", "Telefon")
    tab.get_by_role("button", name="Save").click()
    expect(line).to_contain_text("Telefon")
    tab.get_by_role("link", name=re.compile("Remove Telefon")).click()
    tab.get_by_role("button", name="Remove").click()
    tab.wait_for_url("**/desk/account/")
    expect(line).to_have_count(0)


def test_a_browser_that_has_no_passkey_says_so(open_tab, live_server, elif_kaya):
    tab = open_tab()
    session = tab.context.new_cdp_session(tab)
    session.send("WebAuthn.enable")  # and no authenticator
    at(tab, live_server, "/sign-in/")
    tab.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')); }")
    tab.get_by_role("button", name="Sign in with a passkey").click()
    tab.get_by_text("That did not work.").wait_for()


def test_the_pages_of_the_account_have_no_violations(open_tab, live_server, elif_kaya):
    tab = open_tab(narrow=True, scheme="dark")
    sign_in(tab, live_server)
    tab.wait_for_url("**/desk/**")
    at(tab, live_server, "/desk/account/app/")
    assert not violations(tab)  # asks for the password again
    tab.fill("[name=password]", WORD)
    tab.get_by_role("button", name="Continue").click()
    tab.locator("[data-secret]").wait_for()
    for path in ("app/", "passkeys/", "codes/", ""):
        at(tab, live_server, f"/desk/account/{path}")
        assert not violations(tab), path
