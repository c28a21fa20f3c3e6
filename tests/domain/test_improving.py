"""Improvements: planned, begun, judged by their figures, watched for the problem coming back."""

from datetime import timedelta

import pytest

from derman.quality import improving, looking
from derman.quality.models import Improvement
from derman.quality.scope import Scope
from derman.words.learning import Caution, ImprovementState, Look, Verdict
from derman.words.rights import Role
from tests.factories import make_user, preset, published
from tests.learning import OTHER, START, TOPIC, about, each_day, fill, moment, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def quality():
    published()
    return make_user(Role.QUALITY)


def weeks(number: float):
    return START + timedelta(weeks=number)


def planned(by, *, cause=None, at=START, **more) -> Improvement:
    return improving.plan(said(by, **more), cause=cause, by=by, at=moment(at), profile=preset())


def work(improvement: Improvement, day) -> Improvement:
    """The worker on one day, early in the morning."""
    looking.settle(moment(day, 4), 100, profile=preset())
    improvement.refresh_from_db()
    return improvement


def happened(improvement: Improvement) -> list[str]:
    return list(improvement.events.order_by("id").values_list("type", flat=True))


def fewer(quality, *, before=4, after=1, long=30) -> Improvement:
    """An improvement after which there really are fewer complaints."""
    fill(each_day(before, weeks(-12), 12), **about(TOPIC))
    fill(each_day(after, START, long), **about(TOPIC))
    return planned(quality)


def test_an_improvement_waits_for_its_day(quality):
    one = planned(quality, at=weeks(-2))
    assert one.state == ImprovementState.PLANNED
    assert work(one, weeks(-1)).state == ImprovementState.PLANNED
    assert work(one, START).state == ImprovementState.RUNNING
    assert happened(one) == ["planned", "started"]
    assert not one.looks.exists()
    assert one.next_at == moment(weeks(8), 3)


def test_one_that_began_already_runs_at_once(quality):
    assert planned(quality, at=weeks(3)).state == ImprovementState.RUNNING


def test_it_is_effective_after_two_looks_that_say_so(quality):
    one = fewer(quality)
    work(one, weeks(8))
    first = one.looks.get()
    assert (first.look, first.verdict) == (Look.EFFECT, Verdict.IMPROVED)
    assert one.state == ImprovementState.RUNNING
    assert one.next_at == moment(weeks(12), 3)

    work(one, weeks(12))
    assert one.state == ImprovementState.EFFECTIVE
    assert one.effective_on == weeks(12)
    assert happened(one) == ["planned", "started", "effective"]
    assert one.events.last().details == {"look": one.looks.last().pk}


def test_a_look_at_something_else_confirms_nothing(quality):
    """Whoever may choose the topics after the first look must not find an effect by choosing."""
    one = fewer(quality)
    work(one, weeks(8))
    act = {"by": quality, "at": moment(weeks(9)), "profile": preset()}
    improving.change(one, said(quality, left_out={weeks(1): "Outage"}), **act)
    improving.change(one, said(quality, about=Scope((TOPIC, OTHER))), **act)
    work(one, weeks(12))
    assert one.looks.last().verdict == Verdict.IMPROVED
    assert one.state == ImprovementState.RUNNING
    assert work(one, weeks(16)).state == ImprovementState.EFFECTIVE


def test_a_day_left_out_does_not_put_off_what_two_looks_say(quality):
    one = fewer(quality)
    work(one, weeks(8))
    act = {"by": quality, "at": moment(weeks(9)), "profile": preset()}
    improving.change(one, said(quality, left_out={weeks(1): "Outage"}), **act)
    assert work(one, weeks(12)).state == ImprovementState.EFFECTIVE


def test_looks_of_staff_in_between_do_not_hasten_it(quality):
    one = fewer(quality)
    for day in (8, 9, 10):
        looking.look(one, by=quality, at=moment(weeks(day)), profile=preset())
    assert one.state == ImprovementState.RUNNING
    looking.look(one, by=quality, at=moment(weeks(12)), profile=preset())
    assert one.state == ImprovementState.EFFECTIVE
    assert one.looks.filter(by=quality).count() == 4


def test_a_look_that_says_otherwise_begins_the_count_anew(quality):
    one = fewer(quality)
    work(one, weeks(8))
    one.looks.update(verdict=Verdict.UNCLEAR)
    assert work(one, weeks(12)).state == ImprovementState.RUNNING
    assert work(one, weeks(16)).state == ImprovementState.EFFECTIVE


