"""A decision above somebody's authority waits; somebody else approves or declines it."""

from datetime import timedelta
from decimal import Decimal as Amount
from typing import Any

import pytest

from derman.accounts import absence
from derman.accounts.models import Membership, User
from derman.cases import actions, authority, escalation_words, granted
from derman.cases.models import Approval, Case, Offer, Outcome
from derman.cases.submissions import Applicant, Submission
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.profile.authority import Authority, Limit
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import ContactOutcome, Decision, Kind
from derman.words.life import State
from derman.words.loop import ApprovalState
from derman.words.rights import Role
from tests.factories import (
    MONDAY,
    days,
    make_case,
    make_customer,
    make_user,
    preset,
    published,
    with_offices,
)  # fmt: skip

pytestmark = pytest.mark.django_db

LABEL = {"tr": "Sınır", "en": "Limit", "de": "Grenze"}
LATER = MONDAY + days(1)


def with_limits(name: str = "gas", **limits: dict[str, Any]) -> Published:
    """A preset, published with these limits alone."""
    made = {key: Limit.model_validate({"label": LABEL, **said}) for key, said in limits.items()}
    said = Authority(limits=made)
    return published(preset(name).model_copy(update={"authority": said}))


SMALL = {
    "experts": {"roles": ["solution"], "compensation": 1000},
    "bosses": {"roles": ["supervisor"], "compensation": 5000},
}


@pytest.fixture
def profile() -> Published:
    return with_limits(**SMALL)


@pytest.fixture
def solver() -> User:
    return make_user(Role.SOLUTION, "solution")


@pytest.fixture
def boss() -> User:
    return make_user(Role.SUPERVISOR, "solution")


def in_review(profile: Published, solver: User, **more: Any) -> Case:
    case = make_case(profile=profile, **more)
    actions.take(case, by=solver, at=MONDAY, profile=profile)
    return case


def decide(case: Case, by: User, profile: Published, amount: int | None = 2000) -> object:
    compensation = None if amount is None else Amount(amount)
    return actions.outcome(
        case, Decision.JUSTIFIED, "Haklısınız, ödeme yapılacak.", compensation=compensation,
        evidence="Sayaç fotoğrafı", by=by, at=MONDAY, profile=profile,
    )  # fmt: skip


def events(case: Case) -> list[str]:
    return list(case.events.order_by("id").values_list("type", flat=True))


def test_within_the_limit_nothing_waits(profile, solver):
    case = in_review(profile, solver)
    made = decide(case, solver, profile, 1000)
    assert isinstance(made, Outcome)
    assert (made.compensation, made.approved_by) == (1000, None)
    assert case.state == State.RESOLVED


def test_above_the_limit_the_decision_waits_and_the_case_stays(profile, solver):
    case = in_review(profile, solver)
    version = case.version
    made = decide(case, solver, profile)
    assert isinstance(made, Approval)
    assert (made.limit, made.state) == ("experts", ApprovalState.WAITING)
    case.refresh_from_db()
    assert (case.state, case.version) == (State.IN_REVIEW, version + 1)
    assert not Outcome.objects.filter(case=case).exists()
    assert events(case)[-1] == EventType.APPROVAL_ASKED


def test_somebody_else_approves_and_it_is_carried_out_as_it_was_asked(profile, solver, boss):
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile)
    actions.approve(waiting, by=boss, at=LATER, profile=profile, note="Uygun.")
    case.refresh_from_db()
    assert (case.state, case.resolved_at) == (State.RESOLVED, LATER)
    made = Outcome.objects.get(case=case)
    assert (made.by, made.approved_by) == (solver, boss)
    assert (made.compensation, made.evidence) == (2000, "Sayaç fotoğrafı")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == (ApprovalState.APPROVED, boss)
    assert events(case)[-2:] == [EventType.APPROVED, EventType.RESOLVED]


def test_nobody_approves_their_own_decision(profile, solver):
    Membership.objects.create(user=solver, role=Role.MANAGER, unit="")
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile)
    with pytest.raises(actions.CannotDo) as refused:
        actions.approve(waiting, by=solver, at=LATER, profile=profile)
    assert refused.value.code == "own_decision"


