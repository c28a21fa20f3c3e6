"""Several people at once, on real connections: every change is kept, a plan is carried out once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from derman.administration import publication
from derman.profile import drafts, editing
from derman.profile.models import ProfileDraft, ProfileEdit, ProfileVersion
from tests.factories import make_user, preset, published

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def at_once(*calls: Callable[[], object]) -> list[BaseException]:
    """Run each in a thread of its own; return what went wrong."""
    wrong: list[BaseException] = []
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        try:
            ready.wait()
            call()
        except Exception as reason:
            wrong.append(reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_changes_to_different_places_are_all_kept():
    published()
    admin = make_user("admin")
    units = list(preset().units)[:4]
    seen = {key: editing.fingerprint(drafts.current().document["units"][key]) for key in units}

    def write(key: str) -> None:
        value = {**drafts.current().document["units"][key], "email": f"{key}@ornekgaz.example"}
        path = ("units", key)
        drafts.set_value(path, value, seen=seen[key], by=admin, at=MONDAY)

    assert at_once(*(lambda key=key: write(key) for key in units)) == []

    kept = drafts.current().profile.units
    assert [kept[key].email for key in units] == [f"{key}@ornekgaz.example" for key in units]
    assert (ProfileDraft.objects.count(), ProfileEdit.objects.count()) == (1, 4)


def test_of_two_at_one_place_one_is_told():
    published()
    admin = make_user("admin")
    path = ("units", "billing", "email")
    seen = editing.fingerprint(editing.value_at(drafts.current().document, path))

    def write(value: str) -> None:
        drafts.set_value(path, value, seen=seen, by=admin, at=MONDAY)

    wrong = at_once(lambda: write("one@ornekgaz.example"), lambda: write("two@ornekgaz.example"))

    assert [type(one) for one in wrong] == [drafts.ChangedMeanwhile]
    assert wrong[0].now == drafts.current().profile.units["billing"].email


def test_a_plan_is_carried_out_once_by_two_workers():
    published()
    admin = make_user("admin")
    path = ("units", "billing", "email")
    seen = editing.fingerprint(editing.value_at(drafts.current().document, path))
    drafts.set_value(path, "new@ornekgaz.example", seen=seen, by=admin, at=MONDAY)
    moment = MONDAY + timedelta(days=1)
    publication.plan(publish_at=moment, by=admin, at=MONDAY, note="planned")

    wrong = at_once(*[lambda: publication.publish_due(moment, 100)] * 2)

    assert wrong == []
    assert ProfileVersion.objects.count() == 2
    assert not ProfileDraft.objects.filter(ended_at=None).exists()
    assert ProfileDraft.objects.get().refusal == ""
