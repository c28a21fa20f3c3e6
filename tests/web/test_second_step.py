"""The second step of signing in: set up, asked for, limited, reset; and who must have one."""

import re
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db import connection
from django.test import Client

from derman.accounts import factors
from derman.accounts.models import User
from derman.words.rights import Role
from tests import factories

pytestmark = pytest.mark.django_db
HOME = {"host": "127.0.0.1", "accept-language": "en"}
WORD = "a-long-and-quiet-word"


@pytest.fixture(autouse=True)
def published():
    factories.published()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """No code runs out between being made and being typed."""
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: 1_780_000_000))


@pytest.fixture
def elif_kaya() -> User:
    user = factories.make_user(Role.AGENT, name="elif")
    user.set_password(WORD)
    user.save()
    return user


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[step]))


def begin(client: Client, password: str = WORD):
    return client.post("/sign-in/", {"login": "elif", "password": password}, headers=HOME)


def again(client: Client, path: str):
    """Go to a page that asks for the password again, and give it."""
    asked = client.get(path, headers=HOME)
    assert asked["Location"].startswith("/desk/account/again/")
    return client.post(asked["Location"], {"password": WORD}, headers=HOME)


def set_up(client: Client) -> str:
    """Sign in, set an app up, and return its secret."""
    begin(client)
    again(client, "/desk/account/app/")
    page = client.get("/desk/account/app/", headers=HOME).content.decode()
    secret = re.search(r"data-secret>([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    # The first of the counters that count, so that the next sign-in has two more.
    sent = client.post("/desk/account/app/", {"code": code_of(secret)}, headers=HOME)
    assert sent["Location"] == "/desk/account/codes/"
    return secret


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_an_app_is_set_up_by_picture_and_first_code(client, elif_kaya):
    begin(client)
    again(client, "/desk/account/app/")
    page = client.get("/desk/account/app/", headers=HOME).content.decode()
    assert "data:image/svg+xml;base64," in page
    wrong = client.post("/desk/account/app/", {"code": "000000"}, headers=HOME)
    assert wrong.status_code == 422
    assert not factors.has_one(elif_kaya)


def test_with_an_app_the_password_alone_opens_nothing(elif_kaya):
    secret = set_up(Client())
    client = Client()
    assert begin(client)["Location"] == "/sign-in/code/"
    assert not is_in(client)
    assert client.get("/desk/", headers=HOME)["Location"].startswith("/sign-in/")
    before = client.session.session_key
    done = client.post("/sign-in/code/", {"code": code_of(secret, 1)}, headers=HOME)
    assert done["Location"] == "/desk/"
    assert is_in(client)
    assert client.session.session_key != before


def test_a_code_works_once(elif_kaya):
    secret = set_up(Client())
    code = code_of(secret, 1)
    first, second = Client(), Client()
    for client in (first, second):
        begin(client)
        client.post("/sign-in/code/", {"code": code}, headers=HOME)
    assert (is_in(first), is_in(second)) == (True, False)


def test_guessing_codes_is_limited_for_the_right_one_too(elif_kaya):
    secret = set_up(Client())
    for _try in range(6):
        client = Client()
        begin(client)
        assert client.post("/sign-in/code/", {"code": "000000"}, headers=HOME).status_code == 422
    client.post("/sign-in/code/", {"code": code_of(secret, 1)}, headers=HOME)
    assert not is_in(client)


def test_a_recovery_code_is_shown_once_and_works_once(client, elif_kaya):
    set_up(client)
    page = client.post("/desk/account/codes/", headers=HOME).content.decode()
    codes = re.findall(r'<li class="num">(\d{8})</li>', page)
    assert len(codes) == 10
    assert codes[0] not in client.get("/desk/account/codes/", headers=HOME).content.decode()
    first, second = Client(), Client()
    for browser in (first, second):
        begin(browser)
        browser.post("/sign-in/code/", {"code": codes[0]}, headers=HOME)
    assert (is_in(first), is_in(second)) == (True, False)


def test_new_recovery_codes_end_the_old_ones(client, elif_kaya):
    set_up(client)
    pages = [client.post("/desk/account/codes/", headers=HOME).content.decode() for _ in "ab"]
    old, new = (re.findall(r'<li class="num">(\d{8})</li>', page) for page in pages)
    assert not set(old) & set(new)


def test_secrets_rest_sealed(client, elif_kaya):
    secret = set_up(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = repr(cursor.fetchall())
    assert secret not in stored
    assert stored.count("v1.k1.") == 2


def test_the_app_is_removed_with_its_recovery_codes(client, elif_kaya):
    set_up(client)
    assert client.get("/desk/account/app/removal/", headers=HOME).status_code == 200
    client.post("/desk/account/app/removal/", headers=HOME)
    assert not Authenticator.objects.exists()


def test_nobody_removes_or_renames_the_passkey_of_another(client, elif_kaya):
    theirs = Authenticator.objects.create(
        user=factories.make_user(Role.ADMIN), type="webauthn", data={"name": "Yubi"}
    )
    begin(client)
    again(client, f"/desk/account/passkeys/{theirs.pk}/name/")
    for noun in ("name", "removal"):
        path = f"/desk/account/passkeys/{theirs.pk}/{noun}/"
        assert client.get(path, headers=HOME).status_code == 404
        assert client.post(path, {"name": "Benim"}, headers=HOME).status_code == 404
    theirs.refresh_from_db()
    assert theirs.data == {"name": "Yubi"}


def test_a_reset_takes_all_factors_and_ends_all_sessions(client, elif_kaya):
    set_up(client)
    assert factors.reset(elif_kaya) == 2
    assert not factors.has_one(elif_kaya)
    assert client.get("/desk/account/", headers=HOME).status_code == 302
    other = Client()
    assert begin(other)["Location"] == "/desk/"


def test_a_role_that_must_have_one_is_led_to_set_it_up(client, elif_kaya, settings):
    settings.SECOND_FACTOR = ["agent"]
    begin(client)
    assert client.get("/desk/", headers=HOME)["Location"] == "/desk/account/"
    part = client.get("/desk/tasks/count/", headers={**HOME, "HX-Request": "true"})
    assert part["HX-Redirect"] == "/desk/account/"
    assert "Your role asks" in client.get("/desk/account/", headers=HOME).content.decode()
    set_up(Client())
    assert client.get("/desk/", headers=HOME).status_code == 200


def test_who_must_have_a_factor_keeps_the_last_one(client, elif_kaya, settings):
    set_up(client)
    settings.SECOND_FACTOR = ["agent"]
    answer = client.post("/desk/account/app/removal/", headers=HOME)
    assert answer.status_code == 422
    assert factors.has_one(elif_kaya)


def test_other_roles_and_demo_users_are_not_asked(client, elif_kaya, settings):
    settings.SECOND_FACTOR = ["admin"]
    begin(client)
    assert client.get("/desk/", headers=HOME).status_code == 200
    demo = factories.make_user(Role.ADMIN)
    assert not factors.must_have(demo)
    settings.DEMO = False
    assert factors.must_have(demo)


def test_the_account_lists_where_one_is_signed_in_and_ends_the_others(client, elif_kaya):
    other = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    begin(other)
    begin(client)
    page = client.get("/desk/account/", headers=HOME).content.decode()
    assert page.count("data-session") == 2
    assert "Firefox, Linux" in page
    client.post("/desk/account/sessions/", headers=HOME)
    assert client.get("/desk/account/", headers=HOME).status_code == 200
    assert other.get("/desk/account/", headers=HOME).status_code == 302
    assert UserSession.objects.count() == 1


def test_a_new_password_ends_the_other_sessions(client, elif_kaya):
    other = Client()
    begin(other)
    begin(client)
    new = "another-long-and-quiet-word"
    client.post(
        "/desk/password/",
        {"oldpassword": WORD, "password1": new, "password2": new},
        headers=HOME,
    )
    assert client.get("/desk/account/", headers=HOME).status_code == 200
    assert other.get("/desk/account/", headers=HOME).status_code == 302
    page = client.get("/desk/account/", headers=HOME).content.decode()
    assert page.count("data-session") == 1


def test_names_that_nobody_has_are_limited_like_those_that_somebody_has(elif_kaya):
    answers = []
    for name in ("elif", "nobody"):
        for _try in range(6):
            sent = {"login": name, "password": "not-it"}
            last = Client(REMOTE_ADDR=f"10.0.{len(answers)}.{_try}").post(
                "/sign-in/", sent, headers=HOME
            )
        answers.append((last.status_code, last.context["form"].errors.as_json()))
    assert answers[0] == answers[1]
    assert "too_many_login_attempts" in answers[0][1]


def test_who_goes_on_guessing_waits_longer(elif_kaya, settings):
    rates = settings.ACCOUNT_RATE_LIMITS["login_failed"].split(",")
    per_user = [rate for rate in rates if rate.endswith("/key")]
    assert len(per_user) == 3
    assert sum(rate.endswith("/ip") for rate in rates) == 2