def test_the_second_pair_of_eyes_has_a_limit_of_its_own(profile, solver, boss):
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile, 6000)
    with pytest.raises(actions.CannotDo) as refused:
        actions.approve(waiting, by=boss, at=LATER, profile=profile)
    assert refused.value.code == "authority"
    manager = make_user(Role.MANAGER)
    actions.approve(waiting, by=manager, at=LATER, profile=profile)
    assert Outcome.objects.get(case=case).approved_by == manager


def test_without_the_right_to_approve_no_authority_helps(profile, solver):
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile)
    agent = make_user(Role.AGENT)  # bound by no limit, but may not approve
    with pytest.raises(actions.CannotDo):
        actions.approve(waiting, by=agent, at=LATER, profile=profile)


def test_declined_goes_back_with_a_reason_and_may_be_asked_again(profile, solver, boss):
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile)
    with pytest.raises(actions.CannotDo):
        actions.decline(waiting, " ", by=boss, at=LATER, profile=profile)
    actions.decline(waiting, "Önce ölçüm yapılsın.", by=boss, at=LATER, profile=profile)
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
    assert events(case)[-1] == EventType.DECLINED
    assert isinstance(decide(case, solver, profile), Approval)


def test_what_does_not_fit_the_case_any_more_can_only_be_sent_back():
    profile = with_limits("telecom", **SMALL)
    solver, boss = make_user(Role.SOLUTION), make_user(Role.SUPERVISOR)
    case = in_review(profile, solver, topic="invoice.too_high", kind="complaint")
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    waiting = actions.outcome(
        case, Decision.JUSTIFIED, "Ödenecek.", reason_code="billing_error", evidence="Fatura",
        compensation=Amount(2000), **given,
    )  # fmt: skip
    assert isinstance(waiting, Approval)
    actions.reclassify(case, "mobile.sim", kind=Kind.COMPLAINT, **given)
    with pytest.raises(actions.CannotDo, match="send it back"):
        actions.approve(waiting, by=boss, at=LATER, profile=profile)
    waiting = Approval.objects.select_related("case").get()
    actions.decline(waiting, "Konu değişti.", by=boss, at=LATER, profile=profile)
    assert waiting.state == ApprovalState.DECLINED


def test_one_decision_waits_at_a_time(profile, solver):
    case = in_review(profile, solver)
    decide(case, solver, profile)
    with pytest.raises(actions.CannotDo) as refused:
        decide(case, solver, profile)
    assert refused.value.code == "approval_waits"


def test_of_two_answers_the_first_counts(profile, solver, boss):
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile)
    same = Approval.objects.select_related("case").get(pk=waiting.pk)
    actions.approve(waiting, by=boss, at=LATER, profile=profile)
    with pytest.raises(actions.CannotDo) as refused:
        actions.decline(same, "Hayır.", by=boss, at=LATER, profile=profile)
    assert refused.value.code == "approval_ended"


def test_a_case_that_goes_on_withdraws_what_waits(profile, solver, boss):
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile)
    actions.refer(case, "billing", by=solver, at=LATER, profile=profile)
    waiting.refresh_from_db()
    assert waiting.state == ApprovalState.WITHDRAWN
    with pytest.raises(actions.CannotDo):
        actions.approve(waiting, by=boss, at=LATER, profile=profile)


def test_somebody_with_authority_decides_while_another_s_decision_waits(profile, solver, boss):
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile)
    assert isinstance(decide(case, boss, profile, 1500), Outcome)
    waiting.refresh_from_db()
    assert waiting.state == ApprovalState.WITHDRAWN


def test_a_decision_may_be_limited_without_any_money(solver, boss):
    profile = with_limits(
        no={"roles": ["solution"], "topics": ["metering"], "decisions": ["justified"]}
    )
    case = in_review(profile, solver)
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    waiting = actions.outcome(case, Decision.NOT_JUSTIFIED, "Okuma doğru.", **given)
    assert isinstance(waiting, Approval)
    elsewhere = in_review(profile, solver, topic="billing.invoice_objection")
    made = actions.outcome(elsewhere, Decision.NOT_JUSTIFIED, "Doğru.", **given)
    assert isinstance(made, Outcome)


