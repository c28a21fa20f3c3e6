"""Whatever goes wrong, the log says what and where, and never whom it was about."""

import json
import logging
from io import StringIO
from uuid import UUID

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.utils.module_loading import import_string
from pydantic import BaseModel

from derman.cases import actions
from derman.cases.models import Case
from derman.lib.sealing import CannotOpen
from derman.people.models import Customer
from derman.words.rights import Role
from tests.factories import MONDAY, TCKN, make_case, make_customer, make_user, published
from tests.systems import OPENING, System

pytestmark = pytest.mark.django_db
PHONE, EMAIL, IBAN = "05447318264", "sentinel.kisi@ornek.example", "TR330006100519786457841326"
NAME, STREET = "Sentinelhan Gizligül", "Gizlisokak 12"
PERSON = {"name": NAME, "phone": PHONE, "email": EMAIL, "tckn": TCKN}
PROSE = f"Adım {NAME}, {STREET}, {PHONE}, {TCKN}, {EMAIL}, {IBAN}"
SENTINELS = (PHONE, PHONE[1:], EMAIL, TCKN, IBAN, "Sentinelhan", "Gizlisokak")
CLIENT = {"raise_request_exception": False}


@pytest.fixture(params=["text", "json"])
def log(request):
    """Everything that is logged, as the settings write it."""
    given = dict(configured.LOGGING["formatters"][request.param])
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    style = {"fmt": given["format"], "style": given["style"]} if "format" in given else {}
    handler.setFormatter(import_string(given["()"])(**style))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


class Strict(BaseModel):
    count: int


def no_such_person(*_, **__):
    raise ValueError(f"no customer {TCKN} with {PHONE} and {EMAIL}")


def gone(*_, **__):
    raise OperationalError(f"connection lost\nDETAIL:  while writing ({PROSE})")


def doubled(*_, **__):
    """A real refusal by the database, of a row full of sentinels."""
    there = make_customer(NAME, phone=PHONE, tckn=TCKN, email=EMAIL)
    Customer(pk=there.pk, name=PROSE, created_at=MONDAY).save(force_insert=True)


def incomplete(*_, **__):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_contactpoint (id, value, value_index, address, kind) "
            "VALUES (%s, %s, %s, %s, %s)",
            [UUID(int=1).hex, PHONE, TCKN, PROSE, "phone"],
        )


def too_strict(*_, **__):
    Strict(count=PROSE)


def sealed(*_, **__):
    raise CannotOpen("the value was changed, or sealed for another place")


FAULTS = [no_such_person, gone, doubled, incomplete, too_strict, sealed]


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_in_the_middle_of_a_case(log, monkeypatch, fault):
    published()
    api = System()
    api.client.raise_request_exception = False
    monkeypatch.setattr(actions.opening, "record", fault)
    with transaction.atomic():
        answer = api.post("cases", {**OPENING, "description": PROSE, "applicant": PERSON})
        transaction.set_rollback(True)
    assert answer.status_code in (500, 503)
    assert answer["Content-Type"] == "application/problem+json"
    assert type_of(fault) in log.getvalue()
    nobody_is_named(log, answer)


def type_of(fault) -> str:
    names = {no_such_person: "ValueError", gone: "OperationalError", sealed: "CannotOpen"}
    return names.get(fault, "ValidationError" if fault is too_strict else "IntegrityError")


def test_the_database_itself_would_have_told():
    """The negative control: PostgreSQL's own words repeat the row; SQLite names the column."""
    assert (NAME in str(told())) is (connection.vendor == "postgresql")


def told() -> IntegrityError:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Customer.objects.bulk_create([Customer(name=PROSE, created_at=None)] * 2)
    return refusal.value


def test_refusals_on_every_way_in(log, settings):
    published()
    api = System()
    case = make_case(description=PROSE)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000
    stranger = Client(enforce_csrf_checks=True, **CLIENT)
    answers = [
        api.get("cases", q=PHONE, colour=PROSE),
        api.get(f"cases/{case.number}", q=TCKN),
        api.get("cases", cursor=EMAIL),
        api.post("cases", {**OPENING, "applicant": {**PERSON, "tckn": "12345678901"}}),
        api.post("cases", {**OPENING, "topic": PROSE[:100]}),
        api.post("cases", {**OPENING, PROSE: 1}),
        api.post("cases", json.dumps({**OPENING, "description": PROSE})[:-3]),
        api.post("cases", {**OPENING, "description": PROSE * 100}),
        api.call("note", case, text=PROSE + "\x00"),
        api.call("close", case, reason=PROSE),
        Client(headers={"authorization": f"Bearer {PHONE}"}).get("/api/v1/cases"),
        stranger.post("/track/", {"number": TCKN, "follow_key": PHONE}),
        stranger.post("/report/contact/", PERSON),
        stranger.post("/sign-in/", {"login": EMAIL, "password": PHONE}),
        stranger.get("/desk/customers/", {"q": PHONE}),
        stranger.get("/", headers={"host": f"{PHONE}.example"}),
    ]
    assert sum(answer.status_code >= 400 for answer in answers) >= 10
    nobody_is_named(log)


def nobody_is_named(log, answer=None):
    text = log.getvalue()
    assert text
    for value in SENTINELS:
        assert value not in text, value
        assert answer is None or value.encode() not in answer.content
    assert not Case.objects.filter(description=PROSE, applicant__name=NAME).exists()


def test_staff_are_not_named_by_what_they_tried(log):
    published()
    make_user(Role.AGENT, name="gizligul")
    client = Client(**CLIENT)
    client.post("/sign-in/", {"login": "gizligul", "password": f"parola-{PHONE}"})
    assert PHONE not in log.getvalue()