def test_without_an_effect_it_is_given_up(quality):
    one = fewer(quality, after=4)
    for week in (8, 12, 16, 20, 24):
        assert work(one, weeks(week)).state == ImprovementState.RUNNING
    assert work(one, weeks(28)).state == ImprovementState.NOT_EFFECTIVE
    assert one.next_at is None
    assert {look.verdict for look in one.looks.all()} == {Verdict.UNCLEAR}


def test_a_problem_that_comes_back_reopens_it(quality):
    one = fewer(quality, long=16)
    fill(each_day(4, weeks(16), 10), **about(TOPIC))
    for week in (8, 12, 16):
        work(one, weeks(week))
    assert one.state == ImprovementState.EFFECTIVE
    look = one.looks.last()
    assert (look.look, look.verdict) == (Look.RECURRENCE, Verdict.UNCLEAR)

    work(one, weeks(20))
    assert one.state == ImprovementState.REOPENED
    look = one.looks.last()
    assert (look.look, look.verdict) == (Look.RECURRENCE, Verdict.WORSE)
    assert look.figures["level"] == 0.99
    assert one.next_at is None
    assert happened(one)[-1] == "reopened"


def test_a_problem_that_stays_away_is_looked_at_for_good(quality):
    one = fewer(quality)
    for week in range(8, 30, 4):
        work(one, weeks(week))
    assert one.state == ImprovementState.EFFECTIVE
    assert one.looks.filter(look=Look.RECURRENCE, verdict=Verdict.UNCLEAR).count() == 4


def test_what_came_back_is_taken_up_again(quality):
    one = fewer(quality)
    Improvement.objects.filter(pk=one.pk).update(
        state=ImprovementState.REOPENED, effective_on=weeks(12), next_at=None
    )
    one.refresh_from_db()
    with pytest.raises(improving.CannotImprove):
        improving.take_up(one, START, by=quality, at=moment(weeks(20)), profile=preset())
    improving.take_up(one, weeks(22), by=quality, at=moment(weeks(20)), profile=preset())
    assert one.state == ImprovementState.PLANNED
    assert one.effective_on is None
    assert work(one, weeks(22)).state == ImprovementState.RUNNING
    assert one.next_at == moment(weeks(30), 3)


def test_what_runs_is_not_taken_up_again(quality):
    one = planned(quality)
    with pytest.raises(improving.CannotImprove):
        improving.take_up(one, weeks(1), by=quality, at=moment(START), profile=preset())


def test_looks_before_a_new_start_do_not_confirm(quality):
    one = fewer(quality)
    work(one, weeks(8))
    changed = said(quality, starts_on=START + timedelta(days=7), due_on=weeks(4))
    improving.change(one, changed, by=quality, at=moment(weeks(8)), profile=preset())
    assert one.next_at == moment(weeks(9), 3)
    work(one, weeks(12))
    assert one.state == ImprovementState.RUNNING


def test_the_comparison_group_and_left_out_days_are_used(quality):
    storm = {weeks(2) + timedelta(days=n): 60 for n in range(3)}
    fill({**each_day(4, weeks(-12), 12), **each_day(2, START, 8), **storm}, **about(TOPIC))
    fill(each_day(8, weeks(-12), 20), **about(OTHER))
    one = planned(
        quality, compared=Scope((OTHER,)), left_out=dict.fromkeys(storm, "Storm"),
    )  # fmt: skip
    work(one, weeks(8))
    figures = one.looks.get().figures
    assert figures["verdict"] == Verdict.IMPROVED
    assert figures["after"]["rate"] == pytest.approx(2.5, abs=0.1)
    assert figures["compared"][0]["rate"] == pytest.approx(8.5)
    assert sum(len(week["left_out"]) for week in figures["weeks"]) == 3


def test_a_season_of_every_year_is_no_effect(quality):
    fill(each_day(4, weeks(-12 - 52), 12), **about(TOPIC))
    fill(each_day(1, weeks(-52), 12), **about(TOPIC))
    one = fewer(quality)
    work(one, weeks(8))
    figures = one.looks.get().figures
    assert figures["verdict"] == Verdict.UNCLEAR
    assert Caution.FELL_LAST_YEAR in figures["cautions"]
    assert [round(span["rate"], 1) for span in figures["last_year"]] == [4.5, 1.5]