def test_of_several_roles_the_widest_counts(profile, solver):
    case = in_review(profile, solver)
    assert authority.check(solver, case, "justified", Amount(2000), profile.profile) == "experts"
    Membership.objects.create(user=solver, role=Role.REGISTRY, unit="")  # decides nothing
    again = User.objects.get(pk=solver.pk)
    assert authority.check(again, case, "justified", Amount(2000), profile.profile) == "experts"
    Membership.objects.create(user=solver, role=Role.SUPERVISOR, unit="")
    again = User.objects.get(pk=solver.pk)
    assert authority.check(again, case, "justified", Amount(2000), profile.profile) is None


def test_a_role_lends_no_authority_on_cases_that_it_does_not_reach(solver):
    """An agent who is an expert of one unit is an agent on the cases of all others."""
    profile = with_limits(
        agents={"roles": ["agent"], "compensation": 250},
        experts={"roles": ["unit"], "compensation": 2500},
    )
    both = make_user(Role.AGENT, "call_centre", name="both")
    Membership.objects.create(user=both, role=Role.UNIT, unit="billing")
    both = User.objects.get(pk=both.pk)
    case = in_review(profile, solver)
    sum_ = Amount(2000)
    assert authority.check(both, case, "justified", sum_, profile.profile) == "agents"
    actions.refer(case, "billing", by=solver, at=MONDAY, profile=profile)
    assert authority.check(both, case, "justified", sum_, profile.profile) is None
    actions.take_back(case, by=solver, at=LATER, profile=profile)
    Case.objects.filter(pk=case.pk).update(unit="metering")
    case = Case.objects.get(pk=case.pk)
    assert authority.check(both, case, "justified", sum_, profile.profile) == "agents"


def test_an_office_lends_no_authority_on_cases_of_another(solver):
    with_office = with_offices("north")
    said = Authority(
        limits={
            "experts": Limit.model_validate({"label": LABEL, **SMALL["experts"]}),
            "bosses": Limit.model_validate({"label": LABEL, **SMALL["bosses"]}),
        }
    )
    profile = published(with_office.model_copy(update={"authority": said}))
    Membership.objects.create(user=solver, role=Role.SUPERVISOR, unit="north")
    solver = User.objects.get(pk=solver.pk)
    case = in_review(profile, solver)
    assert authority.check(solver, case, "justified", Amount(2000), profile.profile) == "experts"
    case.office = "north"
    assert authority.check(solver, case, "justified", Amount(2000), profile.profile) is None


def test_answered_at_once_above_the_limit_is_told_in_writing_once_approved(solver, boss):
    profile = with_limits(no={"roles": ["solution"], "decisions": ["not_justified"]})
    case = make_case(profile=profile)
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    actions.answer_at_once(case, Decision.JUSTIFIED, "Haklısınız.", channel="phone", **given)
    case.refresh_from_db()
    assert case.state == State.RECEIVED
    waiting = Approval.objects.get(case=case)
    actions.approve(waiting, by=boss, at=LATER, profile=profile)
    waiting.case.refresh_from_db()
    assert waiting.case.state == State.RESOLVED
    assert not case.contacts.exists()  # nobody has told them on the phone


@pytest.mark.parametrize("phone", ["", "+902121234567"])
def test_whom_no_message_reaches_is_called_once_the_decision_is_approved(
    profile, solver, boss, phone
):
    case = in_review(profile, solver, customer=make_customer(phone=phone))
    approval = decide(case, solver, profile)
    actions.approve(approval, by=boss, at=LATER, profile=profile)
    case.refresh_from_db()
    assert case.state == State.RESOLVED
    assert case in Case.objects.to_call(frozenset({"solution"}))
    assert events(case)[-1] == EventType.NOT_TOLD

    call = {"channel": "phone", "outcome": ContactOutcome.REACHED}
    actions.contact(case, **call, by=solver, at=LATER, profile=profile)
    assert not Case.objects.to_call().exists()


def test_whoever_decides_alone_calls_a_land_line_at_once_and_not_after_the_days(profile, solver):
    case = in_review(profile, solver, customer=make_customer(phone="+902121234567"))
    decide(case, solver, profile, amount=None)
    assert case in Case.objects.to_call()
    nowhere = in_review(profile, solver, customer=make_customer(phone=""))
    decide(nowhere, solver, profile, amount=None)
    assert nowhere not in Case.objects.to_call()


