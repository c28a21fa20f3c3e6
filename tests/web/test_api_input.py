"""Bad input ends in one clear refusal, at the right place, and changes nothing."""

import json

import pytest
from django.apps import apps
from django.core import serializers
from django.forms.models import model_to_dict
from django.test import Client

from derman.cases import actions
from derman.cases.models import Case, Event
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, published
from tests.systems import CALLS, OPENING, System, address

pytestmark = pytest.mark.django_db
SURROGATE = "\\ud800"  # as it stands in JSON; Python reads it as half a letter
WRITES = [name for name, (verb, _, _) in CALLS.items() if verb == "post"]
TEXTS = {
    "open_case": ["description", "topic", "proposal", "region", "account_number", "channel"],
    "refer": ["unit", "question", "due_at"],
    "answer_task": ["text"],
    "contact": ["channel", "outcome", "note"],
    "reply": ["text", "channel"],
    "ask": ["text"],
    "outcome": ["decision", "text", "reason_code", "evidence"],
    "plan_action": ["kind", "text", "owner_unit", "due_at"],
    "do_action": ["proof"],
    "offer": ["text", "channel"],
    "refuse_offer": ["reason"],
    "approve": ["note"],
    "decline": ["note"],
    "close": ["reason"],
    "reopen": ["reason"],
    "note": ["text"],
}
ALSO = {"open_case": ["language", "reply_channel", "applicant", "answered"]}
FIELDS = [(operation, field) for operation, fields in TEXTS.items() for field in fields]
# What a system may believe it can set, beside every column of a case and its people.
COVETED = {
    "is_staff": True,
    "role": "admin",
    "owner": "me",
    "sla_due": "2030-01-01T00:00:00Z",
    "consent_marketing": True,
    "by": 1,
    "at": "2020-01-01T00:00:00Z",
}


@pytest.fixture
def api():
    published()
    return System()


@pytest.fixture
def case(api):
    profile = published()
    opened = make_case(profile=profile)
    boss = make_user(Role.SUPERVISOR)
    actions.refer(opened, "metering", by=boss, at=MONDAY, profile=profile, question="Okuma?")
    return opened


def send(api, operation, case, body):
    """The operation with this body, given as the text of a JSON document."""
    _, path, _ = CALLS[operation]
    path = address(path, case)
    return api.post(path, body, version=case.version)


def refused(answer, status=422):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return [error["pointer"] for error in answer.json()["errors"]]


def everything() -> str:
    """All rows about cases and people, for comparison."""
    models = [
        model
        for name in ("cases", "people", "outbox")
        for model in apps.get_app_config(name).get_models()
    ]
    return "\n".join(
        serializers.serialize("json", model.objects.order_by("pk")) for model in models
    )


@pytest.mark.parametrize(("operation", "field"), FIELDS)
@pytest.mark.parametrize("sign", [SURROGATE, "\\u0000"])
def test_half_a_letter_and_nul_are_refused_where_they_stand(api, case, operation, field, sign):
    body = json.dumps({**CALLS[operation][2], field: "a@"}).replace("a@", f"a{sign}")
    before = everything()
    assert refused(send(api, operation, case, body)) == [f"/{field}"]
    assert everything() == before


@pytest.mark.parametrize("field", ["name", "phone", "email", "tckn", "relation"])
@pytest.mark.parametrize("sign", [SURROGATE, "\\u0000"])
def test_they_are_refused_in_what_the_applicant_is_called_too(api, field, sign):
    body = json.dumps({**OPENING, "applicant": {field: "a@"}}).replace("a@", f"a{sign}")
    assert refused(api.post("cases", body)) == [f"/applicant/{field}"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("key", [SURROGATE, "\\u0000", "~/"])
def test_a_strange_key_is_an_unknown_key(api, key):
    body = json.dumps({**OPENING, "a@": 1}).replace("a@", key)
    answer = api.post("cases", body)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"1e999",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe{",
        b'{"description": "\xed\xa0\x80"}',
        b'{"topic": ' + b"9" * 5_000 + b"}",
        b'{"applicant": 3}',
        b'{"applicant": []}',
        b'{"channel": {"a": 1}}',
    ],
    ids=range(14),
)
def test_what_is_no_object_of_ours_is_refused(api, body):
    answer = api.post("cases", body)
    assert answer.status_code in (400, 422)
    assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml"])
def test_another_content_type_is_415(api, kind):
    answer = api.client.post("/api/v1/cases", json.dumps(OPENING), content_type=kind)
    refused(answer, 415)


def test_json_may_name_its_charset_or_nothing_at_all(api):
    for kind in ("application/json; charset=utf-8", ""):
        answer = api.client.post("/api/v1/cases", json.dumps(OPENING), content_type=kind)
        assert answer.status_code == 201


def test_more_than_the_server_takes_is_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused(api.post("cases", {**OPENING, "description": "x" * 2000}), 413)


@pytest.mark.parametrize("verb", ["put", "patch", "delete", "options", "trace"])
def test_another_method_is_405(api, verb):
    answer = getattr(api.client, verb)("/api/v1/cases")
    refused(answer, 405)
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("path", ["nothing", "cases/", "v2/", "cases/1/2/3/4", "../v1", ""])
def test_another_address_is_404(api, path):
    refused(api.get(path), 404)
    assert api.client.post(f"/api/v1/{path}").status_code == 404


