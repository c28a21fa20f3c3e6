"""Signing in: who may, from where, how often, and what a stranger learns from it."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from derman.accounts.models import User
from derman.words.rights import Role
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/sign-in/"
HOME = {"host": "127.0.0.1"}
AWAY = {"host": "testserver"}
STRONG = "a-long-and-quiet-word"


@pytest.fixture(autouse=True)
def published():
    factories.published()
    yield
    cache.clear()


@pytest.fixture
def agent() -> User:
    return factories.make_user(Role.AGENT)


@pytest.fixture
def elif_kaya() -> User:
    """Somebody whose name and password are not those of a demo."""
    user = factories.make_user(Role.AGENT, name="elif", language="de")
    user.set_password(STRONG)
    user.save()
    return user


def sign_in(client: Client, name: str, password: str, headers: dict = HOME):
    return client.post(URL, {"login": name, "password": password}, headers=headers)


def errors(response) -> list[str]:
    return [str(error) for found in response.context["form"].errors.values() for error in found]


def test_a_demo_sign_in_works_on_this_machine(client, agent):
    response = sign_in(client, "agent", factories.PASSWORD)

    assert response.status_code == 302
    assert response["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(agent.pk)


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"host": "testserver"}, "127.0.0.1"),
        ({"host": "127.0.0.1"}, "10.0.0.8"),
    ],
)
def test_a_demo_sign_in_works_nowhere_else(client, agent, headers, address):
    response = client.post(
        URL,
        {"login": "agent", "password": factories.PASSWORD},
        headers=headers,
        REMOTE_ADDR=address,
    )

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_server_that_listens_beyond_this_machine_refuses_demo_sign_ins(
    client, agent, monkeypatch
):
    monkeypatch.setattr(settings, "HOST", "192.0.2.1")

    assert sign_in(client, "agent", factories.PASSWORD).status_code == 200
    assert "derman-demo" not in client.get(URL, headers=HOME).content.decode()


def test_others_sign_in_from_anywhere_also_in_a_demo(client, elif_kaya):
    assert sign_in(client, "elif", STRONG, AWAY).status_code == 302


def test_the_demo_sign_ins_are_shown_on_this_machine_only(client, agent):
    here = client.get(URL, headers=HOME).content.decode()
    away = client.get(URL, headers=AWAY).content.decode()

    assert all(f'value="{role}"' in here for role in Role)
    assert "derman-demo" in here
    assert "derman-demo" not in away


def test_an_installation_that_is_no_demo_shows_none(client, agent, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", False)

    assert "derman-demo" not in client.get(URL, headers=HOME).content.decode()


def test_unknown_names_and_wrong_passwords_are_answered_alike(client, elif_kaya):
    wrong_password = sign_in(client, "elif", "not-it")
    unknown_name = sign_in(client, "nobody", "not-it")

    assert errors(wrong_password) == errors(unknown_name)
    assert wrong_password.status_code == unknown_name.status_code


@pytest.mark.parametrize("change", [{"is_service": True}, {"is_active": False}])
def test_service_users_and_former_staff_are_answered_like_a_wrong_password(
    client, elif_kaya, change
):
    wrong_password = sign_in(client, "elif", "not-it")
    User.objects.filter(pk=elif_kaya.pk).update(**change)

    right_password = sign_in(client, "elif", STRONG)

    assert errors(right_password) == errors(wrong_password)
    assert "_auth_user_id" not in client.session


def test_guessing_is_limited_even_for_the_right_password_afterwards(client, elif_kaya):
    for _attempt in range(5):
        sign_in(client, "elif", "not-it")

    response = sign_in(client, "elif", STRONG)

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_session_gets_a_new_key_at_the_sign_in(client, elif_kaya):
    client.get(URL, headers=HOME)
    client.session["before"] = True
    session = client.session
    session["typed"] = "before"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before

    sign_in(client, "elif", STRONG)

    assert client.session.session_key != before


def test_the_desk_speaks_the_language_of_the_person(client, elif_kaya):
    sign_in(client, "elif", STRONG)

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"
    response = client.get("/desk/register/", headers=HOME)
    assert '<html lang="de"' in response.content.decode()


def test_the_language_switch_is_kept_with_the_person(client, elif_kaya):
    client.force_login(elif_kaya)

    client.post("/language/", {"language": "en", "next": "/desk/register/"})

    elif_kaya.refresh_from_db()
    assert elif_kaya.language == "en"


def test_a_stranger_is_sent_to_the_sign_in_and_back(client):
    response = client.get("/desk/register/")

    assert response.status_code == 302
    assert response["Location"] == "/sign-in/?next=/desk/register/"


def test_a_partial_update_of_a_stranger_takes_the_whole_page_there(client):
    response = client.post("/desk/register/", headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == "/sign-in/"


def test_a_sign_in_leads_to_no_other_site(client, elif_kaya):
    data = {"login": "elif", "password": STRONG, "next": "https://elsewhere.example/"}
    response = client.post(URL, data, headers=HOME)

    assert response["Location"] == "/desk/"


def test_what_follows_a_step_is_kept(client, elif_kaya):
    client.force_login(elif_kaya)

    response = client.post("/desk/preferences/", {"after_verb": "next", "next": "/desk/?view=mine"})

    elif_kaya.refresh_from_db()
    assert elif_kaya.after_verb == "next"
    assert response["Location"] == "/desk/?view=mine"
    client.post("/desk/preferences/", {"after_verb": "sideways", "next": "//elsewhere.example"})
    elif_kaya.refresh_from_db()
    assert elif_kaya.after_verb == "next"


def test_changing_the_password_keeps_this_session(client, elif_kaya):
    client.force_login(elif_kaya)
    new = "another-long-and-quiet-word"

    response = client.post(
        "/desk/password/", {"oldpassword": STRONG, "password1": new, "password2": new}
    )

    elif_kaya.refresh_from_db()
    assert response.status_code == 302
    assert elif_kaya.check_password(new)
    assert client.get("/desk/password/").status_code == 200


@pytest.mark.parametrize("new", ["short", "1234567890", "elif@ornekgaz.example"])
def test_a_weak_password_is_refused_at_its_field(client, elif_kaya, new):
    client.force_login(elif_kaya)

    response = client.post(
        "/desk/password/", {"oldpassword": STRONG, "password1": new, "password2": new}
    )

    assert response.status_code == 422
    elif_kaya.refresh_from_db()
    assert elif_kaya.check_password(STRONG)


def test_signing_out_asks_and_ends_the_session(client, elif_kaya):
    client.force_login(elif_kaya)

    assert client.get("/sign-out/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_the_sign_in_page_opens_in_every_language(client, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    response = client.get(URL, headers=HOME)

    assert f'<html lang="{language}"' in response.content.decode()