def test_a_call_answered_above_the_limit_opens_a_case_that_waits(solver):
    profile = with_limits(no={"roles": ["solution"], "decisions": ["not_justified"]})
    said = Submission(
        channel="phone", topic="metering.reading_disputed", description="Sayaç yanlış.",
        language="tr", applicant=Applicant(name="Mehmet Demir", phone="0533 765 43 21"),
    )  # fmt: skip
    case = actions.open_and_answer(
        said, Decision.JUSTIFIED, "Haklısınız.", by=solver, at=MONDAY, profile=profile
    )
    case.refresh_from_db()
    assert (case.state, case.first_contact) == (State.RECEIVED, False)
    assert events(case) == [EventType.OPENED, EventType.APPROVAL_ASKED]


def test_a_sum_above_the_limit_is_no_resolution_at_first_contact(profile, solver):
    said = Submission(
        channel="phone", topic="metering.reading_disputed", description="Sayaç yanlış.",
        language="tr", applicant=Applicant(name="Mehmet Demir", phone="0533 765 43 21"),
    )  # fmt: skip
    case = actions.open_and_answer(
        said, Decision.NOT_JUSTIFIED, "İade edilecek.", compensation=Amount(2000), by=solver,
        at=MONDAY, profile=profile,
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.state, case.first_contact) == (State.RECEIVED, False)


def test_the_action_planned_with_it_is_planned_once_it_is_approved(profile, solver, boss):
    case = in_review(profile, solver)
    plan = actions.Plan("remedy", "Fatura düzeltilecek.", due_at=MONDAY + timedelta(hours=2))
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    waiting = actions.outcome(
        case, Decision.JUSTIFIED, "Haklısınız.", compensation=Amount(2000), plan=plan, **given
    )
    assert not case.actions.exists()
    actions.approve(waiting, by=boss, at=LATER, profile=profile)
    action = case.actions.get()
    assert (action.text, action.planned_by) == ("Fatura düzeltilecek.", solver)
    assert action.due_at > LATER  # its date had passed meanwhile: the usual time


def test_a_unit_that_concludes_does_so_within_its_limits(boss):
    """Rows T5 and P6: experts conclude; above their authority it waits."""
    profile = with_limits(experts={"roles": ["unit"], "compensation": 100})
    solver = make_user(Role.SOLUTION, "solution")
    expert = make_user(Role.UNIT, "billing")
    case = in_review(profile, solver)
    actions.refer(case, "billing", by=solver, at=MONDAY, profile=profile)
    waiting = decide(case, expert, profile, 500)
    assert isinstance(waiting, Approval)
    assert case.tasks.get().is_open
    actions.approve(waiting, by=boss, at=LATER, profile=profile)
    task = case.tasks.get()
    assert (task.is_open, task.answered_by) == (False, expert)
    assert Outcome.objects.get(case=case).approved_by == boss


def test_an_offer_above_the_limit_waits_and_goes_out_once_approved(profile, solver, boss):
    customer = make_customer(email="ayse@example.org")
    case = in_review(profile, solver, customer=customer)
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    waiting = actions.offer(case, "2000 TL indirim", compensation=Amount(2000), **given)
    assert isinstance(waiting, Approval)
    assert not Offer.objects.filter(case=case).exists()
    actions.approve(waiting, by=boss, at=LATER, profile=profile)
    offer = Offer.objects.get(case=case)
    assert (offer.compensation, offer.made_by) == (2000, solver)


@pytest.mark.parametrize(("granted", "waits"), [(2000, False), (2500, True)])
def test_what_was_approved_as_an_offer_is_not_approved_again(profile, solver, boss, granted, waits):
    case = in_review(profile, solver)
    act = {"by": solver, "at": MONDAY, "profile": profile}
    asked = actions.offer(case, "İki bin lira iade.", compensation=Amount(2000), **act)
    actions.approve(asked, by=boss, at=MONDAY, profile=profile)
    actions.accept(case.offers.get(), **act)

    made = actions.outcome(case, Decision.JUSTIFIED, "Ödendi.", compensation=Amount(granted), **act)

    assert isinstance(made, Approval) is waits


