"""The frame of the settings: who may enter, and which sections they are shown."""

import pytest
from django.test import Client
from django.utils.html import escape

from derman.administration import sections
from derman.words.rights import RIGHTS, Place, Role
from tests.factories import make_user, published

pytestmark = pytest.mark.django_db


def sign_in(role: str) -> Client:
    published()
    client = Client()
    client.force_login(make_user(role, "call_centre"))
    return client


@pytest.mark.parametrize("role", list(Role))
def test_only_who_has_the_place_may_enter(role):
    client = sign_in(role)

    answer = client.get("/settings/")

    assert answer.status_code == (200 if Place.SETTINGS in RIGHTS[role].places else 403)


def test_the_desk_leads_there_for_those_who_may():
    assert 'href="/settings/"' in sign_in("admin").get("/desk/").text
    assert 'href="/settings/"' not in sign_in("agent").get("/desk/").text


def test_the_first_page_names_every_section_with_what_it_is_for():
    page = sign_in("admin").get("/settings/").text

    for group in sections.GROUPS:
        for section in group.sections:
            assert f'data-section="{section.name}"' in page
            assert escape(str(section.purpose)) in page
