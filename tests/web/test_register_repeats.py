"""While registering: what is with us already is shown, and a call can be added to it."""

import pytest
from django.utils import timezone

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case, Event
from derman.desk.customers import lookup
from derman.words.kinds import ClosingReason
from derman.words.life import State
from derman.words.rights import Role
from tests.applicants import Applicant
from tests.desk import Desk, work
from tests.factories import days, make_account, make_case, make_customer, preset, published
from tests.web.test_portal_track import open_details

pytestmark = pytest.mark.django_db
TOPIC = "metering.reading_disputed"
SAID = "Sayaç yanlış okunmuş, faturadaki endeks gerçek değil."
AGAIN = "Yine sayacım yanlış okunmuş, endeks faturada hatalı."
CALLING = {"name": "M. Demir", "phone": "0533 765 43 21"}


@pytest.fixture
def case():
    published()
    return make_case(description=SAID, at=timezone.now() - days(2))


@pytest.fixture
def desk(case):
    return Desk(Role.AGENT)


def typed(desk, **said):
    """What the page shows beside what is typed."""
    answer = desk.client.post("/desk/register/", desk.call(do="repeats", **{**CALLING, **said}))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_known_phone_and_similar_words_show_the_case_and_the_reasons(desk, case):
    shown = typed(desk, description=AGAIN)

    assert f'value="add:{case.number}"' in shown
    assert "same phone or mailbox, similar words" in shown
    assert AccessRecord.objects.filter(what="register.repeats").count() == 1


def test_the_same_topic_is_enough(desk, case):
    assert f'value="add:{case.number}"' in typed(desk, topic=TOPIC)


@pytest.mark.parametrize(
    "name", ["account_number", "phone", "email", "kind", "topic", "description"]
)
def test_nul_in_what_is_typed_is_no_fault_of_ours(desk, name):
    assert "add:" not in typed(desk, **{"description": "Kombi servisi.", name: "x\x00y"})


@pytest.mark.parametrize(
    "said",
    [{}, {"description": "Kombi servisi kaba davrandı."}, {"phone": "", "description": AGAIN}],
    ids=["nothing said", "something else", "somebody unknown"],
)
def test_nothing_is_shown_of_others_or_before_anything_was_said(desk, said):
    assert "data-repeats" not in typed(desk, **said)


def test_adding_opens_no_second_case(desk, case):
    said = desk.call(do=f"add:{case.number}", description=AGAIN, **CALLING)
    answer = desk.client.post("/desk/register/", said)
    again = desk.client.post("/desk/register/", said)

    assert answer.url == again.url == f"/desk/cases/{case.number}/"
    assert Case.objects.count() == 1
    event = Event.objects.get(type="information_added")
    assert event.by == desk.user
    assert case.replies.get().text == AGAIN


def test_nothing_said_is_told_at_its_field_and_nothing_typed_is_lost(desk, case):
    said = desk.call(do=f"add:{case.number}", place="Bodrum kat", topic=TOPIC, **CALLING)
    answer = desk.client.post("/desk/register/", said)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["description"]
    assert "Bodrum kat" in answer.content.decode()


def test_all_that_was_said_goes_with_it(desk, case):
    """The matter as the applicant's words; who can be reached how, and the answer, beside them."""
    given = {"place": "Bodrum kat", "proposal": "Sayaç değişsin.", "email": "yeni@posta.example"}
    said = desk.call(
        do=f"add:{case.number}", description=AGAIN, text="Ekip gelecek dedim.", **given, **CALLING
    )
    desk.client.post("/desk/register/", said)

    heard, note = case.replies.get().text, case.notes.get().text
    for words in (AGAIN, "Bodrum kat", "Sayaç değişsin."):
        assert words in heard
    for words in ("M. Demir", "yeni@posta.example", "Ekip gelecek dedim."):
        assert words in note
        assert words not in heard
    assert "765" not in note  # it is on file


def test_the_account_and_what_a_decision_rests_on_are_noted_too(desk, case):
    asking = preset().decisions.model_copy(update={"asks_reason": True})
    published(preset().model_copy(update={"decisions": asking}))
    given = {"account_number": "40000099", "evidence": "Sayaç fotoğrafı"}
    said = desk.call(do=f"add:{case.number}", description=AGAIN, **given, **CALLING)
    desk.client.post("/desk/register/", said)
    noted = case.notes.get().text
    assert "40000099" in noted
    assert "Sayaç fotoğrafı" in noted


