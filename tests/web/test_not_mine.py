"""A stranger who got our message: told nothing, and heard once."""

import re

import pytest
from django.http import HttpResponse

from derman.audit.models import Guess
from derman.cases.models import Event
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.people.models import ContactPoint
from derman.words.kinds import ContactState
from tests.applicants import Applicant
from tests.factories import MONDAY, days, make_case, make_customer

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "ayse@ornek.example", "+905321234567"


@pytest.fixture
def case():
    customer = make_customer("Ayşe Yılmaz", phone=PHONE, email=EMAIL)
    made = make_case(customer=customer, reply_channel="email", description="Komşum gürültü yapıyor")
    expansion.expand(MONDAY + days(1), 100)
    return made


@pytest.fixture
def link(case) -> str:
    body = Message.objects.get(recipient="applicant").body
    return re.search(r"/not-mine/[\w.-]+/", body)[0]


def states() -> set[str]:
    return set(ContactPoint.objects.values_list("kind", "state"))


def plain(page: bytes) -> bytes:
    """The page without what differs in any two answers."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', b"", page)


def discloses(page: HttpResponse, case) -> list[str]:
    """What the page tells of the case; its tokens are random and may look like anything."""
    text = plain(page.content).decode()
    text = text.replace(page.request["PATH_INFO"], "")
    told = [case.number, case.follow_key, "Ayşe", "Komşum", EMAIL, "532", "gas.example"]
    return [secret for secret in told if secret in text]


def test_opening_the_link_changes_nothing_and_tells_nothing(case, link):
    stranger = Applicant()
    before = (states(), Event.objects.count(), Message.objects.get().state)

    for method in (stranger.client.get, stranger.client.head):
        answer = method(link)
        assert answer.status_code == 200
        assert not discloses(answer, case)

    assert (states(), Event.objects.count(), Message.objects.get().state) == before


def test_the_button_disputes_the_address_once(case, link):
    stranger = Applicant()
    stranger.get(link)
    assert stranger.send().status_code == 200
    assert not discloses(stranger.page, case)
    assert states() == {("email", ContactState.DISPUTED), ("phone", ContactState.VERIFIED)}

    stranger.get(link)
    assert stranger.send().status_code == 410
    assert Event.objects.filter(type="contact_disputed").count() == 1


def test_a_link_that_is_none_looks_the_same_until_it_is_used(case, link):
    stranger = Applicant()
    real = stranger.get(link).content
    false = stranger.get("/not-mine/AAAA.BBBB/").content
    assert plain(real.replace(link.encode(), b"")) == plain(
        false.replace(b"/not-mine/AAAA.BBBB/", b"")
    )
    assert stranger.send().status_code == 410


def test_without_its_own_token_the_form_is_refused(case, link):
    assert Applicant().client.post(link).status_code == 403
    assert ("email", ContactState.DISPUTED) not in states()


def test_whoever_got_a_text_message_says_where(case):
    stranger = Applicant()
    stranger.get("/track/")
    assert "/not-mine/" in stranger.text
    stranger.get("/not-mine/")
    stranger.send(number=case.number, follow_key=case.follow_key, address="0532 123 45 67")

    assert ("phone", ContactState.DISPUTED) in states()
    assert not discloses(stranger.page, case)


@pytest.mark.parametrize("wrong", ["number", "follow_key", "address"])
def test_a_wrong_answer_reads_like_a_right_one_and_is_counted(case, wrong):
    right = {"number": case.number, "follow_key": case.follow_key, "address": EMAIL}
    false = {"number": "264839172", "follow_key": "0000", "address": "baska@ornek.example"}
    stranger = Applicant()
    stranger.get("/not-mine/")
    missed = plain(stranger.send(**{**right, wrong: false[wrong]}).content)
    assert ("email", ContactState.DISPUTED) not in states()
    assert Guess.objects.exists()

    stranger.get("/not-mine/")
    assert plain(stranger.send(**right).content) == missed
    assert ("email", ContactState.DISPUTED) in states()


def test_guessing_ends(case):
    stranger = Applicant()
    answers = []
    for _ in range(7):
        stranger.get("/not-mine/")
        answers.append(
            stranger.send(number=case.number, follow_key="0000", address=EMAIL).status_code
        )
    assert answers[0] == 200
    assert answers[-1] == 429


def test_an_empty_form_says_what_is_missing(case):
    stranger = Applicant()
    stranger.get("/not-mine/")
    assert stranger.send().status_code == 422
