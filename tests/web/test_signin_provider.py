"""Signing in by an identity provider: by issuer and subject, and for users who were made here."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from derman.accounts import oidc
from derman.accounts.models import AccessEvent, User
from derman.words.rights import Role
from tests import factories
from tests.provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db
HOME = {"host": "127.0.0.1", "accept-language": "en"}


@pytest.fixture
def provider(settings):
    """Running, and known to the installation."""
    factories.published()
    running = Provider()
    running.start()
    settings.OIDC_ISSUER, settings.OIDC_CLIENT = running.issuer, CLIENT
    settings.OIDC_SECRET, settings.OIDC_NAME = SECRET, "Örnek Kimlik"
    yield running
    running.stop()
    cache.clear()


@pytest.fixture
def elif_kaya(provider) -> User:
    """Has the name and e-mail address that the provider claims for its person."""
    return factories.make_user(Role.AGENT, name="elif")


def start(client: Client, **query: str):
    path = f"/sign-in/provider/{oidc.key()}/"
    return client.post(path, query_params=query, headers=HOME)


def come_back(client: Client, begun):
    """Follow the browser to the provider and back."""
    assert begun.status_code == 302, begun.content
    there = requests.get(begun["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(there.headers["Location"])
    return client.get(f"{back.path}?{back.query}", headers=HOME)


def sign_in(client: Client):
    return come_back(client, start(client))


def who(client: Client) -> str:
    return client.session.get(SESSION_KEY, "")


def test_a_linked_user_signs_in(client, provider, elif_kaya):
    oidc.link(elif_kaya, "person-1")
    response = sign_in(client)
    assert response["Location"] == "/desk/"
    assert who(client) == str(elif_kaya.pk)
    assert "/token" in provider.asked
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("verified", [True, False])
def test_the_same_name_and_address_link_nobody(client, provider, elif_kaya, verified):
    provider.bent = {"email_verified": verified}
    response = sign_in(client)
    assert "Nobody here is linked" in response.content.decode()
    assert not who(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_a_person_links_the_provider_to_the_own_account(client, provider, elif_kaya):
    client.force_login(elif_kaya)
    again = client.post(
        "/desk/account/again/?next=/desk/account/", {"password": factories.PASSWORD}, headers=HOME
    )
    assert again.status_code == 302
    come_back(client, start(client, process="connect"))
    assert oidc.subject_of(elif_kaya) == "person-1"
    assert AccessEvent.objects.get(user=elif_kaya).type == "provider_linked"
    client.post("/desk/account/link/removal/", headers=HOME)
    assert not oidc.subject_of(elif_kaya)
    assert AccessEvent.objects.filter(user=elif_kaya, type="provider_unlinked").exists()
    come_back(client, start(client, process="connect"))
    stranger = Client()
    sign_in(stranger)
    assert who(stranger) == str(elif_kaya.pk)


def test_linking_asks_for_the_password_again(client, provider, elif_kaya):
    client.force_login(elif_kaya)
    response = come_back(client, start(client, process="connect"))
    assert response["Location"].startswith("/desk/account/again/")
    assert not oidc.subject_of(elif_kaya)


def test_a_subject_belongs_to_one_user(provider, elif_kaya):
    oidc.link(elif_kaya, "person-1")
    other = factories.make_user(Role.AGENT, name="other")
    with pytest.raises(ValidationError):
        oidc.link(other, "person-1")
    oidc.link(elif_kaya, "person-2")
    assert SocialAccount.objects.get().uid == "person-2"
    oidc.link(elif_kaya, "")
    assert not SocialAccount.objects.exists()


def test_the_same_subject_of_another_issuer_is_another_person(
    client, provider, elif_kaya, settings
):
    settings.OIDC_ISSUER = "https://formerly.example"
    oidc.link(elif_kaya, "person-1")
    settings.OIDC_ISSUER = provider.issuer
    sign_in(client)
    assert not who(client)


@pytest.mark.parametrize(
    "bent",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"exp": 1_700_000_000},
    ],
)
def test_a_token_for_somebody_else_or_of_another_time_is_refused(client, provider, elif_kaya, bent):
    oidc.link(elif_kaya, "person-1")
    provider.bent = bent
    assert "did not confirm" in sign_in(client).content.decode()
    assert not who(client)


def test_a_token_that_another_key_signed_is_refused(client, provider, elif_kaya):
    oidc.link(elif_kaya, "person-1")
    provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert "did not confirm" in sign_in(client).content.decode()
    assert not who(client)


def test_an_answer_that_nobody_asked_for_is_refused(client, provider, elif_kaya):
    oidc.link(elif_kaya, "person-1")
    path = f"/sign-in/provider/{oidc.key()}/callback/?code=x&state=made-up"
    assert "did not confirm" in client.get(path, headers=HOME).content.decode()
    assert not who(client)


def test_a_session_of_another_browser_cannot_finish_the_sign_in(provider, elif_kaya):
    oidc.link(elif_kaya, "person-1")
    victim, attacker = Client(), Client()
    come_back(victim, start(attacker))
    assert not who(victim)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_service": True}])
def test_former_staff_and_service_users_are_refused(client, provider, elif_kaya, change):
    oidc.link(elif_kaya, "person-1")
    User.objects.update(**change)
    assert sign_in(client)["Location"] == "/sign-in/"
    assert not who(client)


def test_the_sign_in_page_names_the_provider_and_only_where_there_is_one(
    client, provider, settings
):
    assert "Örnek Kimlik" in client.get("/sign-in/", headers=HOME).content.decode()
    path = f"/sign-in/provider/{oidc.key()}/"
    assert client.get(path, headers=HOME).status_code == 405
    settings.OIDC_ISSUER = ""
    assert "Örnek Kimlik" not in client.get("/sign-in/", headers=HOME).content.decode()
    assert client.post(path, headers=HOME).status_code == 404
