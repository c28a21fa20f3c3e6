"""Every address says who may use it: everybody (listed here), a right of the table, or a token."""

import re

import pytest
from django.urls import URLPattern, reverse

from derman.words.life import Verb
from derman.words.rights import RIGHTS, Place
from tests import addresses

PUBLIC = addresses.public()  # pages that guard themselves by number, key and code too
# The document that describes the API holds nothing but the API; its root says where that is.
# Every other address below it is told to be none.
DESCRIPTIONS = {"api_v1:openapi-json", "api_v1:api-root", "api_nothing"}


@pytest.fixture(scope="module")
def known() -> dict[str, URLPattern]:
    return addresses.known()


def is_api(name: str) -> bool:
    return name.startswith("api_v1:")


def test_every_address_declares_who_may_use_it(known):
    undeclared = [
        name
        for name, entry in known.items()
        if name not in PUBLIC | DESCRIPTIONS
        and not is_api(name)
        and not hasattr(entry.callback, "right")
    ]
    assert not undeclared


def test_every_declared_right_is_one_that_somebody_has(known):
    given = {verb for rights in RIGHTS.values() for verb in rights.verbs}
    given |= {place for rights in RIGHTS.values() for place in rights.places}
    for name, entry in known.items():
        right = getattr(entry.callback, "right", None)
        if right is not None:
            assert isinstance(right, Verb | Place), name
            assert right in given, name


def test_no_public_name_is_left_over(known):
    assert not (PUBLIC | DESCRIPTIONS) - set(known)


@pytest.mark.django_db
def test_every_operation_of_the_api_asks_for_a_token(client):
    document = client.get("/api/v1/openapi.json").json()
    operations = [(path, verb) for path, verbs in document["paths"].items() for verb in verbs]
    assert len(operations) > 10

    for path, verb in operations:
        address = re.sub(r"\{\w+\}", "264839172", path)
        answer = getattr(client, verb)(address)
        assert answer.status_code == 401, f"{verb} {path}"


@pytest.mark.django_db
def test_nobody_gets_past_a_declared_right_without_signing_in(known, client):
    """Addresses without arguments, asked for by a stranger."""
    for name, entry in known.items():
        if not hasattr(entry.callback, "right") or entry.pattern.converters:
            continue
        path = reverse(name)
        answer = client.get(path)
        assert answer.status_code in {302, 401, 403, 405}, path
        if answer.status_code == 302:
            assert answer["Location"].startswith("/sign-in/"), path
