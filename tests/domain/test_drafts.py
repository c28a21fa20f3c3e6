"""The draft of the next profile: changes of several people, merging, and what is refused."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from derman.profile import drafts, editing
from derman.profile.drafts import ChangedMeanwhile, DoesNotFit
from derman.profile.models import EditKind, ProfileDraft, ProfileEdit
from tests.factories import make_user, preset, published

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def who():
    published()
    return {"by": make_user("admin"), "at": MONDAY}


def seen(path):
    return editing.fingerprint(editing.value_at(drafts.current().document, path))


def set_value(path, value, who):
    drafts.set_value(path, value, seen=seen(path), **who)


def a_unit():
    return next(iter(preset().units))


def test_the_first_change_begins_the_draft_and_publishes_nothing(who):
    path = ("units", a_unit(), "email")
    assert drafts.open_draft() is None

    set_value(path, "new@ornekgaz.example", who)

    assert drafts.current().profile.units[a_unit()].email == "new@ornekgaz.example"
    assert published().profile.units[a_unit()].email != "new@ornekgaz.example"
    edit = ProfileEdit.objects.get()
    assert (edit.kind, edit.path) == (EditKind.CHANGED, "/".join(path))


def test_saving_what_is_there_begins_nothing(who):
    path = ("units", a_unit())
    set_value(path, editing.value_at(drafts.current().document, path), who)
    assert drafts.open_draft() is None


def test_two_people_at_one_place_lose_nothing(who):
    path = ("units", a_unit(), "email")
    shown = seen(path)
    set_value(path, "first@ornekgaz.example", who)

    with pytest.raises(ChangedMeanwhile) as caught:
        drafts.set_value(path, "second@ornekgaz.example", seen=shown, **who)

    assert caught.value.now == "first@ornekgaz.example"
    assert drafts.current().profile.units[a_unit()].email == "first@ornekgaz.example"


def test_two_people_at_two_places_do_not_meet(who):
    one, other = list(preset().units)[:2]
    shown = seen(("units", other, "email"))
    set_value(("units", one, "email"), "one@ornekgaz.example", who)
    drafts.set_value(("units", other, "email"), "other@ornekgaz.example", seen=shown, **who)

    units = drafts.current().profile.units
    assert (units[one].email, units[other].email) == (
        "one@ornekgaz.example",
        "other@ornekgaz.example",
    )


def test_what_breaks_the_schema_is_refused_with_its_place(who):
    path = ("units", a_unit(), "email")
    with pytest.raises(DoesNotFit) as caught:
        set_value(path, "no address", who)
    assert caught.value.findings[0].path == path
    assert drafts.open_draft() is None


def test_what_only_breaks_a_check_waits_in_the_draft(who):
    path = ("process", "owner")
    set_value(path, "nobody", who)
    assert [finding.path for finding in drafts.current().findings()] == [path]


def test_adding_takes_a_free_key_only(who):
    unit = editing.value_at(drafts.current().document, ("units", a_unit()))
    drafts.set_value(("units", "heat"), unit, seen=None, **who)
    assert list(drafts.current().profile.units)[-1] == "heat"
    with pytest.raises(ChangedMeanwhile):
        drafts.set_value(("units", "heat"), unit, seen=None, **who)


def test_moving_and_removing_keep_the_rest(who):
    first, second, third = list(preset().units)[:3]
    drafts.move(("units", third), -2, seen=seen(("units", third)), **who)
    assert list(drafts.current().profile.units)[:3] == [third, first, second]

    drafts.remove(("units", first), seen=seen(("units", first)), **who)
    assert list(drafts.current().profile.units)[:2] == [third, second]


def test_there_is_one_open_draft(who):
    set_value(("units", a_unit(), "email"), None, who)
    draft = ProfileDraft.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileDraft.objects.create(base=draft.base, document="{}", started_at=MONDAY)
    drafts.discard(at=MONDAY)
    assert drafts.open_draft() is None
    set_value(("units", a_unit(), "email"), None, who)
    assert ProfileDraft.objects.count() == 2


def test_catching_up_takes_over_what_was_published_and_names_the_clashes(who):
    one, other = list(preset().units)[:2]
    set_value(("units", one, "email"), "mine@ornekgaz.example", who)
    units = dict(preset().units)
    units[one] = units[one].model_copy(update={"email": "theirs@ornekgaz.example"})
    units[other] = units[other].model_copy(update={"email": "also@ornekgaz.example"})
    published(preset().model_copy(update={"units": units}))

    clashes = drafts.catch_up(**who)

    assert clashes == [("units", one, "email")]
    now = drafts.current().profile.units
    assert now[one].email == "mine@ornekgaz.example"
    assert now[other].email == "also@ornekgaz.example"
    assert drafts.catch_up(**who) == []
