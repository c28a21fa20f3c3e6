"""Who asked for secrecy is named to no system whose role may not know."""

import pytest

from derman.words.rights import Role
from tests.factories import make_account, make_case, make_customer
from tests.systems import System

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret():
    customer = make_customer("Gizli Kişi", phone="+905551112233")
    account = make_account(customer, "10999001")
    return make_case(
        customer=customer, account=account, topic="illegal_use.report", secret_reporter=True
    )


def numbers(system, **query):
    return [case["number"] for case in system.get("cases", **query).json()["items"]]


@pytest.mark.parametrize(
    "query", [{"q": "gizli"}, {"q": "10999001"}, {"account_number": "10999001"}]
)
def test_a_secret_report_is_not_found_by_whose_it_is(secret, query):
    assert numbers(System(Role.AGENT), **query) == []
    assert numbers(System(Role.SUPERVISOR), **query) == [secret.number]


def test_a_secret_report_is_found_by_its_number(secret):
    assert numbers(System(Role.AGENT), q=secret.number) == [secret.number]


def test_the_picture_of_a_secret_report_names_nobody(secret):
    for path in (f"cases/{secret.number}", "cases"):
        told = System(Role.AGENT).get(path).content.decode()
        assert secret.number in told
        assert not [word for word in ("Gizli", "10999001", "5551112233") if word in told]
    boss = System(Role.SUPERVISOR).get(f"cases/{secret.number}").json()
    assert boss["account_number"] == "10999001"
