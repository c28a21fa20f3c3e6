"""An amount counts with all that a case was granted before, however it came about."""

from decimal import Decimal as Amount

import pytest

from derman.accounts.models import User
from derman.cases import actions, authority, escalation_words, granted
from derman.cases.models import Approval, Case, Offer
from derman.profile.authority import Authority, Limit
from derman.profile.publishing import Published
from derman.words.kinds import Decision
from derman.words.life import Verb
from derman.words.rights import Role
from tests.factories import MONDAY, days, make_case, make_user, preset, published, with_offices

pytestmark = pytest.mark.django_db

LABEL = {"tr": "Sınır", "en": "Limit", "de": "Grenze"}
EXPERTS = Limit(label=LABEL, roles=["solution"], compensation=1000)


@pytest.fixture
def profile() -> Published:
    said = Authority(limits={"experts": EXPERTS})
    return published(preset().model_copy(update={"authority": said}))


@pytest.fixture
def solver() -> User:
    return make_user(Role.SOLUTION, "solution")


@pytest.fixture
def act(profile, solver):
    return {"by": solver, "at": MONDAY, "profile": profile}


def in_review(act) -> Case:
    case = make_case(profile=act["profile"])
    actions.take(case, **act)
    return case


def accepted(case: Case, text: str, amount: int, act) -> None:
    offer = actions.offer(case, text, compensation=Amount(amount), **act)
    assert isinstance(offer, Offer)
    actions.accept(offer, **act)


def test_a_sum_that_was_approved_once_is_not_approved_for_a_second_offer(act, profile):
    case = in_review(act)
    asked = actions.offer(case, "İki bin lira.", compensation=Amount(2000), **act)
    boss = make_user(Role.SUPERVISOR, "solution")
    actions.approve(asked, by=boss, at=MONDAY, profile=profile)
    actions.accept(case.offers.get(), **act)
    case = Case.objects.get(pk=case.pk)
    again = actions.offer(case, "Bir iki bin lira daha.", compensation=Amount(2000), **act)
    assert isinstance(again, Approval)


def test_a_result_that_grants_less_than_was_accepted_hides_none_of_it(act):
    case = in_review(act)
    accepted(case, "Dokuz yüz lira.", 900, act)
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Ödenecek.", compensation=Amount(1), **act)
    actions.reopen(case, "Yetmedi.", **act)
    assert granted.in_all(case, "justified", Amount(900)) == 1800
    more = actions.offer(case, "Dokuz yüz lira daha.", compensation=Amount(900), **act)
    assert isinstance(more, Approval)


def test_what_goes_on_in_a_case_through_another_counts(act):
    first, second, third = (in_review(act) for _ in range(3))
    accepted(first, "Altı yüz lira.", 600, act)
    actions.merge(first, second, **act)
    second.refresh_from_db()
    actions.merge(second, third, **act)
    third.refresh_from_db()
    more = actions.offer(third, "Beş yüz lira.", compensation=Amount(500), **act)
    assert isinstance(more, Approval)


@pytest.mark.parametrize("compensation", [None, Amount(0)])
def test_where_nothing_is_paid_nothing_is_counted(act, compensation, django_assert_max_num_queries):
    case = in_review(act)
    accepted(case, "Altı yüz lira.", 600, act)
    with django_assert_max_num_queries(0):
        assert granted.in_all(case, "justified", compensation) == compensation


def test_who_does_not_see_the_case_is_not_told_that_it_waits(solver):
    said = Authority(limits={"experts": EXPERTS})
    profile = published(with_offices("north", "south").model_copy(update={"authority": said}))
    case = make_case(profile=profile)
    case.office = "north"
    people = {name: make_user(Role.SUPERVISOR, name, name=name) for name in ("north", "south")}
    found = authority.approvers(
        case, "justified", Amount(2000), profile.profile, asker_id=solver.pk
    )
    assert found == [people["north"]]


def test_a_limit_that_was_widened_meanwhile_is_named_without_an_amount(act, profile):
    case = in_review(act)
    row = Approval(
        case=case, verb=Verb.OUTCOME, decision=Decision.JUSTIFIED, limit="experts",
        asked_at=MONDAY + days(1), asked_by=act["by"],
    )  # fmt: skip
    why = escalation_words.why_it_waits(row, profile.profile, "en")
    assert why == "Justified is above the limit “Limit”."
