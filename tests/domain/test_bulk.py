"""Work on many cases: each by one action, left out with a reason, resumed, stopped and undone."""

from datetime import timedelta

import pytest

from derman.cases import actions
from derman.cases.models import Case, Event, Task
from derman.workplace import bulk, running
from derman.workplace.models import BulkItem, BulkRun
from derman.workplace.models.bulk import BulkVerb, ItemState, Reason, RunState
from tests.factories import MONDAY, make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def profile():
    return published()


@pytest.fixture
def boss(profile):
    return make_user("supervisor", "solution", name="boss")


@pytest.fixture
def mate(profile):
    return make_user("solution", "solution", name="mate")


def draft(verb, cases, by, **details):
    seen = [(case.pk, case.version) for case in cases]
    return bulk.draft(verb, seen, by=by, at=MONDAY, details=details)


def settle(profile, *, at=LATER):
    while running.settle(at, 100, profile=profile):
        pass


def order(run, profile):
    bulk.order(run, at=MONDAY)
    settle(profile)
    run.refresh_from_db()
    return run


def what_became(run):
    return [(item.state, item.reason) for item in run.items.order_by("id")]


def test_each_case_gets_one_event_by_the_person_who_ordered(profile, boss, mate):
    cases = [make_case() for _ in range(25)]
    run = order(draft(BulkVerb.ASSIGN, cases, boss, to=mate.pk), profile)
    assert (run.state, run.ended_at) == (RunState.DONE, LATER)
    assert what_became(run) == [(ItemState.DONE, "")] * 25
    assert Case.objects.filter(owner_user=mate).count() == 25
    events = Event.objects.filter(type="assigned")
    assert events.count() == 25
    assert {event.by for event in events} == {boss}


def test_a_draft_does_nothing(profile, boss, mate):
    draft(BulkVerb.ASSIGN, [make_case()], boss, to=mate.pk)
    settle(profile)
    assert not Case.objects.filter(owner_user=mate).exists()


def test_the_preview_says_what_the_run_does(profile, boss, mate):
    fine, closed, changed, already = (make_case() for _ in range(4))
    actions.close_early(closed, "withdrawn", by=boss, at=MONDAY, profile=profile)
    actions.assign(already, mate, by=boss, at=MONDAY, profile=profile)
    run = draft(BulkVerb.ASSIGN, [fine, closed, changed, already], boss, to=mate.pk)
    actions.note(changed, "Ben bakıyorum.", by=mate, at=MONDAY, profile=profile)
    shown = bulk.preview(run, boss)
    assert shown.willing == [fine]
    assert shown.left_out == {
        Reason.WRONG_STATE: [closed],
        Reason.CHANGED: [changed],
        Reason.ALREADY: [already],
    }
    assert shown.total == 4
    order(run, profile)
    assert what_became(run) == [
        (ItemState.DONE, ""),
        (ItemState.LEFT_OUT, "wrong_state"),
        (ItemState.LEFT_OUT, "changed"),
        (ItemState.LEFT_OUT, "already"),
    ]


def test_the_preview_takes_the_same_queries_for_many(
    boss, mate, remembered, django_assert_max_num_queries
):
    run = draft(BulkVerb.REFER, [make_case() for _ in range(30)], boss, unit="metering")
    with django_assert_max_num_queries(6):
        assert len(bulk.preview(run, boss).willing) == 30


def test_a_case_taken_between_preview_and_run_is_left_alone(profile, boss, mate):
    case = make_case()
    run = draft(BulkVerb.ASSIGN, [case], boss, to=mate.pk)
    assert bulk.preview(run, boss).willing == [case]
    bulk.order(run, at=MONDAY)
    actions.take(case, by=boss, at=MONDAY, profile=profile)
    settle(profile)
    assert what_became(run) == [(ItemState.LEFT_OUT, "changed")]
    assert Case.objects.get().owner_user == boss


def test_what_the_person_may_not_do_is_not_done(profile, boss):
    """An unknown unit's expert could not order this; rights that end meanwhile end the run."""
    unit = make_user("unit", "metering", name="expert")
    assert bulk.offered(unit, profile.profile) == []
    run = draft(BulkVerb.ASSIGN, [make_case(), make_case()], boss, to=None)
    bulk.order(run, at=MONDAY)
    boss.memberships.all().delete()
    settle(profile)
    assert what_became(run) == [(ItemState.LEFT_OUT, "no_right")] * 2


def test_a_branch_reaches_the_cases_it_took_in_and_no_others(profile):
    clerk = make_user("clerk", "office_centre")
    mine, other = make_case(), make_case()
    Case.objects.filter(pk=mine.pk).update(office="office_centre")
    run = draft(BulkVerb.TAG, [mine, other], clerk, tag="media")
    shown = bulk.preview(run, clerk)
    assert (shown.willing, shown.missing) == ([mine], 1)
    order(run, profile)
    assert what_became(run)[1] == (ItemState.LEFT_OUT, "no_right")