def test_a_rise_that_every_year_brings_does_not_reopen(quality):
    """The winter after the improvement is like the winter before it."""
    fill(each_day(1, weeks(-52), 18), **about(TOPIC))
    fill(each_day(4, weeks(18 - 52), 6), **about(TOPIC))
    one = fewer(quality, long=18)
    fill(each_day(4, weeks(18), 6), **about(TOPIC))
    Improvement.objects.update(
        effective_on=weeks(8), state="effective", next_at=moment(weeks(22), 3)
    )
    one.refresh_from_db()
    assert work(one, weeks(22)).state == ImprovementState.EFFECTIVE
    assert Caution.ROSE_LAST_YEAR in one.looks.get().figures["cautions"]


def test_few_complaints_say_nothing(quality):
    fill({weeks(-1): 2}, **about(TOPIC))
    one = work(planned(quality), weeks(8))
    look = one.looks.get()
    assert look.verdict == Verdict.TOO_FEW
    assert look.figures["cautions"] == [Caution.SMALL_NUMBERS]


def test_other_regions_and_kinds_do_not_count(quality):
    fill(each_day(4, weeks(-12), 20), region="merkez", **about(TOPIC))
    fill(each_day(9, weeks(-12), 20), region="other", **about(TOPIC))
    fill(each_day(9, weeks(-12), 20), region="merkez", kind="information", **about(TOPIC))
    one = work(planned(quality, about=Scope(("metering",), ("merkez",))), weeks(8))
    assert one.looks.get().figures["before"]["rate"] == pytest.approx(4.5)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"about": Scope(())}, "topics"),
        ({"due_on": START - timedelta(days=1)}, "due_on"),
        ({"compared": Scope((TOPIC,))}, "compared_topics"),
        ({"compared": Scope(("metering",))}, "compared_topics"),
        ({"about": Scope((TOPIC,), ("merkez",)), "compared": Scope((), ("merkez",))},
         "compared_regions"),
        ({"compared": Scope((), ("merkez",))}, "compared_regions"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(quality, more, field):
    with pytest.raises(improving.CannotImprove) as told:
        planned(quality, **more)
    assert told.value.field == field
    assert not Improvement.objects.exists()


def test_another_region_is_a_comparison_group(quality):
    planned(quality, about=Scope((TOPIC,), ("merkez",)), compared=Scope((), ("north",)))


def test_what_was_judged_is_not_measured_otherwise(quality):
    one = fewer(quality)
    for week in (8, 12):
        work(one, weeks(week))
    same = said(quality, title="Photograph and send", left_out={weeks(3): "Outage"})
    improving.change(one, same, by=quality, at=moment(weeks(13)), profile=preset())
    assert one.state == ImprovementState.EFFECTIVE
    with pytest.raises(improving.CannotImprove) as told:
        improving.change(
            one, said(quality, about=Scope((OTHER,))), by=quality, at=moment(weeks(13)),
            profile=preset(),
        )  # fmt: skip
    assert told.value.field == "starts_on"


def test_the_second_of_two_is_told(quality):
    one = planned(quality)
    other = Improvement.objects.get(pk=one.pk)
    improving.change(one, said(quality), by=quality, at=moment(START), profile=preset())
    with pytest.raises(improving.OldVersion):
        improving.change(other, said(quality), by=quality, at=moment(START), profile=preset())
    assert happened(one) == ["planned", "started", "changed"]


def test_two_workers_look_once(quality, monkeypatch):
    one = fewer(quality)
    settle = looking._settle

    def twice(improvement, at, profile):
        stale = Improvement.objects.get(pk=improvement.pk)
        settle(improvement, at, profile)
        settle(stale, at, profile)

    monkeypatch.setattr(looking, "_settle", twice)
    looking.settle(moment(weeks(8), 4), 100, profile=preset())
    assert one.looks.count() == 1


def test_nothing_due_is_one_query(quality, django_assert_num_queries):
    planned(quality)
    with django_assert_num_queries(1):
        assert looking.settle(moment(START), 100, profile=preset()) == 0


def test_a_look_costs_few_queries(quality, django_assert_max_num_queries):
    fewer(quality)
    with django_assert_max_num_queries(14):
        looking.settle(moment(weeks(8), 4), 100, profile=preset())
