"""Root causes: begun from cases, answered by asking why or by a fishbone, concluded; their cost."""

from decimal import Decimal

import pytest

from derman.cases.models import Case, Contact, Offer, Outcome, Reply
from derman.quality import causes, cost
from derman.quality.models import RootCause
from derman.words.kinds import Channel, ContactOutcome, Decision
from derman.words.learning import CauseMethod, CauseState
from derman.words.loop import OfferState
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def quality():
    published()
    return make_user(Role.QUALITY)


def begun(by, *, method=CauseMethod.WHYS, query="view=all", cases=None) -> RootCause:
    return causes.begin(
        Case.objects.all() if cases is None else cases,
        title="Readings are disputed", method=method, query=query, owner=by, by=by, at=MONDAY,
    )  # fmt: skip


def test_a_root_cause_keeps_the_cases_that_it_began_with(quality):
    first = make_case()
    make_case(topic="billing.invoice_objection")
    cause = begun(quality, query="view=all&q=Ay%C5%9Fe&topic=metering")
    make_case()
    assert set(cause.cases.values_list("pk", flat=True)) == set(
        Case.objects.order_by("received_at", "number").exclude(
            pk=Case.objects.exclude(causes=cause).get().pk
        ).values_list("pk", flat=True)
    )  # fmt: skip
    assert cause.topics == {first.topic: 1, "billing.invoice_objection": 1}
    assert cause.query == "view=all&topic=metering"  # a searched word may be somebody's name


def test_without_cases_there_is_nothing_to_look_for(quality):
    with pytest.raises(causes.CannotLook):
        begun(quality)


def test_too_many_cases_are_refused(quality, monkeypatch):
    monkeypatch.setattr(causes, "MOST_CASES", 1)
    make_case(), make_case()
    with pytest.raises(causes.CannotLook, match="more than 1"):
        begun(quality)


def test_whys_are_kept_in_order_and_empty_ones_dropped(quality):
    make_case()
    cause = begun(quality)
    causes.keep(cause, causes.Found({"": ["Misread", " ", "In a hurry", "Too many meters"]}))
    causes.keep(cause, causes.Found({"": ["Misread", "Too many meters"]}))
    assert list(cause.steps.order_by("place").values_list("bone", "place", "text")) == [
        ("", 0, "Misread"),
        ("", 1, "Too many meters"),
    ]


def test_another_method_keeps_what_was_written_before(quality):
    make_case()
    cause = begun(quality)
    causes.keep(cause, causes.Found({"": ["Misread"]}))
    causes.change(cause, title=cause.title, method=CauseMethod.FISHBONE, owner=quality)
    causes.keep(cause, causes.Found({"people": ["In a hurry"], "way": ["No photograph"]}))
    assert set(cause.steps.values_list("bone", "text")) == {
        ("", "Misread"), ("people", "In a hurry"), ("way", "No photograph"),
    }  # fmt: skip


def test_a_conclusion_needs_an_answer(quality):
    make_case()
    cause = begun(quality)
    with pytest.raises(causes.CannotLook) as told:
        causes.conclude(cause, causes.Found(None, "rules", "x"), by=quality, at=MONDAY)
    assert told.value.field == "conclusion"
    causes.keep(cause, causes.Found({"": ["Misread"]}))
    causes.conclude(cause, causes.Found(None, "rules", "Nobody checks."), by=quality, at=MONDAY)
    cause.refresh_from_db()
    assert cause.state == CauseState.CONCLUDED
    causes.look_again(cause)
    cause.refresh_from_db()
    assert (cause.state, cause.conclusion) == (CauseState.OPEN, "Nobody checks.")


def test_what_was_concluded_is_not_written_over(quality):
    make_case()
    cause = begun(quality)
    found = causes.Found({"": ["Misread"]}, "rules", "Nobody checks.")
    causes.conclude(cause, found, by=quality, at=MONDAY)
    with pytest.raises(causes.CannotLook, match="Look again"):
        causes.keep(cause, causes.Found({"": ["Something else"]}))
    assert cause.steps.get().text == "Misread"


def test_too_many_answers_are_refused_not_cut(quality):
    make_case()
    cause = begun(quality, method=CauseMethod.FISHBONE)
    many = [f"Cause {number}" for number in range(causes.MOST_STEPS + 1)]
    with pytest.raises(causes.CannotLook) as told:
        causes.keep(cause, causes.Found({"people": ["Hurry"], "way": many}))
    assert told.value.field == "way"
    assert not cause.steps.exists()


def test_the_second_of_two_is_told(quality):
    make_case()
    cause = begun(quality)
    other = RootCause.objects.get(pk=cause.pk)
    causes.keep(cause, causes.Found({"": ["Misread"]}))
    with pytest.raises(causes.OldVersion):
        causes.keep(other, causes.Found({"": ["Something else"]}))
    assert cause.steps.get().text == "Misread"


def test_the_cost_says_how_it_came_about(quality, django_assert_num_queries):
    called, written = make_case(), make_case(channel=Channel.EMAIL)
    for case in (called, written):
        Contact.objects.create(
            case=case, channel="phone", outcome=ContactOutcome.REACHED, at=MONDAY
        )
    Reply.objects.create(case=written, channel="email", text="Corrected.", at=MONDAY)
    cause = begun(quality)
    make_case()  # of no concern
    with django_assert_num_queries(5):
        found = cost.reckon(cause.cases.all(), preset())
    assert [(line.channel, line.contacts, line.minutes_each) for line in found.lines] == [
        ("phone", 3, 8),
        ("email", 2, 10),
    ]
    assert (found.contacts, found.minutes) == (5, 44)
    assert found.work == Decimal("293.33")  # 44 minutes of 400 an hour
    assert found.total == found.work


def test_a_call_that_was_answered_at_once_is_one_contact(quality):
    case = make_case()
    Case.objects.update(first_contact=True)
    said = {"case": case, "channel": "phone", "outcome": ContactOutcome.REACHED, "at": MONDAY}
    Contact.objects.create(**said, concludes=True)
    assert cost.reckon(Case.objects.all(), preset()).contacts == 1
    Contact.objects.create(**said, concludes=True, cycle=2)  # it was opened again, and called
    assert cost.reckon(Case.objects.all(), preset()).contacts == 2


def test_nobody_is_counted_as_paid_twice(quality):
    """What the outcome grants counts; accepted offers only where it grants nothing."""
    granted, accepted, refused = make_case(), make_case(), make_case()
    said = {"decision": Decision.JUSTIFIED, "text": "x", "at": MONDAY}
    Outcome.objects.create(case=granted, compensation=Decimal(100), **said)
    for case, amount, state in (
        (granted, 100, OfferState.ACCEPTED),
        (accepted, 40, OfferState.ACCEPTED),
        (refused, 70, OfferState.REFUSED),
    ):
        Offer.objects.create(
            case=case, text="x", compensation=Decimal(amount), made_at=MONDAY, state=state
        )
    found = cost.reckon(begun(quality).cases.all(), preset())
    assert (found.compensation, found.compensated) == (Decimal(140), 2)


def test_without_a_price_only_minutes_are_known(quality):
    make_case()
    profile = preset()
    free = profile.model_copy(
        update={"learning": profile.learning.model_copy(update={"cost_per_hour": 0})}
    )
    found = cost.reckon(begun(quality).cases.all(), free)
    assert (found.minutes, found.total) == (8, 0)
