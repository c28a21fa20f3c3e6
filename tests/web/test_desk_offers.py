"""Offers and letters at the desk: made, answered on the phone, taken back, listed, posted."""

import re

import pytest

from derman.cases import actions
from derman.cases.models import Case, Letter, Offer
from derman.words.kinds import Decision
from derman.words.life import State
from derman.words.loop import OfferState
from derman.words.rights import Role
from tests.applicants import Page
from tests.desk import Desk
from tests.factories import MONDAY, make_case, make_customer, published

pytestmark = pytest.mark.django_db
TEXT = "Sayacı ücretsiz değiştiririz."


@pytest.fixture
def desk():
    published()
    return Desk(Role.SOLUTION, "solution")


@pytest.fixture
def case(desk):
    case = make_case(customer=make_customer(email="ayse@posta.example"), kind="complaint")
    actions.take(case, by=desk.user, at=MONDAY, profile=published())
    return case


def given(desk):
    return {"by": desk.user, "at": MONDAY, "profile": published()}


def refused_once(case, desk):
    actions.refuse(actions.offer(case, TEXT, **given(desk)), "Çok geç.", **given(desk))
    return case


def test_a_solution_is_offered_by_link_after_a_look_at_the_message(desk, case):
    address = f"/desk/cases/{case.number}/offers/"
    said = {"version": case.version, "text": TEXT, "channel": "", "compensation": ""}
    shown = desk.client.post(address, {**said, "do": "preview"}).content.decode()
    assert "/offer/…/" in shown

    desk.do(case, "offers", text=TEXT, channel="", compensation="120.50")

    offer = Offer.objects.get()
    assert (offer.text, offer.channel, str(offer.compensation)) == (TEXT, "", "120.50")
    page = desk.page(f"/desk/cases/{case.number}/")
    assert f'data-offer="{offer.pk}"' in page
    assert "offer-acceptance" in page
    assert "offer-refusal" in page


def test_without_a_contact_the_form_says_what_to_do(desk):
    case = make_case(customer=make_customer(phone=""))
    actions.take(case, **given(desk))

    answer = desk.client.post(
        f"/desk/cases/{case.number}/offers/",
        {"version": case.version, "text": TEXT, "channel": "", "compensation": ""},
    )

    assert answer.status_code == 422
    assert "no contact on file" in answer.content.decode()
    assert TEXT in answer.content.decode()


def test_an_offer_that_no_message_brought_is_to_be_called_about(desk, case):
    offer = actions.offer(case, TEXT, **given(desk))
    actions.fail_to_offer(offer, at=MONDAY, profile=published())

    assert f'data-number="{case.number}"' in desk.page("/desk/?view=call")
    page = desk.page(f"/desk/cases/{case.number}/")
    assert "No message has told the applicant of it." in page
    assert re.search(r'class="button primary"[^>]*data-verb="contacts"', page)


def test_answers_on_the_phone_are_taken_down(desk, case):
    desk.do(case, "offers", text=TEXT, channel="phone")
    desk.do(case, "offer-refusal", reason="Kirada oturuyorum.", channel="phone")
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)

    desk.do(case, "offers", text="Ev sahibinizle biz görüşürüz.", channel="phone")
    desk.do(case, "offer-acceptance", channel="phone")

    offer = case.offers.get(cycle=2)
    assert (offer.state, offer.answered_by) == (OfferState.ACCEPTED, desk.user)
    page = desk.page(f"/desk/cases/{case.number}/")
    assert "Kirada oturuyorum." in page
    assert "offer-acceptance" not in page


def test_a_refusal_by_link_asks_for_another_solution_until_something_stands(desk, case):
    offer = actions.offer(case, TEXT, **given(desk))
    actions.refuse(offer, "Kirada oturuyorum.", by=None, at=MONDAY, profile=published())

    page = desk.page(f"/desk/cases/{case.number}/")
    said = card(page, f'data-refused="{offer.pk}"')
    assert "Kirada oturuyorum." in said
    assert re.findall(r'data-verb="([\w-]+)"', said) == ["offers", "external-referral"]

    case.refresh_from_db()
    other = actions.offer(case, "Ev sahibinizle görüşürüz.", **given(desk))
    assert "data-refused" not in desk.page(f"/desk/cases/{case.number}/")
    actions.withdraw_offer(other, "Yanlıştı.", **given(desk))
    assert "data-refused" in desk.page(f"/desk/cases/{case.number}/")