def test_an_offer_within_the_limit_lends_no_authority_for_more(profile, solver):
    case = in_review(profile, solver)
    act = {"by": solver, "at": MONDAY, "profile": profile}
    actions.accept(actions.offer(case, "Bin lira iade.", compensation=Amount(1000), **act), **act)

    made = actions.outcome(case, Decision.JUSTIFIED, "Ödendi.", compensation=Amount(1500), **act)

    assert isinstance(made, Approval)


def in_parts(case: Case, by: User, profile: Published, how: str, amount: int) -> object:
    """Grant it for the second time; the first time nobody has to look."""
    act: dict[str, Any] = {"by": by, "at": MONDAY, "profile": profile}
    first = Amount(600)
    if how == "offers":
        actions.accept(actions.offer(case, "Altı yüz lira iade.", compensation=first, **act), **act)
    elif how == "cycles":
        actions.outcome(case, Decision.NOT_JUSTIFIED, "Ödenecek.", compensation=first, **act)
        actions.reopen(case, "Yetmedi.", **act)
    elif how == "after the result":
        actions.outcome(case, Decision.NOT_JUSTIFIED, "Ödenecek.", compensation=first, **act)
    else:
        part = in_review(profile, by)
        actions.accept(actions.offer(part, "Altı yüz lira.", compensation=first, **act), **act)
        actions.merge(part, case, **act)
    told: dict[str, Any] = {"compensation": Amount(amount), **act}
    if how == "cycles":
        return actions.outcome(case, Decision.NOT_JUSTIFIED, "Biraz daha.", **told)
    return actions.offer(case, "Biraz daha iade.", **told)


PARTS = ["offers", "cycles", "after the result", "merged"]


@pytest.mark.parametrize("how", PARTS)
def test_what_may_not_be_granted_at_once_is_not_granted_in_parts(profile, solver, boss, how):
    case = in_review(profile, solver)
    waiting = in_parts(case, solver, profile, how, 500)
    assert isinstance(waiting, Approval)
    assert waiting.limit == "experts"
    why = escalation_words.why_it_waits(waiting, profile.profile, "en")
    assert why == "With what was granted before, 500 TRY is above the limit “Limit”."
    actions.approve(waiting, by=boss, at=LATER, profile=profile)


@pytest.mark.parametrize("how", PARTS)
def test_parts_that_are_within_the_limit_together_wait_for_nobody(profile, solver, how):
    case = in_review(profile, solver)
    assert isinstance(in_parts(case, solver, profile, how, 400), Offer | Outcome)


def test_who_approves_in_parts_needs_the_authority_for_all_of_them(profile, solver, boss):
    case = in_review(profile, solver)
    act: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    for turn, amount in enumerate([3000, 2500]):
        asked = actions.offer(case, f"{turn}. ödeme", compensation=Amount(amount), **act)
        assert isinstance(asked, Approval)
        if not turn:
            actions.approve(asked, by=boss, at=MONDAY, profile=profile)
            actions.accept(case.offers.get(), **act)
    with pytest.raises(actions.CannotDo) as refused:
        actions.approve(asked, by=boss, at=LATER, profile=profile)
    assert refused.value.code == "authority"
    manager = make_user(Role.MANAGER)
    assert addresses(case, EventType.APPROVAL_ASKED) >= {manager.email}
    actions.approve(asked, by=manager, at=LATER, profile=profile)


def test_what_was_accepted_and_then_granted_counts_once(profile, solver):
    case = in_review(profile, solver)
    act: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    half = Amount(500)
    actions.accept(actions.offer(case, "Beş yüz lira.", compensation=half, **act), **act)
    actions.outcome(case, Decision.NOT_JUSTIFIED, "Ödendi.", compensation=half, **act)
    actions.reopen(case, "Yetmedi.", **act)
    assert granted.in_all(case, "justified", Amount(400)) == 900
    assert granted.in_all(case, "justified", None) is None


def test_another_offer_takes_the_place_of_the_one_that_waits(profile, solver, boss):
    case = in_review(profile, solver, customer=make_customer(email="ayse@example.org"))
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    waiting = actions.offer(case, "2000 TL indirim", compensation=Amount(2000), **given)
    assert isinstance(waiting, Approval)
    made = actions.offer(case, "500 TL indirim", compensation=Amount(500), **given)
    assert isinstance(made, Offer)
    waiting.refresh_from_db()
    assert waiting.state == ApprovalState.WITHDRAWN
    with pytest.raises(actions.CannotDo) as refused:
        actions.approve(waiting, by=boss, at=LATER, profile=profile)
    assert refused.value.code == "approval_ended"


