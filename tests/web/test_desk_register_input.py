"""What a call page does with input that is wrong, strange, or sent twice."""

import pytest
from django.test import Client

from derman.accounts.models import User
from derman.cases.models import Case
from derman.words.rights import Role
from tests import factories
from tests.calls import URL, call, hidden, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    factories.published()
    return factories.make_user(Role.AGENT, "call_centre")


@pytest.fixture
def desk(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def test_a_wrong_identity_number_is_asked_about_once(desk):
    sent = call(tckn="12345678901")
    first = desk.post(URL, sent)

    second = desk.post(URL, {**sent, "accepted": hidden(first, "accepted")})

    assert first.status_code == 422
    assert "tckn" in first.context["form"].errors
    assert second.status_code == 302
    assert Case.objects.get().applicant.tckn == "12345678901"


def test_another_wrong_number_is_asked_about_again(desk):
    first = desk.post(URL, call(tckn="12345678901"))

    second = desk.post(URL, call(tckn="12345678902", accepted=hidden(first, "accepted")))

    assert second.status_code == 422


def test_an_unknown_account_is_asked_about_and_then_kept(desk):
    sent = call(account_number="99999999")
    first = desk.post(URL, sent)

    desk.post(URL, {**sent, "accepted": hidden(first, "accepted")})

    assert "account_number" in first.context["form"].errors
    assert Case.objects.get().account_number == "99999999"


def test_what_the_caller_cannot_say_does_not_stop_the_case(desk):
    sent = call(name="", phone="", tckn="")
    first = desk.post(URL, sent)

    desk.post(URL, {**sent, "accepted": hidden(first, "accepted")})

    assert set(first.context["form"].errors) == {"name", "phone", "tckn"}
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "phone", ["153", "abc", "+1 (212) 555-0100", "0532-123 45 67 dahili 4", "☎"]
)
def test_no_phone_is_refused(desk, phone):
    assert desk.post(URL, call(phone=phone)).status_code == 302


def test_very_private_words_are_asked_about_once(desk):
    sent = call(description="Eşim kanser hastası, doğal gazımız kesildi.")
    first = desk.post(URL, sent)

    second = desk.post(URL, {**sent, "accepted": hidden(first, "accepted")})

    assert "description" in first.context["form"].errors
    assert second.status_code == 302


@pytest.mark.parametrize("text", ["Evde GAZ KOKUSU var", "Mutfakta gaz  kokuyor, korkuyorum"])
def test_words_of_an_emergency_are_asked_about_once(desk, text):
    sent = call(description=text)
    first = desk.post(URL, sent)

    second = desk.post(URL, {**sent, "accepted": hidden(first, "accepted")})

    assert "sounds like an emergency" in page_of(first)
    assert second.status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        {"description": ""},
        {"description": "   "},
        {"description": "x" * 100_001},
        {"description": "a\x00b"},
        {"topic": ""},
        {"topic": "no.such_topic"},
        {"kind": "joke"},
        {"region": "mars"},
        {"language": "xx"},
        {"reply_channel": "pigeon"},
        {"name": "x" * 201},
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_lost(desk, changes):
    response = desk.post(URL, call(**changes, proposal="Bu kalsın."))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(changes)
    assert "Bu kalsın." in page_of(response)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "🙂", "\u202eters", "<b>&amp;</b>", "  önde boşluk"]
)
def test_texts_are_kept_to_the_letter(desk, text):
    desk.post(URL, call(description=text))

    assert Case.objects.get().description == text


def test_a_page_sent_twice_makes_one_case(desk):
    first = desk.post(URL, call())
    second = desk.post(URL, call())

    assert Case.objects.count() == 1
    assert first.url == second.url


def test_a_page_changed_after_the_back_button_says_that_it_was_sent(desk):
    first = desk.post(URL, call())
    second = desk.post(URL, call(description="Etwas ganz anderes."), follow=True)

    assert Case.objects.get().description == "Sayaç yanlış okunmuş."
    assert second.redirect_chain == [(first.url, 302)]
    assert "This page was registered before" in page_of(second)


def test_a_page_that_failed_may_be_sent_again(desk):
    desk.post(URL, call(description=""))

    assert desk.post(URL, call()).status_code == 302


def test_an_expired_form_shows_what_was_typed(agent):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)

    response = client.post(URL, call(description="Uzun uzun yazdım."))

    assert response.status_code == 403
    assert "Uzun uzun yazdım." in page_of(response)


def test_registering_takes_few_queries(desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(36):
        desk.post(URL, call())