def card(page, mark):
    """What one part above the timeline says."""
    return page.partition(mark)[2].partition("</section>")[0]


def foot(page):
    """The bar of what may be done next."""
    return page.partition('id="foot"')[2].partition('id="panel"')[0]


def test_an_acceptance_by_link_leads_on_to_the_outcome(desk, case):
    offer = actions.offer(case, TEXT, **given(desk))
    assert "button primary" not in foot(desk.page(f"/desk/cases/{case.number}/"))
    actions.accept(offer, by=None, at=MONDAY, profile=published())

    page = desk.page(f"/desk/cases/{case.number}/")
    assert re.search(r'class="button primary"[^>]*data-verb="outcome"', foot(page))
    said = card(page, f'data-accepted="{offer.pk}"')
    assert TEXT in said
    assert re.findall(r'data-verb="([\w-]+)"', said) == ["outcome", "actions"]

    case.refresh_from_db()
    other = actions.offer(case, "Ayrıca arızayı gideririz.", **given(desk))
    assert "data-accepted" not in desk.page(f"/desk/cases/{case.number}/")
    actions.withdraw_offer(other, "Yanlıştı.", **given(desk))
    assert "data-accepted" in desk.page(f"/desk/cases/{case.number}/")
    case.refresh_from_db()
    actions.outcome(case, Decision.JUSTIFIED, TEXT, **given(desk))
    assert "data-accepted" not in desk.page(f"/desk/cases/{case.number}/")


def test_an_offer_that_nobody_answered_asks_for_a_call_until_somebody_called(desk, case):
    offer = actions.offer(case, TEXT, **given(desk))
    lapsed_at = offer.lapses_at
    actions.let_offer_lapse(offer, at=lapsed_at, profile=published())

    page = desk.page(f"/desk/cases/{case.number}/")
    said = card(page, f'data-lapsed="{offer.pk}"')
    assert re.findall(r'data-verb="([\w-]+)"', said) == ["contacts", "offers"]
    assert re.search(r'class="button primary"[^>]*data-verb="contacts"', foot(page))

    case.refresh_from_db()
    later = {**given(desk), "at": lapsed_at}
    actions.contact(case, channel="phone", outcome="not_reached", **later)
    assert "data-lapsed" not in desk.page(f"/desk/cases/{case.number}/")


def test_who_records_no_outcome_is_not_told_to(desk, case):
    offer = actions.offer(case, TEXT, **given(desk))
    actions.accept(offer, by=None, at=MONDAY, profile=published())

    page = Desk(Role.QUALITY).page(f"/desk/cases/{case.number}/")

    said = card(page, f'data-accepted="{offer.pk}"')
    assert "Our offer was accepted<" in said
    assert re.findall(r'data-verb="([\w-]+)"', said) == ["actions"]


def test_the_outcome_starts_from_what_was_accepted(desk, case):
    desk.do(case, "offers", text=TEXT, channel="phone", compensation="50")
    desk.do(case, "offer-acceptance", channel="phone")

    form = desk.page(f"/desk/cases/{case.number}/outcome/")

    assert TEXT in form
    assert 'value="50.00"' in form


def test_an_offer_is_taken_back(desk, case):
    desk.do(case, "offers", text=TEXT, channel="")
    desk.do(case, "offer-withdrawal", reason="Yanlış başvuru.")

    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert "Yanlış başvuru." in desk.page(f"/desk/cases/{case.number}/")