def test_an_outage_of_the_database_is_503(api, monkeypatch):
    from django.db import OperationalError

    from derman.api.v1 import auth

    def gone(token, at):
        raise OperationalError("connection to 10.0.0.1 refused")

    monkeypatch.setattr(auth.tokens, "find", gone)
    answer = api.get("cases")
    refused(answer, 503)
    assert answer["Retry-After"]
    assert b"10.0.0.1" not in answer.content


@pytest.mark.parametrize(
    "version", ["x", '"x"', "*", '"1", "2"', '"-1"', '"1.0"', "", "  ", '"' + "9" * 400 + '"', "é"]
)
def test_an_if_match_that_names_no_version_is_400(api, case, version):
    path = f"cases/{case.number}/notes"
    answer = api.client.post(
        f"/api/v1/{path}",
        json.dumps({"text": "Not."}),
        content_type="application/json",
        headers={"if-match": version},
    )
    refused(answer, 400)


@pytest.mark.parametrize("token", ["", "x", "é", "\x00", "x" * 5000, "Bearer", "derman_\x00"])
def test_a_token_of_any_shape_is_401(token):
    published()
    answer = Client(headers={"authorization": f"Bearer {token}"}).get("/api/v1/cases")
    refused(answer, 401)


@pytest.mark.parametrize("key", ["a\x00b", "é", "x" * 256])
def test_an_idempotency_key_of_a_wrong_shape_is_refused(api, key):
    answer = api.post("cases", OPENING, **{"idempotency-key": key})
    assert refused(answer) == ["/idempotency_key"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("number", ["%00", "%ed%a0%80", "0", "9" * 400, "26483917٢", "-1", "null"])
def test_a_case_number_of_any_shape_is_404(api, number):
    assert api.get(f"cases/{number}").status_code == 404


@pytest.mark.parametrize("task", ["x", "0", "%00", "00000000-0000-0000-0000-00000000000"])
def test_a_task_id_of_any_shape_is_refused(api, case, task):
    answer = api.post(f"cases/{case.number}/tasks/{task}/start", {}, version=case.version)
    assert refused(answer) == ["/task_id"]


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2026-13-01T00:00:00Z",
        "2026-03-01T00:00:00",
        "2026-03-01",
        "tomorrow",
        "",
        1893456000,
        10**400,
        -1.5,
        True,
        [],
    ],
)
def test_a_date_that_is_none_is_refused(api, case, moment):
    answer = api.call("refer", case, due_at=moment)
    assert refused(answer) == ["/due_at"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("received_from", "9999-12-31T23:59:59-14:00"),
        ("received_until", "1e5"),
        ("received_until", "2026-02-30"),
        ("due_before", "tomorrow"),
        ("updated_since", "2026-13-01"),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "9" * 400),
        ("state", "\x00"),
        ("q", "x" * 201),
        ("cursor", "AAAA"),
        ("cursor", "OTk5OS0xMi0zMVQyMzo1OTo1OS0xNDowMHwwMDAw"),
        ("cursor", "é"),
    ],
)
def test_a_filter_that_is_none_is_refused(api, name, value):
    assert refused(api.get("cases", **{name: value})) == [f"/{name}"]


@pytest.mark.parametrize(
    "query",
    [
        "zz\x00",
        "' OR 1=1 --",
        '"',
        "a* OR b*",
        "NEAR(a b)",
        "\\",
        "%",
        "_",
        "🔥",
        "()",
        "a:b & !c",
        "İı",
    ],
)
def test_whatever_is_searched_for_is_only_words(api, query):
    make_case()
    answer = api.get("cases", q=query)
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    for name in ("topic", "unit", "owner_unit", "owner_user", "tag", "region", "account_number"):
        assert api.get("cases", **{name: query}).status_code == 200


def test_a_date_alone_begins_its_day(api):
    case = make_case()
    numbers = [
        item["number"] for item in api.get("cases", received_from="2026-03-02").json()["items"]
    ]
    assert numbers == [case.number]
    assert api.get("cases", received_until="2026-03-02").json()["items"] == []


def test_true_is_no_account_number(api):
    for value in (True, 1.5, 10**40, -1):
        assert refused(api.post("cases", {**OPENING, "account_number": value})) == [
            "/account_number"
        ]
    made = api.post("cases", {**OPENING, "account_number": 10442816})
    assert made.json()["account_number"] == "10442816"


@pytest.mark.parametrize("operation", WRITES)
def test_no_write_takes_more_than_it_names(api, case, operation):
    """A full dump of the rows, and what a thief would add: every key is named and refused."""
    taken = {*CALLS[operation][2], *TEXTS.get(operation, ()), *ALSO.get(operation, ())}
    dump = {**model_to_dict(case), **model_to_dict(case.applicant), **COVETED}
    dump |= {field.name: "x" for field in Case._meta.fields}
    extra = {key: str(value) for key, value in dump.items() if key not in taken}
    assert len(extra) > 30
    before = everything()
    answer = send(api, operation, case, json.dumps({**CALLS[operation][2], **extra}))
    pointers = refused(answer, 400)
    assert {pointer[1:] for pointer in pointers} == set(extra)
    assert everything() == before


def test_what_was_refused_left_no_event(api, case):
    before = Event.objects.count()
    for operation in WRITES:
        send(api, operation, case, json.dumps({**CALLS[operation][2], "version": 99}))
    assert Event.objects.count() == before
