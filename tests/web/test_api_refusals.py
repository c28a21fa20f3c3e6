"""What a refusal of the API says: why this is not possible, and nothing that is not so."""

import pytest
from django.utils.translation import gettext, override

from derman.cases import actions
from derman.words.kinds import Decision
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_customer, make_user, published
from tests.systems import System

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def api():
    published()
    return System()


@pytest.fixture
def case(api):
    case = make_case(customer=make_customer(), kind="complaint")
    actions.take(case, by=make_user(Role.SOLUTION), at=MONDAY, profile=published())
    return case


def refused(api, case, path, body):
    case.refresh_from_db()
    answer = api.post(f"cases/{case.number}/{path}", body, version=case.version, **ENGLISH)
    [error] = answer.json()["errors"]
    return answer.status_code, error["code"], error["detail"]


@pytest.mark.parametrize("state", ["in_review", "awaiting_applicant", "closed"])
def test_only_a_resolved_case_is_asked_for_proof_before_it_closes(api, case, state):
    act = {"by": make_user(Role.ADMIN), "at": MONDAY, "profile": published()}
    if state == "awaiting_applicant":
        actions.ask(case, "Hangi sayaç?", **act)
    if state == "closed":
        actions.close_early(case, "withdrawn", **act)

    status, code, detail = refused(api, case, "close", {"reason": "resolved"})

    assert (status, code) == (409, "wrong_state")
    assert "Inform" not in detail


def test_a_resolved_case_is_asked_for_proof(api, case):
    act = {"by": make_user(Role.ADMIN), "at": MONDAY, "profile": published()}
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **act)
    assert refused(api, case, "close", {"reason": "resolved"})[:2] == (409, "not_told")


def test_a_task_that_was_begun_is_not_called_answered(api, case):
    act = {"by": make_user(Role.ADMIN), "at": MONDAY, "profile": published()}
    task = actions.refer(case, "metering", question="Okundu mu?", **act)
    actions.start_task(task, **act)

    status, code, detail = refused(api, case, f"tasks/{task.pk}/start", {})
    assert (status, code) == (409, "task_started")
    assert "begun" in detail

    actions.answer_task(task, "Okundu.", **act)
    assert refused(api, case, f"tasks/{task.pk}/start", {})[:2] == (409, "task_done")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_said_so_in_the_readers_language(api, body):
    with override("tr"):
        expected = gettext("The body is not JSON.")
    answer = api.post("cases", body, **{"accept-language": "tr"})
    assert (answer.status_code, answer.json()["detail"]) == (400, expected)


def test_a_filter_that_is_given_twice_is_refused_instead_of_half_heard(api):
    path = "/api/v1/cases?state=closed&state=resolved&kind=complaint"
    answer = api.client.get(path, headers=ENGLISH)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Give each of these once: state."


def test_an_offset_whose_plus_became_a_space_is_understood(api, case):
    for moment in ("2026-03-02T09:00:00 03:00", "2026-03-02T09:00:00%2B03:00"):
        assert api.get(f"cases?received_from={moment}").status_code == 200, moment
    assert api.get("cases?received_from=2026-03-02 09:00").status_code == 200
