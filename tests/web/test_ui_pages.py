"""The gallery, the theme switch, and the pages for when something fails."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from derman import ui
from derman.ui import views

HERE = Path(ui.__file__).parent
GALLERY = ["/ui/gallery/", "/ui/gallery/desk/", "/ui/gallery/portal/"]
ERRORS = ["400.html", "403.html", "404.html", "413.html", "429.html", "500.html", "403_csrf.html"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", GALLERY)
def test_gallery_shows_the_components(client, address):
    page = client.get(address)
    assert page.status_code == 200
    assert "default-src" in page["Content-Security-Policy"]


@pytest.mark.parametrize("address", GALLERY)
def test_pages_hold_nothing_that_the_policy_forbids(client, address):
    html = client.get(address).content.decode()
    assert not re.findall(r"\sstyle=|\son[a-z]+=\"|javascript:", html)
    assert not [tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag]
    assert "<style" not in html


def test_gallery_is_for_demos_only(client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get("/ui/gallery/").status_code == 404


def test_theme_is_kept_in_a_cookie_and_drawn_by_the_server(client):
    answer = client.post(reverse("ui:theme"), {"theme": "dark", "next": "/ui/gallery/"})
    assert answer["Location"] == "/ui/gallery/"
    assert 'data-theme="dark"' in client.get("/ui/gallery/").content.decode()

    client.post(reverse("ui:theme"), {"theme": "auto"})
    assert "data-theme=" not in client.get("/ui/gallery/").content.decode().split("<head>")[0]


def test_theme_never_leads_away(client):
    answer = client.post(reverse("ui:theme"), {"theme": "dark", "next": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("language", ["tr", "en", "de"])
@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_stand_alone(name, language, django_assert_num_queries):
    with translation.override(language), django_assert_num_queries(0):
        html = render_to_string(name)
    assert f'<html lang="{language}"' in html
    assert "<h1>" in html
    assert "data-keep-drafts" in html


def test_an_expired_form_gives_back_what_was_typed():
    browser = Client(enforce_csrf_checks=True)
    typed = {"description": "Sayaç <b>yanlış</b>", "password": "hidden", "csrfmiddlewaretoken": "x"}
    page = browser.post(reverse("ui:theme"), typed)
    html = page.content.decode()
    assert page.status_code == 403
    assert "Sayaç &lt;b&gt;yanlış&lt;/b&gt;" in html
    assert "hidden" not in re.sub(r"hidden-text", "", html)


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_strangers_form_puts_no_words_on_our_page(headers):
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(reverse("ui:theme"), {"description": "Call 0900"}, headers=headers)
    assert page.status_code == 403
    assert "Call 0900" not in page.content.decode()


def test_too_much_at_once_has_a_page_of_its_own():
    request = RequestFactory().post("/")
    assert views.bad_request(request, RequestDataTooBig("big")).status_code == 413
    assert views.bad_request(request, SuspiciousOperation("odd")).status_code == 400


def test_too_many_tries_say_when_to_come_back():
    with translation.override("en"):
        page = views.too_many(RequestFactory().get("/"), timedelta(minutes=15))
    assert page.status_code == 429
    assert page["Retry-After"] == "900"
    assert "15\u00a0min" in page.content.decode()


def test_no_script_is_longer_than_it_may_be():
    long = [
        path.name
        for path in (HERE / "static" / "ui" / "js").glob("*.js")
        if len(path.read_text(encoding="utf-8").splitlines()) > 100
    ]
    assert not long


def test_every_script_is_loaded_somewhere():
    pages = "".join(path.read_text() for path in (HERE / "templates").rglob("*.html"))
    scripts = "".join(path.read_text() for path in (HERE / "static" / "ui" / "js").glob("*.js"))
    for path in (HERE / "static" / "ui" / "js").glob("*.js"):
        assert f"ui/js/{path.name}" in pages or f"./{path.name}" in scripts, path.name


def test_each_language_is_named_in_its_own_words(client):
    html = client.get("/ui/gallery/portal/").content.decode()
    for name in ("Türkçe", "English", "Deutsch"):
        assert f'<span class="hidden-text">{name}</span>' in html