def test_a_decision_still_waits_while_something_is_offered(profile, solver):
    case = in_review(profile, solver, customer=make_customer(email="ayse@example.org"))
    waiting = decide(case, solver, profile)
    assert isinstance(waiting, Approval)
    actions.offer(case, "500 TL indirim", by=solver, at=MONDAY, profile=profile)
    waiting.refresh_from_db()
    assert waiting.state == ApprovalState.WAITING


def test_who_asked_tells_of_the_approved_offer_where_no_message_can(profile, solver, boss):
    case = in_review(profile, solver, customer=make_customer(phone="+902125550101"))
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    waiting = actions.offer(case, "İndirim", channel="phone", compensation=Amount(2000), **given)
    assert isinstance(waiting, Approval)
    actions.approve(waiting, by=boss, at=LATER, profile=profile)
    case = Case.objects.get(pk=case.pk)
    assert case.inform_unit == case.owner_unit
    assert list(Case.objects.to_call({case.owner_unit})) == [case]

    told = {**given, "at": LATER + timedelta(hours=1)}
    actions.contact(case, channel="phone", outcome="not_reached", **told)
    assert case.inform_unit
    actions.contact(case, channel="phone", outcome="reached", **told)
    assert not case.inform_unit
    assert case.offers.get().state == "open"


@pytest.mark.parametrize("end", ["accept", "withdraw", "lapse"])
def test_no_call_is_owed_once_the_offer_has_ended(profile, solver, boss, end):
    case = in_review(profile, solver, customer=make_customer(phone="+902125550101"))
    given: dict[str, Any] = {"by": solver, "at": MONDAY, "profile": profile}
    waiting = actions.offer(case, "İndirim", channel="phone", compensation=Amount(2000), **given)
    assert isinstance(waiting, Approval)
    actions.approve(waiting, by=boss, at=LATER, profile=profile)
    offer = Offer.objects.select_related("case").get(case=case)
    after = {**given, "at": LATER + timedelta(days=1)}
    if end == "accept":
        actions.accept(offer, channel="phone", **after)
    elif end == "withdraw":
        actions.withdraw_offer(offer, "Yanlıştı.", **after)
    else:
        assert offer.lapses_at
        actions.let_offer_lapse(offer, at=offer.lapses_at, profile=profile)
    offer.case.refresh_from_db()
    assert (offer.case.state, offer.case.inform_unit) == (State.IN_REVIEW, "")


def addresses(case: Case, type_: EventType) -> set[str]:
    expansion.expand(LATER, 100)
    found = Message.objects.filter(case=case, event__type=type_)
    return {message.address for message in found}


def test_those_who_may_approve_are_told_and_then_whoever_asked(profile, solver, boss):
    manager = make_user(Role.MANAGER)
    case = in_review(profile, solver)
    waiting = decide(case, solver, profile, 2000)
    assert addresses(case, EventType.APPROVAL_ASKED) == {boss.email, manager.email}
    actions.decline(waiting, "Belge eksik.", by=boss, at=LATER, profile=profile)
    assert addresses(case, EventType.DECLINED) == {solver.email}
    high = in_review(profile, solver)
    decide(high, solver, profile, 20000)
    assert addresses(high, EventType.APPROVAL_ASKED) == {manager.email}


def test_whoever_decided_is_not_asked_to_approve_it_in_the_name_of_somebody_absent():
    here = {"roles": ["supervisor"], "units": ["solution"], "compensation": 1000}
    profile = with_limits(here=here)
    asker = make_user(Role.SUPERVISOR, "solution")
    away = make_user(Role.SUPERVISOR, "call_centre", name="away")
    absence.enter(away, asker, MONDAY.date(), MONDAY.date(), by=away, at=MONDAY)
    assert isinstance(decide(in_review(profile, asker), asker, profile), Approval)
    expansion.expand(MONDAY, 100)
    sent = Message.objects.filter(event__type=EventType.APPROVAL_ASKED)
    assert {message.address for message in sent} == {away.email}
