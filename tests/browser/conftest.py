"""A real Chromium against a real server: pages that refuse script errors, and their pictures.

PICTURES=docs/pictures keeps the screenshots of a run for the documentation.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from derman.accounts.models import User

# The driver runs its loop in the thread of the test, which also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def open_tab(chromium: Browser, live_server) -> Iterator[Open]:
    """Open a tab, signed in as `user` if one is given; script errors fail the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(
        user: User | None = None,
        *,
        narrow: bool = False,
        scheme: str = "light",
        locale: str = "en",
        breaks: bool = False,  # on purpose: what the console says of it is no fault
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=NARROW if narrow else WIDE,
            color_scheme=scheme,
            locale=locale,
        )
        contexts.append(context)
        if user:
            context.add_cookies([_session_of(user, live_server.url)])
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        if not breaks:
            tab.on("console", lambda said: wrong.append(said.text) if _is_fault(said) else None)
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[Page, str], None]:
    """Keep what a tab shows under a name."""
    folder = Path(os.environ["PICTURES"]) if "PICTURES" in os.environ else tmp_path

    def keep(tab: Page, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=folder / f"{name}.png", animations="disabled")

    return keep


def violations(tab: Page) -> list[str]:
    """What axe finds wrong with the page as it stands."""
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def _is_fault(said: ConsoleMessage) -> bool:
    """A form answered with its errors is none, nor is what the driver and axe do to a page.

    The driver hides the caret by a style of its own; axe reads style sheets a second time and
    looks for imported ones beside the page. A part that was still asked for when the page was left
    is aborted, and htmx says so.
    """
    if said.text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
        return False
    if said.type != "error" or "Applying inline style" in said.text:
        return False
    asked_by_axe = "404" in said.text and said.location.get("url", "").endswith((".css", ".css/"))
    return not asked_by_axe and not re.search(r"status of (409|422)\b", said.text)


def _session_of(user: User, url: str) -> dict:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}
