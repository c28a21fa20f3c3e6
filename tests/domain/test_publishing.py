"""Publishing a profile: what counts, what is refused, and who sees it when."""

from datetime import UTC, datetime

import pytest

from derman.administration import in_use
from derman.profile import document, folder, presets, publishing
from derman.profile.models import ProfileVersion
from derman.profile.publishing import CannotPublish, publish
from tests import profiles

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def place(tmp_path):
    return profiles.write(tmp_path)


@pytest.fixture
def small(place):
    return folder.load(place)


def with_number(place, number):
    """The small organisation with another number to call."""
    profiles.change(place, "organisation.toml", 'number = "187"', f'number = "{number}"')
    return folder.load(place)


def test_publish_keeps_the_whole_profile(small):
    version = publish(small, by=None, at=MONDAY, note="first")

    assert (version.key, version.published_at, version.note) == ("su", MONDAY, "first")
    assert version.digest == document.digest(small)
    assert publishing.version(version.pk) == small
    assert publishing.current() == publishing.Published(small, version.pk)


def test_the_order_of_topics_is_kept_by_both_databases(small):
    publish(small, by=None, at=MONDAY)

    stored = document.from_text(ProfileVersion.objects.get().document)
    assert list(stored.topics) == ["bill", "burst"]
    assert list(stored.units) == ["desk", "solution", "pipes", "rescue"]


def test_publish_the_same_again_changes_nothing(small):
    first = publish(small, by=None, at=MONDAY)

    assert publish(small, by=None, at=MONDAY) == first
    assert ProfileVersion.objects.count() == 1


def test_an_older_profile_may_be_published_again(small, place):
    first = publish(small, by=None, at=MONDAY)
    publish(with_number(place, "188"), by=None, at=MONDAY)

    third = publish(small, by=None, at=MONDAY)

    assert third.pk > first.pk
    assert publishing.current().version_id == third.pk


def test_earlier_versions_stay_readable(small, place):
    first = publish(small, by=None, at=MONDAY)
    changed = with_number(place, "188")
    second = publish(changed, by=None, at=MONDAY)

    assert publishing.version(first.pk) == small
    assert publishing.version(second.pk) == changed


def test_another_organisation_is_refused(small):
    publish(presets.load("gas"), by=None, at=MONDAY)

    with pytest.raises(CannotPublish, match="gas"):
        publish(small, by=None, at=MONDAY)

    assert publishing.current().profile.key == "gas"


@pytest.mark.parametrize(
    "used",
    [
        ("topic", "bill.refund"),
        ("topic", "refund"),
        ("unit", "laboratory"),
        ("region", "south"),
        ("channel", "fax"),
        ("channel", "pigeon"),
    ],
)
def test_a_key_in_use_is_retired_not_removed(small, used):
    with pytest.raises(CannotPublish, match=f"{used[0]} {used[1]}"):
        publish(small, by=None, at=MONDAY, in_use=[("topic", "bill"), used])

    assert not ProfileVersion.objects.exists()


def test_keys_in_use_that_are_there_or_retired_are_no_obstacle(place):
    profiles.change(place, "topics.toml", "[bill.copy]", "[bill.copy]\nretired = true")

    used = [("topic", "bill.copy"), ("topic", "bill"), ("unit", "pipes"), ("channel", "web")]
    publish(folder.load(place), by=None, at=MONDAY, in_use=used)


def test_a_profile_with_an_error_is_refused(small):
    wrong = small.model_copy(update={"messages": {}})

    with pytest.raises(CannotPublish, match="opened_sms"):
        publish(wrong, by=None, at=MONDAY)


def test_nothing_published_is_said():
    with pytest.raises(publishing.NotPublished):
        publishing.current()


def test_another_process_sees_a_new_version_after_two_seconds(small, place, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(publishing.time, "monotonic", lambda: now)
    first = publish(small, by=None, at=MONDAY)
    assert publishing.current().version_id == first.pk
    changed = with_number(place, "188")
    other = ProfileVersion.objects.create(  # what another process published
        key="su",
        document=document.to_text(changed),
        digest=document.digest(changed),
        published_at=MONDAY,
    )

    now += 1.9
    assert publishing.current().version_id == first.pk
    now += 0.1
    assert publishing.current() == publishing.Published(changed, other.pk)


def test_reading_what_is_published_asks_the_database_once(
    small, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(publishing.time, "monotonic", lambda: 1000.0)
    publish(small, by=None, at=MONDAY)
    publishing.current()

    with django_assert_num_queries(0):
        publishing.current()


def test_an_empty_installation_uses_no_key():
    assert list(in_use.everything()) == []
