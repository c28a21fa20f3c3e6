"""An organisation's own colours, on light and dark pages, by system and by choice."""

import re

import pytest
from django.test import Client

from derman.profile import checks
from derman.profile.colours import DARK_PAGE, LIGHT_PAGE, READABLE, contrast, tint
from derman.profile.schema import Brand
from tests.factories import preset, published
from tests.web.test_ui_tokens import CSS

pytestmark = pytest.mark.django_db
BLUE = Brand(light="#0b4f9c", on_light="#ffffff", dark="#8fbdf2", on_dark="#06182b")


def branded(brand):
    profile = preset()
    organisation = profile.organisation.model_copy(update={"brand": brand})
    return profile.model_copy(update={"organisation": organisation})


def test_the_sheet_holds_the_colours_for_every_scheme():
    published(branded(BLUE))
    answer = Client().get("/brand.css")

    assert answer["Content-Type"].startswith("text/css")
    assert "max-age=60" in answer["Cache-Control"]
    assert not answer.cookies
    css = " ".join(answer.content.decode().split())
    light = "--brand: #0b4f9c; --on-brand: #ffffff; --brand-bg: #e7edf5;"
    dark = "--brand: #8fbdf2; --on-brand: #06182b; --brand-bg: #222d30;"
    assert f":root {{ {light} }}" in css
    assert f':root[data-theme="dark"] {{ {dark} }}' in css
    by_system = '@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"])'
    assert f"{by_system} {{ {dark} }}" in css
    assert css.startswith("@layer tokens { @media screen {")  # paper keeps its own


def test_a_browser_that_has_it_is_told_so():
    published(branded(BLUE))
    etag = Client().get("/brand.css")["ETag"]
    again = Client().get("/brand.css", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    published(branded(None))
    assert Client().get("/brand.css", headers={"if-none-match": etag}).status_code == 200


def test_without_colours_or_a_profile_it_is_empty():
    assert Client().get("/brand.css").content.strip() == b""
    organisation = preset().organisation.model_copy(update={"brand": None})
    published(preset().model_copy(update={"organisation": organisation}))
    assert Client().get("/brand.css").content.strip() == b""


def test_every_page_asks_for_it_after_the_house_style():
    published()
    page = Client().get("/").content.decode()
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert sheets.index("/brand.css") > next(i for i, s in enumerate(sheets) if "app" in s)


def test_an_accent_that_cannot_be_read_on_a_page_is_refused():
    pale = Brand(light="#ffe27a", on_light="#000000", dark="#223344", on_dark="#ffffff")
    found = [finding.path for finding in checks.findings(branded(pale))]
    assert found == [("organisation", "brand", "light"), ("organisation", "brand", "dark")]
    assert not list(checks.findings(branded(BLUE)))


@pytest.mark.parametrize(("accent", "page"), [(BLUE.light, LIGHT_PAGE), (BLUE.dark, DARK_PAGE)])
def test_a_tint_keeps_the_accent_readable(accent, page):
    assert contrast(accent, tint(accent, page)) >= READABLE


def test_the_pages_are_those_of_the_house_style():
    tokens = (CSS / "tokens.css").read_text()
    assert f"--surface: {LIGHT_PAGE};" in tokens
    assert f"--surface: {DARK_PAGE};" in tokens
