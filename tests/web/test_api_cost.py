"""What a call of the API costs the database, in statements; `design.md` §11."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from derman.accounts import tokens
from derman.profile import publishing
from derman.words.rights import Role
from tests.factories import MONDAY, make_account, make_customer, published

pytestmark = pytest.mark.django_db
ON_POSTGRESQL = connection.vendor == "postgresql"
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
ONCE_A_SECOND = "INSERT INTO api_usage"  # how many calls the token made


@pytest.fixture
def client():
    """A system that has called before: its token and the profile are remembered."""
    published()
    token = tokens.add("crm", Role.ADMIN, at=MONDAY)
    client = Client(headers={"authorization": f"Bearer {token}"})
    client.get("/api/v1/cases")
    return client


def statements(call):
    """How many statements it takes, those around transactions and of each second apart."""
    publishing.current()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code in (200, 201)
    done = [query["sql"].strip() for query in captured]
    return len([sql for sql in done if not sql.startswith((*CONTROL, ONCE_A_SECOND))])


def open_case(client, index):
    body = {
        "channel": "phone",
        "topic": "metering.reading_disputed",
        "description": "Sayaç yanlış okunmuş.",
        "account_number": str(41_000_000 + index),
        "applicant": {"name": f"Ayşe {index}", "phone": f"0532 123 45 {index:02}"},
    }
    return client.post("/api/v1/cases", json.dumps(body), content_type="application/json")


def test_a_case_of_somebody_new_is_registered_in_few_statements(client):
    make_account(make_customer(phone="+905321112233"), number="41000007")
    # One look-up, one number for the event, all rows together; SQLite takes one for each table.
    assert statements(lambda: open_case(client, 7)) <= (3 if ON_POSTGRESQL else 9)


def test_a_list_costs_the_same_however_long_it_is(client):
    open_case(client, 1)
    one = statements(lambda: client.get("/api/v1/cases"))
    for index in range(2, 12):
        open_case(client, index)

    # The rows of each kind at once: three of these are actions, offers and approvals.
    assert statements(lambda: client.get("/api/v1/cases")) == one <= 10


def test_one_case_is_read_in_few_statements(client):
    number = open_case(client, 1).json()["number"]
    assert statements(lambda: client.get(f"/api/v1/cases/{number}")) <= 11