def test_what_the_file_has_is_not_noted_again(desk, case):
    calling = {**CALLING, "name": case.applicant.name}
    said = desk.call(do=f"add:{case.number}", description=AGAIN, **calling)
    desk.client.post("/desk/register/", said)
    assert not case.notes.exists()


def test_what_somebody_else_says_does_not_become_the_applicants_words(desk, case):
    """A relative on the same phone: internal, woken all the same, and no answer (row E11)."""
    given = {"by": desk.user, "at": timezone.now(), "profile": published()}
    actions.ask(case, "Hangi daire?", **given)
    said = desk.call(
        do=f"add:{case.number}", description=AGAIN, **{**CALLING, "relation": "relative"}
    )
    desk.client.post("/desk/register/", said)

    case.refresh_from_db()
    assert case.state == State.AWAITING_APPLICANT
    assert not case.replies.filter(from_applicant=True).exists()
    note = case.notes.get().text
    assert "Speaking: Relative" in note
    assert CALLING["name"] in note
    assert AGAIN in note
    page = desk.page(f"/desk/cases/{case.number}/")
    assert "Somebody else than the applicant spoke about it" in page
    applicant = open_details(Applicant(), case)
    assert AGAIN not in applicant.text
    assert 'data-event="information_added"' not in applicant.text


def test_who_wants_to_stay_secret_is_not_added_to_anything(desk, case):
    said = desk.call(do=f"add:{case.number}", description=AGAIN, secret_reporter="on", **CALLING)
    answer = desk.client.post("/desk/register/", said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["secret_reporter"]
    assert not case.notes.exists()


def test_a_correction_of_the_file_is_made_with_it_once_it_was_read_back(desk, case):
    picked = lookup.Candidate(case.applicant, None, "other")
    said = desk.call(
        do=f"add:{case.number}",
        description=AGAIN,
        customer=lookup.sign(picked, desk.user),
        file_phone="0533 999 88 77",
    )
    answer = desk.client.post("/desk/register/", said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["read_back"]

    desk.client.post("/desk/register/", {**said, "read_back": "on"})
    assert case.replies.get().text == AGAIN
    assert case.events.filter(type="corrected").count() == 1


def test_a_case_that_went_on_elsewhere_is_added_to_and_not_reopened(desk, case):
    other = make_case(customer=make_customer("Ali Kaya", phone="+905331112233"))
    given = {"by": desk.user, "at": timezone.now(), "profile": published()}
    actions.merge(case, other, **given)
    assert f'value="add:{case.number}"' in typed(desk, description=AGAIN)

    said = desk.call(
        do=f"add:{case.number}", description=AGAIN, **{**CALLING, "relation": "relative"}
    )
    desk.client.post("/desk/register/", said)
    assert Event.objects.get(case=other, type="information_added").details["from"] == case.number

    actions.close_early(Case.objects.get(pk=other.pk), ClosingReason.INVALID, **given)
    shown = typed(desk, description=AGAIN)
    assert case.number in shown
    assert "reopen:" not in shown


def test_a_closed_one_is_reopened_instead(desk, case):
    given = {"at": timezone.now(), "profile": published()}
    actions.close_early(case, ClosingReason.INVALID, by=None, **given)
    assert f'value="reopen:{case.number}"' in typed(desk, description=AGAIN)

    desk.client.post(
        "/desk/register/", desk.call(do=f"reopen:{case.number}", description=AGAIN, **CALLING)
    )

    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)


def test_whoever_registers_a_new_one_all_the_same_has_it_marked(desk, case):
    new = desk.register(topic=TOPIC, description=AGAIN, **CALLING)
    work()
    new.refresh_from_db()
    assert new.is_repeat


def test_an_office_sees_only_what_it_took_in(case):
    customer = make_customer()
    make_case(customer=customer, account=make_account(customer), at=timezone.now() - days(1))
    unit = Desk(Role.UNIT, "network")
    assert "data-repeats" not in typed(unit, phone="0532 123 45 67", topic=TOPIC)


def test_a_case_that_is_not_ones_own_cannot_be_added_to(case):
    unit = Desk(Role.UNIT, "network")
    said = unit.call(do=f"add:{case.number}", description=AGAIN, **CALLING)
    assert unit.client.post("/desk/register/", said).status_code in (403, 404)
