"""Export and import in the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from derman.profile import archive, drafts
from tests.factories import make_user, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    published()
    client = Client()
    client.force_login(make_user("admin"))
    return client


def bring_in(client, packed: bytes):
    file = SimpleUploadedFile("profile.zip", packed, content_type="application/zip")
    return client.post("/settings/files/", {"archive": file})


def with_owner_email(email):
    profile = preset()
    organisation = profile.organisation.model_copy(update={"email": email})
    return profile.model_copy(update={"organisation": organisation})


def test_the_export_of_a_version_imported_changes_nothing(client):
    version = published().version_id
    answer = client.get(f"/settings/versions/{version}/export/")
    assert answer["Content-Type"] == "application/zip"
    assert 'filename="gas-' in answer["Content-Disposition"]

    assert bring_in(client, answer.content).status_code == 302

    assert drafts.open_draft() is None
    assert client.get("/settings/draft/export/").content == answer.content


def test_an_import_becomes_the_draft(client):
    bring_in(client, archive.pack(with_owner_email("new@ornekgaz.example")))

    assert drafts.current().profile.organisation.email == "new@ornekgaz.example"
    page = client.get("/settings/draft/").text
    assert "new@ornekgaz.example" in page
    assert "imported a whole profile" in page


def test_another_organisation_s_profile_is_refused(client):
    other = preset().model_copy(update={"key": "water"})
    answer = bring_in(client, archive.pack(other))
    assert answer.status_code == 422
    assert "the profile of water" in answer.text
    assert drafts.open_draft() is None


@pytest.mark.parametrize("packed", [b"", b"no zip"])
def test_what_is_no_archive_is_refused_politely(client, packed):
    answer = bring_in(client, packed)
    assert answer.status_code == 422
    assert drafts.open_draft() is None
