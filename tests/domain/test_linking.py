"""Links between cases, merging one into another, and undoing it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from derman.cases import actions
from derman.cases.merged import goes_on_in
from derman.cases.models import Case, Clock, Dispatch, Escalation, Event, Link
from derman.outbox.models import Message
from derman.words.kinds import ClosingReason, Decision
from derman.words.life import State
from derman.words.loop import LinkKind
from tests.desk import told_of, work
from tests.factories import MONDAY, days, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
LATER = MONDAY + days(1)


@pytest.fixture
def given():
    return {"by": make_user("supervisor"), "at": LATER, "profile": published()}


def again(case):
    return Case.objects.get(pk=case.pk)


def two():
    """Two cases of one person."""
    customer = make_customer()
    return make_case(customer=customer), make_case(customer=customer)


def test_a_link_says_what_the_other_case_is(given):
    one, other = two()
    made = actions.link(one, other, LinkKind.RELATED, **given)

    assert (made.case, made.other, made.kind) == (one, other, "related")
    event = Event.objects.get(type="linked")
    assert (event.case, event.details) == (one, {"other": other.number, "kind": "related"})


@pytest.mark.parametrize("kind", [LinkKind.REPEAT, "nonsense"])
def test_staff_cannot_say_that_something_is_a_repeat(given, kind):
    with pytest.raises(actions.CannotDo):
        actions.link(*two(), kind, **given)


def test_a_case_is_not_linked_with_itself_or_twice_or_in_a_ring(given):
    one, other = two()
    with pytest.raises(actions.CannotDo, match="same one"):
        actions.link(one, one, LinkKind.RELATED, **given)
    actions.link(one, other, LinkKind.PARENT, **given)
    with pytest.raises(actions.CannotDo, match="already"):
        actions.link(one, other, LinkKind.PARENT, **given)
    with pytest.raises(actions.CannotDo, match="lies under"):
        actions.link(other, one, LinkKind.PARENT, **given)


def test_a_link_is_taken_back_once(given):
    one, other = two()
    made = actions.link(one, other, LinkKind.RELATED, **given)
    actions.unlink(made, **given)

    assert Link.objects.get().ended_at == LATER
    assert Event.objects.filter(type="unlinked").count() == 1
    with pytest.raises(actions.CannotDo):
        actions.unlink(made, **given)


def test_a_repeat_that_is_none_is_unmarked(given):
    customer = make_customer()
    make_case(customer=customer)
    repeat = make_case(customer=customer, at=LATER)
    work()
    assert again(repeat).is_repeat

    actions.unlink(Link.objects.select_related("case").get(), **given)

    assert not again(repeat).is_repeat


def test_a_merged_case_is_closed_as_a_duplicate_and_leads_to_its_target(given):
    one, other = two()
    actions.refer(one, "metering", **given)
    actions.merge(one, other, **given)

    one = again(one)
    assert (one.state, one.closing_reason) == (State.CLOSED, ClosingReason.DUPLICATE)
    assert one.decision == Decision.NOT_APPLICABLE
    assert goes_on_in(one) == other
    assert not one.clocks.filter(state__in=["running", "paused"]).exists()
    assert not one.clocks.filter(next_at__isnull=False).exists()
    assert not one.tasks.filter(state__in=["open", "started"]).exists()
    assert again(other).state == State.RECEIVED
    merged = Event.objects.filter(type="merged").order_by("id")
    assert [(event.case, event.details.get("quiet")) for event in merged] == [
        (one, None),
        (other, True),
    ]


def test_a_merged_case_stays_where_it_is_until_it_is_parted(given):
    one, other = two()
    actions.merge(one, other, **given)
    with pytest.raises(actions.CannotDo, match="part of another"):
        actions.reopen(one, "Olmadı.", **given)
    with pytest.raises(actions.CannotDo, match="already"):
        actions.merge(one, other, **given)
    with pytest.raises(actions.CannotDo, match="Undo the merge"):
        actions.unlink(Link.objects.select_related("case").get(), **given)


def test_a_chain_leads_to_its_end_and_never_round(given):
    customer = make_customer()
    a, b, c = (make_case(customer=customer) for _ in range(3))
    actions.merge(a, b, **given)
    actions.merge(b, c, **given)

    assert goes_on_in(again(a)) == c
    with pytest.raises(actions.CannotDo, match="goes on in this one already"):
        actions.merge(c, again(a), **given)
    d = make_case(customer=customer)
    actions.merge(d, again(a), **given)
    assert again(d).merged_into == c

    actions.unmerge(again(b), **given)
    assert goes_on_in(again(a)) == b


def test_an_open_case_does_not_vanish_into_a_closed_one(given):
    one, other = two()
    actions.close_early(other, ClosingReason.INVALID, **given)
    with pytest.raises(actions.CannotDo, match="closed"):
        actions.merge(one, other, **given)

    actions.merge(other, one, **given)  # the other way round is fine
    assert again(other).closing_reason == ClosingReason.INVALID
    actions.unmerge(again(other), **given)
    assert again(other).merged_into is None
    assert again(other).closing_reason == ClosingReason.INVALID


def test_a_paused_clock_comes_back_paused(given):
    one, other = two()
    actions.ask(one, "Hangi daire?", **given)
    before = list(one.clocks.order_by("pk").values())
    case = Case.objects.filter(pk=one.pk).values().get()
    actions.merge(one, other, **given)
    actions.unmerge(again(one), **{**given, "at": LATER + days(3)})

    assert list(one.clocks.order_by("pk").values()) == before
    now = Case.objects.filter(pk=one.pk).values().get()
    assert {**now, "version": case["version"]} == case


def test_nobody_looks_at_what_a_merged_case_was_raised_for_until_it_is_parted(given):
    one, other = two()
    raised = Escalation.objects.create(case=one, level="late", at=LATER)
    actions.merge(one, other, **given)
    assert Escalation.objects.get().seen_at == LATER
    actions.unmerge(again(one), **given)

    raised.refresh_from_db()
    assert (raised.seen_at, raised.seen_by) == (None, None)


def test_a_resolved_case_keeps_its_decision(given):
    one, other = two()
    actions.answer_at_once(one, Decision.NOT_JUSTIFIED, "Doğru.", channel="email", **given)
    actions.merge(one, other, **given)

    assert again(one).decision == Decision.NOT_JUSTIFIED
    actions.unmerge(again(one), **given)
    assert again(one).state == State.RESOLVED


def test_a_merge_is_undone_once(given):
    one, other = two()
    actions.merge(one, other, **given)
    seen_by_both = [again(one), again(one)]
    actions.unmerge(seen_by_both[0], **given)
    with pytest.raises(actions.CannotDo, match="not merged"):
        actions.unmerge(seen_by_both[1], **given)
    assert Event.objects.filter(case=one, type="unmerged").count() == 1


def test_a_link_that_was_there_before_the_merge_stays_after_it(given):
    one, other = two()
    actions.link(one, other, LinkKind.DUPLICATE, **given)
    actions.merge(one, other, **given)
    actions.unmerge(again(one), **given)

    assert Link.objects.get().ended_at is None


def test_what_the_applicant_sends_later_reaches_the_target(given):
    one, other = two()
    actions.merge(one, other, **given)
    version = again(other).version

    said = actions.hear(again(one), "Bir şey daha.", by=None, at=LATER, profile=published())

    assert said.case == one  # their words stay with their own case
    assert again(other).version == version + 1
    event = Event.objects.get(case=other, type="information_added")
    assert event.details == {"reply": str(said.pk), "from": one.number}


def test_it_is_the_answer_that_the_target_waited_for(given):
    one, other = two()
    actions.merge(one, other, **given)
    actions.ask(other, "Hangi daire?", **given)

    actions.hear(again(one), "On iki.", by=None, at=LATER, profile=published())

    assert again(other).state == State.IN_REVIEW
    assert Clock.objects.get(case=other, kind="resolve").state == "running"


def test_somebody_else_does_not_answer_for_the_targets_applicant(given):
    one, other = make_case(), make_case(customer=make_customer())
    actions.merge(one, other, **given)
    actions.ask(other, "Hangi daire?", **given)

    actions.hear(again(one), "On iki.", by=None, at=LATER, profile=published())

    assert again(other).state == State.AWAITING_APPLICANT


def test_the_applicant_is_told_once_and_not_which_case_it_is(given):
    one, other = make_case(), make_case(customer=make_customer())
    actions.merge(one, other, **given)
    work()

    told = told_of(one, "merged")
    assert other.number not in "".join(told.body.split())
    assert not Message.objects.filter(case=one, event__type="closed_early").exists()
    assert not Message.objects.filter(case=other, event__type="merged").exists()

    actions.unmerge(again(one), **given)
    work()
    assert told_of(one, "unmerged")


def test_a_merge_that_is_undone_at_once_tells_nobody(given):
    one, other = two()
    actions.merge(one, other, **given)
    actions.unmerge(again(one), **given)
    work()

    assert not Message.objects.filter(event__type__in=["merged", "unmerged"]).exists()


def test_what_was_merged_into_it_does_not_hide_that_its_own_merge_was_told(given):
    one, other = two()
    actions.merge(one, other, **given)
    work()
    assert told_of(one, "merged")
    third = make_case(customer=one.customer)
    said = {"at": LATER, "details": {"from": third.number}}
    profile_id = given["profile"].version_id
    event = Event.objects.create(case=one, type="merged", profile_id=profile_id, **said)
    Dispatch.objects.create(event=event, not_before=LATER)

    actions.unmerge(again(one), **given)
    work()

    assert told_of(one, "unmerged")


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_a_pair_both_ways_at_once_make_no_ring():
    one, other = two()
    user, gate = make_user("supervisor"), Barrier(2)
    given = {"by": user, "at": LATER, "profile": published()}

    def merge(pair):
        case, into = (Case.objects.get(pk=key) for key in pair)
        gate.wait()
        try:
            actions.merge(case, into, **given)
        except actions.CannotDo:
            return "refused"
        else:
            return "merged"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(merge, [(one.pk, other.pk), (other.pk, one.pk)]))

    assert Counter(done) == {"merged": 1, "refused": 1}
    assert Case.objects.filter(merged_into=None).count() == 1
