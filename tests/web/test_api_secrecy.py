"""Who asked for secrecy is named to no system whose role may not know."""

import pytest

from derman.cases import actions
from derman.cases.models import Case
from derman.lib.turkish import fold
from derman.words.rights import Role
from tests.factories import (
    MONDAY,
    days,
    make_account,
    make_case,
    make_customer,
    make_user,
    published,
)
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


def test_the_words_of_a_secret_report_do_not_say_the_name(secret):
    given = {"by": make_user(Role.SUPERVISOR), "at": MONDAY, "profile": published()}
    Case.objects.filter(pk=secret.pk).update(
        description="Ben GİZLİ KİŞİ, kaçak var.", proposal="Gizli Kişi'yi arayın."
    )
    secret.refresh_from_db()
    task = actions.refer(secret, "metering", question="Gizli Kişi haklı mı?", **given)
    actions.answer_task(task, "Gizli Kişi haklı.", **given)
    plan = actions.Plan("remedy", "Gizli Kişi aranacak.", due_at=MONDAY + days(2))
    actions.plan_action(secret, plan, **given)
    actions.refuse(
        actions.offer(secret, "Gizli Kişi, indirim.", channel="phone", **given),
        "Gizli Kişi: az.",
        **given,
    )
    told = System(Role.AGENT).get(f"cases/{secret.number}").json()
    words = [
        told["description"],
        told["proposal"],
        *told["tasks"][0].values(),
        told["actions"][0]["text"],
    ]
    words += [told["offers"][0]["text"], told["offers"][0]["reason"]]
    assert sum("•••" in str(word) for word in words) == 7
    assert "kişi" not in fold(str(words))
    assert told["tasks"][0]["unit"] == "metering"
    boss = System(Role.SUPERVISOR).get(f"cases/{secret.number}").json()
    assert boss["proposal"] == "Gizli Kişi'yi arayın."
