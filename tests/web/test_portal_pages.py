"""The portal's pages that need no case."""

import pytest
from django.test import Client

from derman.lib.prose import Block, blocks
from tests.factories import preset, published

pytestmark = pytest.mark.django_db
PAGES = ["/", "/privacy/", "/cookies/", "/accessibility/", "/report/", "/track/"]


@pytest.fixture(autouse=True)
def organisation():
    published()


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_home_speaks_of_the_organisation_in_three_languages(client, language):
    profile = preset()

    text = client.get("/", headers={"accept-language": language}).content.decode()

    assert f'<html lang="{language}"' in text
    assert profile.text(profile.organisation.name, language) in text
    assert profile.text(profile.organisation.home, language) in text
    assert 'href="tel:187"' in text
    assert 'href="tel:153"' in text
    assert 'href="/report/"' in text
    assert 'href="/track/"' in text


def test_home_says_that_a_complaint_is_free(client):
    text = client.get("/", headers={"accept-language": "en"}).content.decode()

    assert "free of charge" in text


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_the_account_of_complaints_links_the_regulator_and_carries_the_disclaimer(client, language):
    profile = preset()
    [regulator] = profile.organisation.regulators.values()

    text = client.get("/", headers={"accept-language": language}).content.decode()

    about = text[text.index('id="about-title"') :]
    assert f'href="{regulator.url}"' in about
    assert profile.text(regulator.label, language) in about
    assert profile.text(regulator.what, language) in about
    assert profile.text(profile.organisation.disclaimer, language) in about


def test_an_organisation_without_regulator_and_disclaimer_shows_no_empty_heading(client):
    profile = preset()
    none = {"regulators": {}, "disclaimer": None}
    organisation = profile.organisation.model_copy(update=none)
    published(profile.model_copy(update={"organisation": organisation}))

    assert "rules-title" not in client.get("/").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_database_once_at_most(client, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):  # for the profile, which is then remembered
        assert client.get(page).status_code == 200
    with django_assert_max_num_queries(0):
        client.get(page)


@pytest.mark.parametrize("page", PAGES)
def test_reading_sets_no_cookie_but_the_forms_own(client, page):
    answer = client.get(page)

    assert set(answer.cookies) <= {"csrftoken"}


def test_the_chosen_language_is_kept_in_a_cookie():
    client = Client(headers={"accept-language": "tr"})

    client.post("/language/", {"language": "de", "next": "/"})

    assert '<html lang="de"' in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_on_a_page_needs_scripts_or_styles_of_its_own(client, page):
    answer = client.get(page)

    assert (
        "script-src" in answer["Content-Security-Policy"]
        or "default-src 'self'" in (answer["Content-Security-Policy"])
    )
    assert " style=" not in answer.content.decode()


def test_a_closed_channel_says_so_and_takes_nothing(client):
    profile = preset()
    web = profile.channels["app"]
    closed = profile.model_copy(update={"channels": {**profile.channels, "web": web}})
    published(closed)

    assert (
        profile.text(web.note, "en")
        in client.get("/", headers={"accept-language": "en"}).content.decode()
    )
    assert client.get("/report/")["Location"] == "/"


def test_longer_texts_fall_into_headings_lists_and_paragraphs():
    text = "First\nline.\n\n## Rights\n\n- one\n- <two>\r\n\r\nLast."

    assert blocks(text) == [
        Block("paragraph", "First line."),
        Block("heading", "Rights"),
        Block("list", items=("one", "<two>")),
        Block("paragraph", "Last."),
    ]