def test_nobody_is_referred_outside_before_something_was_refused(desk, case):
    assert "external-referral" not in desk.page(f"/desk/cases/{case.number}/")

    answer = desk.client.post(
        f"/desk/cases/{case.number}/external-referral/",
        {"version": case.version, "text": "x", "decision": "not_justified", "bodies": ["epdk"]},
    )

    assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_the_letter_is_seen_before_it_is_sent(desk, case):
    refused_once(case, desk)
    address = f"/desk/cases/{case.number}/external-referral/"

    form = desk.page(address)
    said = {"version": case.version, "decision": "not_justified", "text": "Sayaç doğru çıktı."}
    shown = desk.client.post(address, {**said, "bodies": ["epdk"], "do": "preview"})

    assert 'value="arbitration"' in form
    named = re.findall(r'name="bodies" value="(\w+)"[^>]* checked', form)
    assert named == ["arbitration", "consumer_court", "epdk"]  # right for this topic
    text = shown.content.decode()
    assert "Sayaç doğru çıktı." in text
    assert TEXT in text
    assert "Enerji Piyasası" in text
    assert not Letter.objects.exists()


def test_a_letter_on_paper_waits_until_it_is_posted(desk, case):
    Case.objects.filter(pk=case.pk).update(reply_channel="letter")
    case.refresh_from_db()
    refused_once(case, desk)
    desk.do(
        case,
        "external-referral",
        decision="not_justified",
        text="Sayaç laboratuvarda doğru çıktı.",
        bodies=["arbitration", "epdk"],
    )
    assert case.state == State.RESOLVED
    letter = Letter.objects.get()
    listed = desk.page("/desk/letters/")
    assert f'data-number="{case.number}"' in listed
    assert "No postal address on file" in listed
    address = {"kind": "address", "address": "Gül Sokak 12", "created_at": MONDAY}
    case.applicant.contact_points.create(**address)
    assert "No postal address on file" not in desk.page("/desk/letters/")

    file = desk.client.get(f"/desk/cases/{case.number}/attachments/{letter.attachment_id}/")
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    answer = desk.client.post(f"/desk/letters/{letter.pk}/post/")
    again = desk.client.post(f"/desk/letters/{letter.pk}/post/", follow=True)

    assert answer.status_code == 302
    assert "The letter was posted before." in again.content.decode()
    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, "referred_externally")
    assert "Nothing to post" in desk.page("/desk/letters/")


def test_after_a_result_the_letter_needs_no_other_decision(desk, case):
    refused_once(case, desk)
    desk.do(case, "outcome", decision="not_justified", text="Sayaç doğru.")
    assert case.state == State.RESOLVED

    form = desk.page(f"/desk/cases/{case.number}/external-referral/")
    desk.do(case, "external-referral", text="Sayaç doğru çıktı.", bodies=["epdk"])

    assert 'name="decision"' not in form
    assert case.decision == Decision.NOT_JUSTIFIED
    assert Letter.objects.get().bodies == ["epdk"]


@pytest.mark.parametrize(
    ("which", "is_listed"), [("open", False), ("refused", True), ("accepted", False)]
)
def test_the_list_shows_one_kind_at_a_time(desk, case, which, is_listed):
    refused_once(case, desk)

    page = desk.page(f"/desk/offers/?which={which}")

    assert (f'data-number="{case.number}"' in page) is is_listed
    assert ("Çok geç." in page) is is_listed


def test_the_list_goes_by_key_pages(desk, monkeypatch):
    monkeypatch.setattr("derman.desk.owed.offers_page.SIZE", 2)
    numbers = set()
    for _ in range(3):
        case = make_case(customer=make_customer())
        actions.take(case, **given(desk))
        actions.offer(case, TEXT, **given(desk))
        numbers.add(case.number)

    first = desk.client.get("/desk/offers/")
    second = desk.client.get("/desk/offers/", {"after": first.context["after"]})

    lines = [line.number for page in (first, second) for line in page.context["lines"]]
    assert sorted(lines) == sorted(numbers)
    assert second.context["after"] == ""


def test_a_list_of_many_asks_no_more_than_a_list_of_one(desk, django_assert_max_num_queries):
    for _ in range(5):
        case = make_case(customer=make_customer())
        actions.take(case, **given(desk))
        actions.offer(case, TEXT, **given(desk))

    with django_assert_max_num_queries(14):
        page = desk.client.get("/desk/offers/")
    assert len(Page(page.content.decode()).alerts) == 0
