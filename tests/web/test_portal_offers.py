"""The page on which an applicant accepts or refuses what we offer."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from derman.audit.models import AccessRecord
from derman.cases import access_codes, actions
from derman.cases.models import AccessCode, Case
from derman.portal import timeline
from derman.words.kinds import Decision
from derman.words.life import State
from derman.words.loop import OfferState
from derman.words.rights import Role
from tests.desk import told_of, work
from tests.factories import days, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
TEXT = "Sayacınızı ücretsiz değiştiririz."


def reader():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def client():
    return reader()


@pytest.fixture
def given():
    return {"by": make_user(Role.SOLUTION), "at": timezone.now(), "profile": published()}


@pytest.fixture
def case(given):
    case = make_case(customer=make_customer(), kind="complaint", at=given["at"])
    actions.take(case, **given)
    return case


@pytest.fixture
def offer(case, given):
    return actions.offer(case, TEXT, **given)


@pytest.fixture
def address(offer, case):
    """As the applicant finds it in the text message."""
    work()
    return "/offer/" + told_of(case, "offered").body.split("/offer/")[1].split("/")[0] + "/"


def fresh(case):
    return Case.objects.get(pk=case.pk)


def test_opening_the_page_uses_nothing_up_and_is_written_down(client, address, offer):
    for _ in range(2):  # a mail scanner was first
        page = client.get(address)
        assert page.status_code == 200
        assert TEXT in page.content.decode()

    assert AccessCode.objects.get(purpose="offer").used_at is None
    assert AccessRecord.objects.filter(what="offer", by=None).exists()
    offer.refresh_from_db()
    assert offer.state == OfferState.OPEN


@pytest.mark.parametrize(
    ("amount", "language", "shown"),
    [
        ("20000", "tr", "20.000 TRY"),
        ("20000", "en", "20,000 TRY"),
        ("1250.5", "de", "1.250,50 TRY"),
    ],
)
def test_a_sum_is_written_as_its_reader_writes_it(case, given, amount, language, shown):
    given["by"] = make_user(Role.ADMIN)
    offer = actions.offer(case, TEXT, compensation=Decimal(amount), **given)
    point = case.applicant.contact_points.get()
    token = access_codes.make_link(case, point, given["at"], purpose="offer", about=offer.pk)
    page = Client(headers={"accept-language": language}).get(f"/offer/{token}/").content.decode()
    assert shown in page


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_the_history_says_who_ended_an_offer(case, offer, given, is_withdrawn):
    if is_withdrawn:
        actions.withdraw_offer(offer, "Bauteil nicht lieferbar.", **given)
    else:
        at = offer.lapses_at
        actions.let_offer_lapse(offer, at=at, profile=given["profile"])

    said = [entry.text for entry in timeline.entries(case.events.order_by("id"))]
    assert said[-1] == (
        "We took our offer back." if is_withdrawn else "Our offer ended without an answer."
    )


def test_yes_is_taken_once_and_says_what_happens_next(client, address, case, offer):
    answer = client.post(address, {"answer": "accept"}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/track/{case.number}/offer/done/"
    page = answer.content.decode()
    assert "You accepted our offer" in page
    assert "By then we do what we offered" in page
    offer.refresh_from_db()
    assert (offer.state, offer.answered_by) == (OfferState.ACCEPTED, None)
    assert fresh(case).state == State.IN_REVIEW

    again = reader().get(address)
    assert again.status_code == 410
    assert "/track/" in again.content.decode()


def test_yes_after_the_result_closes_the_report(client, case, given):
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Sayaç doğru.", **given)
    offer = actions.offer(case, TEXT, **given)
    point = case.applicant.contact_points.get()
    token = access_codes.make_link(case, point, given["at"], purpose="offer", about=offer.pk)

    page = client.post(f"/offer/{token}/", {"answer": "accept"}, follow=True).content.decode()

    assert fresh(case).state == State.CLOSED
    assert "Your report is settled with that." in page


def test_no_needs_a_word_why_and_keeps_the_link_until_it_has_one(client, address, case):
    refused = client.post(address, {"answer": "refuse", "reason": " "})
    assert refused.status_code == 422
    assert "Write in a word why" in refused.content.decode()
    assert fresh(case).cycle == 1

    page = client.post(
        address, {"answer": "refuse", "reason": "Sayaç değil, borç sorun."}, follow=True
    )

    assert "You did not accept our offer" in page.content.decode()
    assert (fresh(case).state, fresh(case).cycle) == (State.IN_REVIEW, 2)
    assert case.offers.get().reason == "Sayaç değil, borç sorun."


def test_neither_yes_nor_no_is_asked_again(client, address):
    answer = client.post(address, {})

    assert answer.status_code == 422
    assert "Choose yes or no." in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [("withdrawn", "taken it back"), ("lapsed", "heard nothing"), ("accepted", "accepted already")],
)
def test_an_offer_that_ended_says_so_kindly(client, address, offer, given, state, words):
    if state == "withdrawn":
        actions.withdraw_offer(offer, "Yanlış.", **given)
    elif state == "lapsed":
        at = offer.lapses_at + days(1)
        actions.let_offer_lapse(offer, at=at, profile=given["profile"])
    else:
        actions.accept(offer, channel="phone", **given)

    answer = client.get(address)

    assert answer.status_code == 410
    assert words in answer.content.decode()
    assert "/track/" in answer.content.decode()


def test_of_a_report_that_was_closed_nobody_is_told_to_wait(client, address, case, given):
    case.refresh_from_db()
    actions.close_early(case, "withdrawn", **given)

    page = client.get(address).content.decode()

    assert "Your report has been closed since." in page
    assert "You will hear from us" not in page


def test_of_a_report_that_goes_on_in_another_one_hears_from_us(client, address, case, given):
    case.refresh_from_db()
    other = make_case(customer=case.applicant, kind="complaint", at=given["at"])
    actions.merge(case, other, **given)

    page = client.get(address).content.decode()

    assert "You will hear from us" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"answer": "accept"}, "We do what we offered, and tell you."),
        ({"answer": "refuse", "reason": "Yetmez."}, "look for another way"),
    ],
)
def test_no_date_that_has_passed_is_named_as_the_next_one(client, address, case, said, words):
    client.post(address, said)
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - days(2))

    page = client.get(f"/track/{case.number}/offer/done/").content.decode()

    assert words in page
    assert "By then" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_link_tells_nothing(client, method, given):
    answer = getattr(client, method)("/offer/nobody/")

    assert answer.status_code == 410
    assert "used up" in answer.content.decode()


def test_a_link_to_an_offer_opens_no_case(client, address, case):
    token = address.split("/")[2]

    assert client.post(f"/track/{token}/").status_code == 410
    assert client.get(f"/track/{case.number}/offer/").status_code == 302


def test_after_a_code_the_offer_stands_on_the_page_of_the_report(client, case, offer):
    point = case.applicant.contact_points.get()
    token = access_codes.make_link(case, point, timezone.now())
    page = client.post(f"/track/{token}/", follow=True).content.decode()
    assert TEXT in page
    assert f"/track/{case.number}/offer/" in page

    done = client.post(f"/track/{case.number}/offer/", {"answer": "accept"}, follow=True)

    assert "You accepted our offer" in done.content.decode()
    offer.refresh_from_db()
    assert offer.state == OfferState.ACCEPTED


def test_the_number_and_key_alone_show_no_words_of_it(client, case, offer):
    said = {"number": case.number, "follow_key": case.follow_key}
    page = client.post("/track/", said, follow=True).content.decode()

    assert "We offered you a solution." in page
    assert TEXT not in page


def test_the_letter_is_downloaded_after_a_code(client, case, given):
    actions.refuse(actions.offer(case, TEXT, **given), "Hayır.", **given)
    actions.refer_out(case, "Doğru çıktı.", ["epdk"], decision="not_justified", **given)
    work()
    body = told_of(case, "referred_externally").body
    link = "/track/" + body.split("/track/")[1].split("/")[0] + "/"
    page = client.post(link, follow=True).content.decode()

    file = case.letters.get().attachment_id
    path = f"/track/{case.number}/files/{file}/"
    assert path in page
    assert b"".join(client.get(path).streaming_content).startswith(b"%PDF-")
    assert reader().get(path).status_code == 302
