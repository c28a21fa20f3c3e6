"""A key belongs to its system and to its day; what it replays is what was said the first time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from derman.accounts import tokens
from derman.accounts.models import Membership
from derman.api.models import StoredAnswer
from derman.api.v1 import idempotency
from derman.cases import actions
from derman.cases.models import Case, Event
from derman.words.rights import Role
from tests.factories import MONDAY, make_approval, make_case, make_user, published
from tests.systems import CALLS, OPENING, System, address

pytestmark = pytest.mark.django_db
KEY = {"idempotency-key": "2026-03-02/1"}


def call(api, operation, case, task="", **more):
    """The operation under the key."""
    _, path, body = CALLS[operation]
    path = address(path, case, **({"task_id": task} if task else {}))
    return api.post(path, {**body, **more}, version=case.version, **KEY)


@pytest.fixture
def api():
    published()
    return System()


def test_another_system_may_use_the_same_key(api):
    first, second = (system.post("cases", OPENING, **KEY) for system in (api, System()))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["number"] != second.json()["number"]


@pytest.mark.parametrize("part", [0, 123, 999_500])  # which no answer shows, or shows in part
def test_a_moment_is_replayed_to_the_letter(api, monkeypatch, part):
    now = timezone.now().replace(microsecond=part)
    monkeypatch.setattr(timezone, "now", lambda: now)
    first, again = (api.post("cases", OPENING, **KEY) for _turn in range(2))
    assert (first.status_code, again.content) == (201, first.content)


def test_the_first_answer_is_replayed_whatever_became_of_the_case(api):
    first = api.post("cases", OPENING, **KEY)
    case = Case.objects.get()
    assert api.call("note", case).status_code == 201
    events = Event.objects.count()

    again = api.post("cases", OPENING, **KEY)
    assert (again.status_code, again.content) == (201, first.content)
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert Event.objects.count() == events


def test_a_body_that_only_looks_alike_is_another_body(api):
    api.post("cases", OPENING, **KEY)
    answer = api.post("cases", {**OPENING, "proposal": None}, **KEY)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "idempotency"
    assert Case.objects.count() == 1


def test_a_key_is_kept_for_a_day(api):
    number = api.post("cases", OPENING, **KEY).json()["number"]
    StoredAnswer.objects.update(at=timezone.now() - idempotency.KEPT + timedelta(minutes=1))
    assert api.post("cases", OPENING, **KEY).json()["number"] == number
    StoredAnswer.objects.update(at=timezone.now() - idempotency.KEPT - timedelta(minutes=1))
    assert api.post("cases", OPENING, **KEY).json()["number"] != number
    assert StoredAnswer.objects.count() == 1


@pytest.mark.parametrize("operation", [name for name in CALLS if CALLS[name][0] == "post"])
def test_every_call_can_be_repeated_safely(api, operation):
    case = make_case(profile=published())
    boss = make_user(Role.ADMIN)
    given = {"by": boss, "at": MONDAY, "profile": published()}
    actions.refer(case, "metering", question="Okuma?", **given)
    if operation == "do_action":
        actions.plan_action(case, actions.Plan("remedy", "Sayaç okunacak."), **given)
    if operation in ("accept_offer", "refuse_offer"):
        actions.offer(case, "Faturayı düzeltiriz.", channel="phone", **given)
    if operation in ("approve", "decline"):
        make_approval(case, boss)
    if operation == "reopen":
        actions.outcome(case, "justified", "Düzeltildi.", **given)
    more = {"reason": "withdrawn"} if operation == "close" else {}
    task = case.tasks.get().pk

    first = call(api, operation, case, task, **more)
    assert first.status_code in (200, 201), first.content
    events, cases = Event.objects.count(), Case.objects.count()
    again = call(api, operation, case, task, **more)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["ETag"] == first["ETag"]
    assert (Event.objects.count(), Case.objects.count()) == (events, cases)


def test_a_key_belongs_to_one_call(api):
    first, second = make_case(), make_case()
    assert call(api, "note", first).status_code == 201
    for operation, case in (("note", second), ("ask", first)):
        answer = call(api, operation, case)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "idempotency"
    assert second.notes.count() == 0


def test_what_was_refused_uses_up_no_key_of_a_write(api):
    case = make_case()
    stale = case.version
    case.version = 99
    assert call(api, "note", case).status_code == 412
    case.version = stale
    assert call(api, "note", case).status_code == 201


def test_a_repeat_is_told_nothing_that_its_role_may_not_see(api):
    case = make_case()
    assert call(api, "note", case).status_code == 201
    Membership.objects.update(role=Role.RECEPTION)
    tokens.forget()
    assert call(api, "note", case).status_code == 403


def test_a_fault_leaves_neither_case_nor_key(api, monkeypatch):
    api.client.raise_request_exception = False

    def fail(*_, **__):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("derman.api.v1.cases.pictures.picture_new", fail)
        assert api.post("cases", OPENING, **KEY).status_code == 500
    assert (Case.objects.count(), StoredAnswer.objects.count()) == (0, 0)
    assert api.post("cases", OPENING, **KEY).status_code == 201


def test_a_role_that_may_not_open_uses_up_no_key():
    published()
    manager = System(Role.MANAGER)
    assert manager.post("cases", OPENING, **KEY).status_code == 403
    answered = {**OPENING, "answered": {"decision": "justified", "text": "Tamam."}}
    registry = System(Role.REGISTRY)
    assert registry.post("cases", answered, **KEY).status_code == 403
    assert (Case.objects.count(), StoredAnswer.objects.count()) == (0, 0)


def test_the_second_of_a_case_and_its_version_is_told(api):
    """Beside keys: If-Match refuses what the first of two has overtaken, and keeps its work."""
    api.post("cases", OPENING, **KEY)
    case = Case.objects.get()
    seen = case.version
    actions.note(case, "İlk.", by=None, at=MONDAY, profile=published())
    case.version = seen
    answer = api.call("note", case, text="İkinci.")
    assert answer.status_code == 412
    assert [note.text for note in case.notes.all()] == ["İlk."]