def test_refer_many_asks_the_unit_once_each(profile, boss):
    asked, fresh = make_case(), make_case()
    actions.refer(asked, "metering", by=boss, at=MONDAY, profile=profile)
    run = draft(BulkVerb.REFER, [asked, fresh], boss, unit="metering")
    run.question = "Okuma doğru mu?"
    run.save()
    order(run, profile)
    assert [state for state, _ in what_became(run)] == [ItemState.LEFT_OUT, ItemState.DONE]
    assert Task.objects.get(case=fresh).question == "Okuma doğru mu?"
    assert not bulk.can_undo(run)
    with pytest.raises(bulk.CannotRun):
        bulk.undo(run, by=boss, at=LATER)


def test_tags_go_on_and_come_off_again(profile, boss):
    had, fresh = make_case(), make_case()
    actions.tag(had, "media", by=boss, at=MONDAY, profile=profile)
    run = order(draft(BulkVerb.TAG, [had, fresh], boss, tag="media"), profile)
    assert [reason for _, reason in what_became(run)] == ["already", ""]
    order(bulk.undo(run, by=boss, at=LATER), profile)
    assert (had.tags.count(), fresh.tags.count()) == (1, 0)


def test_undo_gives_each_case_back_to_whoever_had_it(profile, boss, mate):
    free, taken, moved_on = (make_case() for _ in range(3))
    actions.take(taken, by=boss, at=MONDAY, profile=profile)
    run = order(draft(BulkVerb.ASSIGN, [free, taken, moved_on], boss, to=mate.pk), profile)
    moved_on.refresh_from_db()
    actions.assign(moved_on, boss, by=mate, at=LATER, profile=profile)
    back = order(bulk.undo(run, by=boss, at=LATER), profile)
    owners = [Case.objects.get(pk=c.pk).owner_user for c in (free, taken, moved_on)]
    assert owners == [None, boss, boss]
    assert what_became(back)[2] == (ItemState.LEFT_OUT, "changed")


def test_a_worker_that_died_is_followed_by_another(profile, boss, mate, monkeypatch):
    cases = [make_case() for _ in range(3)]
    run = draft(BulkVerb.ASSIGN, cases, boss, to=mate.pk)
    bulk.order(run, at=MONDAY)
    real, seen = actions.assign, []

    def dies_at_the_second(*args, **kwargs):
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "assign", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        running.settle(LATER, 100, profile=profile)
    assert [state for state, _ in what_became(run)].count(ItemState.DONE) == 1
    monkeypatch.setattr(actions, "assign", real)
    settle(profile)
    assert what_became(run) == [(ItemState.DONE, "")] * 3
    assert Event.objects.filter(type="assigned").count() == 3


def test_two_workers_do_not_take_the_same_run(profile, boss, mate):
    run = draft(BulkVerb.ASSIGN, [make_case()], boss, to=mate.pk)
    bulk.order(run, at=MONDAY)
    BulkRun.objects.update(lease_until=LATER + timedelta(seconds=30))
    assert running.settle(LATER, 100, profile=profile) == 0
    assert running.settle(LATER + timedelta(minutes=2), 100, profile=profile) == 1


def test_a_stopped_run_leaves_the_rest(profile, boss, mate, monkeypatch):
    monkeypatch.setattr(running, "PORTION", 2)
    run = draft(BulkVerb.ASSIGN, [make_case() for _ in range(5)], boss, to=mate.pk)
    bulk.order(run, at=MONDAY)
    running.settle(LATER, 100, profile=profile)
    bulk.stop(run, at=LATER)
    settle(profile)
    assert bulk.counts(run)["done"] == 2
    assert bulk.counts(run)["waiting"] == 3
    assert BulkRun.objects.get().state == RunState.STOPPED


def test_what_an_action_refuses_fails_alone(profile, boss):
    run = draft(BulkVerb.REFER, [make_case(), make_case()], boss, unit="no_such_unit")
    order(run, profile)
    assert what_became(run) == [(ItemState.FAILED, "refused")] * 2
    assert Case.objects.filter(state="received").count() == 2


def test_a_run_holds_no_more_than_it_may(boss, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 3)
    run = draft(BulkVerb.TAG, [make_case() for _ in range(5)], boss, tag="media")
    assert run.items.count() == 3


def test_drafts_and_old_runs_are_forgotten_with_their_lines(profile, boss):
    draft(BulkVerb.TAG, [make_case()], boss, tag="media")
    done = order(draft(BulkVerb.TAG, [make_case()], boss, tag="media"), profile)
    running.sweep(MONDAY + timedelta(days=2), 100)
    assert list(BulkRun.objects.all()) == [done]
    running.sweep(LATER + timedelta(days=31), 100)
    assert not BulkItem.objects.exists()


def test_a_concealed_reporter_is_not_exported_by_who_may_not_know(profile, boss):
    secret = make_case(
        customer=make_customer("Gizli Kişi"), secret_reporter=True, topic="illegal_use.report"
    )
    manager = make_user("manager")
    run = draft(BulkVerb.EXPORT, [secret], manager, format="csv")
    assert bulk.preview(run, manager).left_out == {Reason.CONCEALED: [secret]}
    assert bulk.preview(draft(BulkVerb.EXPORT, [secret], boss), boss).willing == [secret]
