"""The call page as the browser without scripts uses it."""

import re

import pytest
from django.test import Client

from derman.audit.models import AccessRecord
from derman.cases.models import Case
from derman.words.kinds import Relation
from derman.words.rights import Role
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/desk/register/"


@pytest.fixture
def agent():
    factories.published()
    return factories.make_user(Role.AGENT, "call_centre")


@pytest.fixture
def desk(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def page_of(response) -> str:
    return response.content.decode()


def hidden(response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page_of(response))
    assert found, f"no hidden field {name}"
    return found[1]


def call(**changes) -> dict:
    """What the page sends for a short call, by hand."""
    said = {
        "do": "register",
        "nonce": "once",
        "relation": "holder",
        "topic": "metering.reading_disputed",
        "description": "Sayaç yanlış okunmuş.",
        "reply_channel": "phone",
        "language": "tr",
        "channel": "phone",
        "name": "Mehmet Demir",
        "phone": "0533 765 43 21",
        "tckn": factories.TCKN,
    }
    return {**said, **changes}


def test_a_call_of_somebody_not_on_file_becomes_a_case(desk, agent):
    response = desk.post(URL, call())

    case = Case.objects.get()
    assert response.status_code == 302
    assert response.url == f"/desk/register/{case.number}/"
    assert (case.applicant.name, case.channel, case.taken_by) == ("Mehmet Demir", "phone", agent)
    assert case.topic == "metering.reading_disputed"
    assert case.relation == ""


def test_the_page_opens(desk):
    assert desk.get(URL).status_code == 200


def test_an_account_brings_its_holder(desk, agent):
    customer = factories.make_customer()
    account = factories.make_account(customer, "10442817")

    response = desk.post(URL, call(do="look_up", lookup="10442817"))

    assert "Ayşe Yılmaz" in page_of(response)
    assert "0532 ••• •• 67" in page_of(response)
    assert "5321234567" not in page_of(response)
    assert "Sayaç yanlış okunmuş." in page_of(response)
    record = AccessRecord.objects.get()
    assert (record.person_id, record.by, record.why) == (customer.pk, agent, "account")
    assert account.number in page_of(response)


def test_a_picked_customer_owns_the_case(desk):
    customer = factories.make_customer()
    account = factories.make_account(customer)
    looked = desk.post(URL, call(do="look_up", lookup=account.number))

    sent = call(customer=hidden(looked, "customer"), account_number=account.number)
    desk.post(URL, sent)

    case = Case.objects.get()
    assert (case.applicant, case.customer, case.account) == (customer, customer, account)
    assert case.relation == Relation.HOLDER
