"""A real Chromium against a real server: pages that refuse script errors, and their pictures.

PICTURES=docs/pictures keeps the screenshots of a run for the documentation.
"""

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from derman.accounts.models import User
from derman.cases.actions import _core

# The driver runs its loop in the thread of the test, which also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

expect.set_options(timeout=30_000)  # as long as a click may wait: the machine may be a slow one

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}

USES = (
    "locator", "get_by_label", "get_by_role", "get_by_text", "click", "check", "fill", "focus",
    "select_option", "set_input_files", "uncheck",
)  # fmt: skip

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


@pytest.fixture(autouse=True)
def time_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be called back for seconds is looked at in every part first."""
    monkeypatch.setattr(_core, "UNDO_SECONDS", 300)


@pytest.fixture(autouse=True)
def nobody_hurries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is looked at and used once its scripts have come, as a person comes to it."""
    for name in USES:
        monkeypatch.setattr(Page, name, _once_here(getattr(Page, name)))
    monkeypatch.setattr(Page, "keyboard", property(_once_here(Page.keyboard.fget)))


@pytest.fixture(autouse=True)
def nothing_left_to_answer(transactional_db, live_server) -> Iterator[None]:
    """What closed tabs have asked for is answered before the database of their test is emptied."""
    yield
    deadline = time.monotonic() + 30
    while _is_answering() and time.monotonic() < deadline:
        time.sleep(0.01)


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
            reduced_motion="reduce",  # no colour is measured on its way to another
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
    """What axe finds wrong with the page as it stands, once all of it has come."""
    tab.wait_for_load_state()
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def wait_for_draft(tab: Page, words: str = "") -> None:
    """Until this tab keeps the words; the policy of our pages forbids the driver's own waiting."""
    for _turn in range(600):
        kept = tab.evaluate("JSON.stringify(sessionStorage)")
        if "derman.draft" in kept and words in kept:
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"No draft was kept: {words}")


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


def _is_answering() -> bool:
    return any("process_request_thread" in thread.name for thread in threading.enumerate())


def _once_here(use: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(use)
    def patient(tab: Page, *given: Any, **options: Any) -> Any:
        tab.wait_for_load_state()
        return use(tab, *given, **options)

    return patient


def _session_of(user: User, url: str) -> dict:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}
