"""The case API as other systems use it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import get_language

from derman.accounts import tokens
from derman.api.v1 import problems, wording
from derman.cases import actions
from derman.cases.models import Case
from derman.outbox import expansion
from derman.words.rights import Role
from tests.factories import MONDAY, make_account, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
TOPIC = "metering.reading_disputed"


class Caller:
    """A system with a token of one role."""

    def __init__(self, role=Role.ADMIN, unit=""):
        token = tokens.add(f"{role}-{uuid4()}", role, at=timezone.now(), unit=unit)
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path, body, version=None, **headers):
        if version is not None:
            headers["if-match"] = f'"{version}"'
        data = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers=headers
        )

    def open(self, **more):
        return self.post("cases", {**said(), **more})


def said(**more):
    return {
        "channel": "phone",
        "kind": "complaint",
        "topic": TOPIC,
        "description": "Sayaç yanlış okunmuş.",
        "applicant": {"name": "Ayşe Yılmaz", "phone": "0532 123 45 67"},
        **more,
    }


@pytest.fixture(autouse=True)
def organisation():
    published()


@pytest.fixture
def api():
    return Caller()


def test_topics_are_a_tree_in_the_callers_language(api):
    answer = api.client.get("/api/v1/topics", headers={"accept-language": "de"})
    tree = {topic["key"]: topic for topic in answer.json()}
    leaf = next(child for child in tree["metering"]["children"] if child["key"] == TOPIC)
    assert set(leaf) == {"key", "label", "kind", "unit", "emergency", "children"}
    assert leaf["unit"] == "metering"
    assert any(child["emergency"] for child in tree["urgent"]["children"])
    assert leaf["label"] != api.get("topics").json()


def test_a_case_is_opened_and_read(api):
    made = api.open(proposal="Yeniden okuyun.", language="de", region="merkez")
    assert made.status_code == 201
    case = made.json()
    assert made["ETag"] == '"1"'
    assert case["state"] == "received"
    assert case["language"] == "de"
    assert [event["type"] for event in case["events"]] == ["opened"]
    assert {clock["kind"] for clock in case["clocks"]} == {"resolve", "acknowledge"}
    assert case["clocks"][0]["derivation"]

    read = api.get(f"cases/{case['number']}")
    assert read.json() == case
    grouped = " ".join([case["number"][:3], case["number"][3:6], case["number"][6:]])
    assert api.get(f"cases/{grouped}").json()["number"] == case["number"]


def test_null_counts_as_absent_and_a_kind_posted_wins(api):
    case = api.open(kind="suggestion", proposal=None, region=None, language=None).json()
    assert case["kind"] == "suggestion"
    assert case["language"] == "tr"


def test_an_account_brings_its_holder_and_an_unknown_one_is_kept(api):
    account = make_account(make_customer("Zeynep Kara"))
    number = api.open(account_number=account.number).json()["number"]
    assert Case.objects.get(number=number).customer.name == "Zeynep Kara"
    assert api.open(account_number="999000111").json()["account_number"] == "999000111"


def test_a_phone_of_any_shape_is_stored(api):
    number = api.open(applicant={"name": "Ali", "phone": "dahili 12"}).json()["number"]
    assert Case.objects.get(number=number).applicant.contact_points.get().value == "dahili 12"


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"description": ""}, 422, "/description"),
        ({"description": "  "}, 422, "/description"),
        ({"description": "a\x00b"}, 422, "/description"),
        ({"description": "x" * 100_001}, 422, "/description"),
        ({"topic": "no.such"}, 422, "/topic"),
        ({"channel": "pigeon"}, 422, "/channel"),
        ({"region": "atlantis"}, 422, "/region"),
        ({"applicant": {"tckn": "12345678901"}}, 422, "/applicant/tckn"),
        ({"colour": "red"}, 400, "/colour"),
        ({"applicant": {"name": "A", "shoe": 1}}, 400, "/applicant/shoe"),
        ({"number": "264839172"}, 400, "/number"),
    ],
)
def test_what_does_not_fit_is_named(api, change, status, pointer):
    answer = api.open(**change)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert all(error["code"] and error["detail"] for error in problem["errors"])
    assert not Case.objects.exists()


def test_broken_json_is_400(api):
    assert api.post("cases", "{").status_code == 400


def test_the_text_is_kept_to_the_letter(api):
    text = "  \u202eters\u202c 🔥 İıŞş\r\n\t<script>alert(1)</script> " + "x" * 99_900
    assert api.open(description=text).json()["description"] == text


def test_without_a_working_token_nothing_is_told():
    for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic x"}):
        answer = Client(headers=header).get("/api/v1/cases")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"


def test_the_same_key_gets_the_same_answer_and_another_body_is_refused(api):
    first = api.post("cases", said(), **{"idempotency-key": "abc"})
    again = api.post("cases", said(), **{"idempotency-key": "abc"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert Case.objects.count() == 1
    other = api.post("cases", said(description="Başka."), **{"idempotency-key": "abc"})
    assert other.status_code == 422
    assert api.post("cases", said(), **{"idempotency-key": "abd"}).json() != first.json()


def test_a_refused_body_does_not_use_up_its_key(api):
    assert api.post("cases", said(topic="no"), **{"idempotency-key": "k"}).status_code == 422
    assert api.post("cases", said(), **{"idempotency-key": "k"}).status_code == 201


def test_answered_at_once_is_closed_with_one_decision(api):
    case = api.open(
        kind="information", answered={"decision": "not_applicable", "text": "Borç yok."}
    ).json()
    assert (case["state"], case["first_contact"]) == ("closed", True)
    assert case["closing_reason"] == "information_given"


def test_a_write_needs_the_version_that_was_seen(api):
    number = api.open().json()["number"]
    assert api.post(f"cases/{number}/notes", {"text": "Not."}).status_code == 428
    assert api.post(f"cases/{number}/notes", {"text": "Not."}, version=7).status_code == 412
    done = api.post(f"cases/{number}/notes", {"text": "Not."}, version=1)
    assert done.status_code == 201
    assert (done.json()["version"], done["ETag"]) == (2, '"2"')
    assert api.post(f"cases/{number}/notes", {"text": "Not."}, version=1).status_code == 412


def test_the_whole_way_by_api(api):
    case = api.open().json()
    path = f"cases/{case['number']}"
    case = api.post(f"{path}/tasks", {"unit": "metering", "question": "Okuma?"}, 1).json()
    task = f"{path}/tasks/{case['tasks'][0]['id']}"
    assert case["state"] == "referred"
    assert case["promised_at"]
    case = api.post(f"{task}/start", {}, case["version"]).json()
    case = api.post(f"{task}/answer", {"text": "Yanlış okunmuş."}, case["version"]).json()
    assert (case["state"], case["tasks"][0]["answer"]) == ("answered", "Yanlış okunmuş.")
    reached = {"channel": "phone", "outcome": "reached"}
    case = api.post(f"{path}/contacts", reached, case["version"]).json()
    told = {"decision": "justified", "text": "Düzeltildi."}
    case = api.post(f"{path}/outcome", told, case["version"]).json()
    assert (case["state"], case["decision"]) == ("resolved", "justified")
    case = api.post(f"{path}/close", {"reason": "resolved"}, case["version"]).json()
    assert (case["state"], case["closing_reason"]) == ("closed", "resolved")
    case = api.post(f"{path}/reopen", {"reason": "Yine oldu."}, case["version"]).json()
    assert (case["state"], case["cycle"]) == ("in_review", 2)
    case = api.post(f"{path}/ask", {"text": "Hangi daire?"}, case["version"]).json()
    assert case["state"] == "awaiting_applicant"
    case = api.post(f"{path}/close", {"reason": "withdrawn"}, case["version"]).json()
    assert case["closing_reason"] == "withdrawn"


def test_a_wrong_state_is_409_and_a_wrong_unit_422(api):
    case = api.open().json()
    path = f"cases/{case['number']}"
    assert api.post(f"{path}/close", {"reason": "resolved"}, 1).status_code == 409
    assert api.post(f"{path}/reopen", {"reason": "x"}, 1).status_code == 409
    wrong = api.post(f"{path}/tasks", {"unit": "nobody", "question": "?"}, 1)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/unit")
    assert api.get(f"cases/{case['number']}").json()["version"] == 1


def test_an_unknown_case_and_an_unknown_task_are_404(api):
    assert api.get("cases/264839171").status_code == 404
    assert api.get("cases/x").status_code == 404
    case = api.open().json()
    path = f"cases/{case['number']}/tasks/{uuid4()}/start"
    assert api.post(path, {}, 1).status_code == 404


def test_cases_come_in_pages_and_can_be_narrowed(api):
    numbers = [api.open(description=f"Başvuru {i}").json()["number"] for i in range(5)]
    first = api.get("cases", limit=2).json()
    second = api.get("cases", limit=2, cursor=first["next"]).json()
    third = api.get("cases", limit=2, cursor=second["next"]).json()
    seen = [case["number"] for page in (first, second, third) for case in page["items"]]
    assert seen == numbers[::-1]
    assert third["next"] is None
    assert len(api.get("cases", topic="metering").json()["items"]) == 5
    assert api.get("cases", state="closed").json()["items"] == []
    assert [c["number"] for c in api.get("cases", q=numbers[3]).json()["items"]] == [numbers[3]]
    assert api.get("cases", colour="red").status_code == 400
    assert api.get("cases", cursor="nonsense").status_code == 422
    assert api.get("cases", state="lost").status_code == 422


def test_a_page_does_not_move_when_cases_come_in(api):
    numbers = [api.open(description=f"Başvuru {i}").json()["number"] for i in range(4)]
    first = api.get("cases", limit=2).json()
    api.open(description="Arada gelen")
    rest = api.get("cases", limit=100, cursor=first["next"]).json()
    seen = [case["number"] for page in (first, rest) for case in page["items"]]
    assert seen == numbers[::-1]


def test_cases_are_sought_by_owner_tag_and_time(api):
    profile = published()
    late = make_case()
    mine = make_case(topic="billing.invoice_objection", at=MONDAY + timedelta(days=9))
    agent = make_user(Role.SUPERVISOR, name="elif")
    given = {"by": agent, "at": MONDAY + timedelta(days=10), "profile": profile}
    actions.take(mine, **given)
    tag = next(iter(profile.profile.tags))
    actions.tag(mine, tag, **given)

    def numbers(**query):
        return {case["number"] for case in api.get("cases", **query).json()["items"]}

    both = {late.number, mine.number}
    assert numbers(owner_user="elif") == numbers(tag=tag) == {mine.number}
    assert numbers(owner_user="ayşe") == numbers(tag="none") == set()
    assert numbers(updated_since="2026-03-12") == {mine.number}
    assert numbers(updated_since="2026-03-02") == both
    assert numbers(due_before=late.due_at.isoformat()) == set()
    assert numbers(due_before=(late.due_at + timedelta(seconds=1)).isoformat()) == {late.number}
    assert numbers(topic="billing", region="", unit=mine.unit) == {mine.number}
    assert numbers(kind="complaint", channel="phone", state="received") == {late.number}
    assert api.get(f"cases/{mine.number}").json()["tags"] == [tag]
    assert api.get(f"cases/{late.number}").json()["tags"] == []


@pytest.mark.parametrize("language", ["tr", "en", "de"])
def test_refusals_speak_the_language_that_is_asked_for(api, monkeypatch, language):
    for module in (problems, wording):
        monkeypatch.setattr(module, "translate", lambda text: f"{get_language()}: {text}")
    for path in ("cases?state=lost", "cases/264839172"):
        answer = api.client.get(f"/api/v1/{path}", headers={"accept-language": language})
        said = answer.json()
        details = [said["detail"], *(error["detail"] for error in said["errors"])]
        assert all(detail.startswith(f"{language}: ") for detail in details)
        assert answer["Content-Language"] == language


def test_every_code_of_the_document_is_put_into_words(api):
    for change, words in [
        ({"channel": None}, "This is needed."),
        ({"channel": "pigeon"}, "Give one of these: 'phone',"),
        ({"colour": "red"}, "There is no such key."),
        ({"description": 7}, "Give a text."),
        ({"description": "x" * 100_001}, "Give at most 100000 characters."),
        ({"description": " "}, "Enter a text."),
        ({"applicant": []}, "Give a JSON object."),
    ]:
        answer = api.post("cases", said(**change), **{"accept-language": "en"})
        [error] = answer.json()["errors"]
        assert error["detail"].startswith(words), error


@pytest.mark.parametrize("query", ["ISPARTA", "ısparta", "Isparta", "iSPARTA", "ısparta'da"])
def test_a_word_is_found_however_it_is_written(api, query):
    number = api.open(description="Isparta caddesinde gaz kesildi").json()["number"]
    api.open(description="Başka bir konu")
    assert [c["number"] for c in api.get("cases", q=query).json()["items"]] == [number]


def test_a_list_costs_the_same_whatever_its_length(api, django_assert_max_num_queries):
    for _ in range(3):
        api.open()
    with django_assert_max_num_queries(12):
        api.get("cases")


def test_roles_hold_for_tokens_too():
    case = Caller().open().json()
    path = f"cases/{case['number']}"
    manager, unit = Caller(Role.MANAGER), Caller(Role.UNIT, "billing")
    assert manager.get(path).status_code == 200
    assert manager.open().status_code == 403
    assert manager.post(f"{path}/notes", {"text": "x"}, 1).status_code == 403
    assert unit.get(path).status_code == 404
    assert unit.get("cases").json()["items"] == []
    assert Caller(Role.UNIT, "metering").get(path).status_code == 200


def test_reading_is_written_down(api):
    from derman.audit.models import AccessRecord

    number = api.open().json()["number"]
    api.get(f"cases/{number}")
    assert AccessRecord.objects.filter(what="api.read", about=number).count() == 1


def test_the_document_is_openapi_31_and_needs_no_token():
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/cases/{number}/outcome" in document["paths"]


def test_messages_say_whether_they_went_to_the_applicant_or_to_who_works_here(api):
    given = {"by": make_user(Role.SUPERVISOR), "at": MONDAY, "profile": published()}
    case = make_case(customer=make_customer(email="ayse@ornek.example"))
    actions.refer(case, "metering", question="Okundu mu?", **given)
    expansion.expand(MONDAY + timedelta(hours=1), 100)

    shown = api.get(f"cases/{case.number}").json()["messages"]

    told = {(one["event"], one["to"]) for one in shown}
    assert {("opened", "applicant"), ("referred", "applicant"), ("referred", "unit")} <= told
    assert {one["to"] for one in shown} <= {"applicant", "unit", "user"}
