"""Rows T8, G21: whoever sees a person's data leaves a record without that data."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from derman.audit import access
from derman.audit.models import AccessRecord
from derman.cases.permissions import find_case
from derman.words.life import Verb
from derman.words.rights import Role
from tests.factories import MONDAY, make_account, make_case, make_customer, make_user, published
from tests.systems import System

pytestmark = pytest.mark.django_db
NAME, PHONE = "Sentinelhan Gizligül", "+905447318264"


@pytest.fixture
def case():
    customer = make_customer(NAME, phone=PHONE, email="sentinel@ornek.example")
    return make_case(
        customer=customer,
        account=make_account(customer, address="Gizlisokak 12"),
        description="Gizli metin.",
        profile=published(),
    )


def test_finding_a_case_records_who_saw_whom_and_why(case):
    agent = make_user(Role.AGENT)
    found = find_case(agent, case.number, verb=Verb.READ, what="desk.case", at=MONDAY)

    row = AccessRecord.objects.get()
    assert found == case
    assert (row.by, row.person_id, row.at) == (agent, case.applicant_id, MONDAY)
    assert (row.what, row.about, row.why) == ("desk.case", case.number, "read")


@pytest.mark.parametrize(
    ("role", "unit", "verb", "refusal"),
    [
        (Role.RECEPTION, "", Verb.READ, PermissionDenied),
        (Role.MANAGER, "", Verb.NOTE, PermissionDenied),
        (Role.UNIT, "billing", Verb.READ, Http404),
    ],
)
def test_what_was_not_shown_is_not_recorded(case, role, unit, verb, refusal):
    with pytest.raises(refusal):
        find_case(make_user(role, unit), case.number, verb=verb, what="x", at=MONDAY)
    assert not AccessRecord.objects.exists()


def test_somebody_who_left_sees_nothing(case):
    gone = make_user(Role.SUPERVISOR)
    gone.is_active = False
    gone.save()
    with pytest.raises(PermissionDenied):
        find_case(gone, case.number, verb=Verb.READ, what="x", at=MONDAY)


def test_a_list_is_one_record_with_a_digest_whatever_its_order(case):
    agent = make_user(Role.AGENT)
    for numbers in (["1", "2"], ["2", "1"], ["1", "3"]):
        access.record_list(numbers, what="desk.list", by=agent, at=MONDAY)
    first, second, third = AccessRecord.objects.order_by("pk").values_list("about", flat=True)
    assert first == second != third
    assert first == hashlib.sha256(b"1\n2").hexdigest()


# Pages that show the person; the names are those of `urls.py`.
PAGES = [
    "/desk/cases/{number}/",
    "/desk/customers/{customer}/",
    "/desk/register/{number}/",
    "/desk/",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_names_somebody_leaves_a_record(case, page):
    agent = make_user(Role.AGENT)
    client = Client()
    client.force_login(agent)
    answer = client.get(page.format(number=case.number, customer=case.customer_id), follow=True)

    assert answer.status_code == 200
    if NAME in answer.content.decode():
        assert AccessRecord.objects.filter(by=agent).exists()


@pytest.mark.parametrize("path", ["cases", "cases/{number}"])
def test_so_does_an_answer_of_the_api(case, path):
    system = System(Role.MANAGER)
    assert "Gizli metin" in system.get(path.format(number=case.number)).json().__repr__()
    assert AccessRecord.objects.filter(by__username__startswith="service:manager").count() == 1


def test_records_hold_no_personal_data(case):
    system = System()
    system.get("cases", q=NAME)
    system.get("cases", q=PHONE)
    system.get(f"cases/{case.number}")
    system.call("note", case, text="Gizli not.")
    kept = repr(list(AccessRecord.objects.values()))
    assert AccessRecord.objects.count() == 4
    for value in ("Sentinelhan", "5447318264", "Gizli", "sentinel@"):
        assert value not in kept
