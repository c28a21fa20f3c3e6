"""Offers by the API, as the contract names them (`design.md` §9)."""

import pytest

from derman.cases import actions
from derman.cases.models import Letter
from derman.outbox.models import Message
from derman.words.kinds import Decision
from derman.words.rights import Role
from tests.desk import work
from tests.factories import MONDAY, make_case, make_customer, make_user, published
from tests.systems import System

pytestmark = pytest.mark.django_db
TEXT = "Faturayı düzeltir, farkı iade ederiz."


@pytest.fixture
def api():
    published()
    return System()


@pytest.fixture
def case(api):
    case = make_case(customer=make_customer(), kind="complaint")
    actions.take(case, by=make_user(Role.SOLUTION), at=MONDAY, profile=published())
    return case


def post(api, case, path, body):
    case.refresh_from_db()
    return api.post(f"cases/{case.number}/{path}", body, version=case.version)


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_an_offer_is_made_and_accepted(api, case):
    made = post(api, case, "offers", {"text": TEXT})
    assert made.status_code == 201
    (shown,) = made.json()["offers"]
    assert set(shown) == {
        "id", "text", "state", "made_at", "answered_at", "reason", "cycle", "compensation",
    }  # fmt: skip
    assert (shown["text"], shown["state"], shown["answered_at"]) == (TEXT, "open", None)

    done = post(api, case, f"offers/{shown['id']}/accept", {})
    assert done.status_code == 200
    assert done.json()["state"] == "in_review"
    (shown,) = done.json()["offers"]
    assert shown["state"] == "accepted"
    assert shown["answered_at"]
    assert code(post(api, case, f"offers/{shown['id']}/accept", {})) == (409, "offer_ended")


def test_a_refused_offer_begins_again_and_is_not_made_twice(api, case):
    offer = post(api, case, "offers", {"text": TEXT, "compensation": "12.50"}).json()["offers"][0]
    assert offer["compensation"] == "12.50"
    assert post(api, case, f"offers/{offer['id']}/refuse", {}).status_code == 422
    refused = post(api, case, f"offers/{offer['id']}/refuse", {"reason": "Az."}).json()

    assert (refused["state"], refused["cycle"]) == ("in_review", 2)
    assert refused["offers"][0]["reason"] == "Az."
    same = post(api, case, "offers", {"text": f" {TEXT} ", "compensation": "12.5"})
    assert code(same) == (422, "same_as_before")


def test_an_applicant_without_contact_is_told_by_the_caller(api):
    case = make_case(customer=make_customer(phone=""))
    actions.take(case, by=make_user(Role.SOLUTION), at=MONDAY, profile=published())

    assert post(api, case, "offers", {"text": TEXT}).status_code == 201
    work()
    assert not Message.objects.filter(case=case, event__type="offered").exists()


def test_a_link_leads_to_the_offer(api, case):
    post(api, case, "offers", {"text": TEXT})
    work()

    assert "/offer/" in Message.objects.get(case=case, event__type="offered").body


def test_an_offer_of_another_case_is_not_found(api, case):
    other = make_case(customer=make_customer())
    actions.take(other, by=make_user(Role.AGENT), at=MONDAY, profile=published())
    offer = post(api, other, "offers", {"text": TEXT}).json()["offers"][0]

    assert post(api, case, f"offers/{offer['id']}/accept", {}).status_code == 404


def test_referred_outside_only_after_a_refusal_and_with_a_letter(api, case):
    given = {"by": None, "at": MONDAY, "profile": published()}
    case.refresh_from_db()
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    assert code(post(api, case, "close", {"reason": "referred_externally"})) == (422, "reason")
    assert not Letter.objects.exists()

    actions.reopen(case, "Kabul etmiyorum.", **given)
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç laboratuvarda da doğru çıktı.", **given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    closed = post(api, case, "close", {"reason": "referred_externally"})

    assert closed.status_code == 200, closed.content
    shown = closed.json()
    assert (shown["state"], shown["closing_reason"]) == ("closed", "referred_externally")
    letter = Letter.objects.get()
    assert "arbitration" in letter.bodies
    assert "referred_externally" in [event["type"] for event in shown["events"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"compensation": 0}, "Give a number above 0."),
        ({"compensation": "1.234"}, "Enter an amount with at most two decimals."),
        ({"compensation": 1e12}, "This amount is too large."),
        ({"compensation": 123456789012}, "This amount is too large."),
        ({"compensation": "NaN"}, "Give a number, for example 120.50."),
        ({"compensation": "viel"}, "Give a number, for example 120.50."),
        ({"compensation": []}, "Give a number, for example 120.50."),
        ({"channel": "sms"}, "Give one of these: 'phone', 'branch', 'online', 'visit'."),
    ],
)
def test_what_is_wrong_with_an_offer_is_said_in_our_words(api, case, change, words):
    case.refresh_from_db()
    path, body, english = f"cases/{case.number}/offers", {"text": TEXT}, {"accept-language": "en"}
    answer = api.post(path, {**body, **change}, version=case.version, **english)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == words
    assert not case.offers.exists()
