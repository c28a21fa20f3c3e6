"""Loading the demo: the same for every seed, on every day, once, and on after a break."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.db import transaction

from derman.accounts.models import User
from derman.cases.models import Case, Dispatch
from derman.cli import demo as command
from derman.cli import derman
from derman.demo import customers, loading, planning, texts
from derman.demo.customers import Names
from derman.demo.hours import Hours
from derman.demo.loading import Demo
from derman.demo.plots import FULL
from derman.demo.speaking import Crowd
from derman.profile.publishing import Published
from derman.words.life import State
from tests import factories

MONDAY = date(2026, 3, 2)
AFTER_A_FEAST = date(2026, 3, 23)  # four days and a half without an office
SMALL = {"customers": 60, "cases": 80}


@pytest.fixture
def published(db: None, monkeypatch: pytest.MonkeyPatch) -> Published:
    monkeypatch.setattr(loading, "PAUSE", 0)  # nobody else waits to write
    return factories.published()


def make(published: Published, *, today: date = MONDAY) -> None:
    """Load a small demo."""
    for _ in Demo(texts.read("gas"), published, seed=7, today=today).load(**SMALL):
        pass


def story_of_everything() -> list[object]:
    """What two loads of the same seed have in common."""
    cases = Case.objects.select_related("applicant", "owner_user").order_by("number")
    return [
        (
            (case.number, case.follow_key, case.state, case.topic, case.description),
            (case.applicant.name, case.account_number, str(case.owner_user), case.due_at),
            [(event.type, event.at, str(event.by)) for event in case.events.order_by("id")],
        )
        for case in cases
    ]


def test_a_day_after_many_without_work_will_do(published):
    make(published, today=AFTER_A_FEAST)

    assert set(Case.objects.values_list("state", flat=True)) == set(State)


def plan(today: date, seed: int) -> list[planning.Planned]:
    """The full demo as it is planned; the database is not needed."""
    profile, said = factories.preset(), texts.read("gas")
    regions = dict.fromkeys(profile.organisation.regions, "Merkez")
    people = customers.plan(400, Names(said.people, regions, Random(seed)))
    assert len(people.persons) == 400
    return planning.plan(300, Crowd(said, profile, people), Hours(profile, today), Random(seed))


@pytest.mark.parametrize("today", [MONDAY + timedelta(days=n) for n in (0, 5, 20, 30)])
def test_the_full_demo_uses_every_topic_channel_and_text(today):
    profile, said = factories.preset(), texts.read("gas")

    planned = [one.beginning for one in plan(today, 153)]

    assert len(planned) == FULL == 300
    assert {one.entry.topic for one in planned} == set(profile.leaves())
    assert {one.entry for one in planned} >= set(said.entries)
    enabled = {channel for channel, setting in profile.channels.items() if setting.enabled}
    assert {one.submission.channel for one in planned} == enabled
    assert sum(one.entry.special for one in planned) == 2
    end = Hours(profile, today).end
    assert all(end - timedelta(days=95) < one.at < end for one in planned)


def test_another_seed_gives_another_demo():
    one, other = ([p.beginning for p in plan(MONDAY, seed)] for seed in (1, 2))

    assert not {b.at for b in one} & {b.at for b in other}


# The command


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(command, "CUSTOMERS", SMALL["customers"])
    monkeypatch.setattr(command, "CASES", SMALL["cases"])
    yield
    unfinished().unlink(missing_ok=True)


def unfinished() -> Path:
    return Path(settings.DATA) / command.UNFINISHED


def run(*arguments: str) -> Result:
    return CliRunner().invoke(derman, ["demo", "load", *arguments])


def test_loading_again_changes_nothing(published, small):
    mine = factories.make_case()
    first = run("--today", "2026-03-02")
    before = story_of_everything()
    second = run("--today", "2026-03-09", "--seed", "9")

    assert first.exit_code == second.exit_code == 0
    assert "derman-demo" in first.output
    assert "loaded already" in second.output
    assert story_of_everything() == before
    assert not unfinished().exists()
    assert {row.event.case_id for row in Dispatch.objects.select_related("event")} == {mine.pk}


def test_the_same_seed_and_day_give_the_same_demo_also_after_a_break(published, small, monkeypatch):
    with transaction.atomic():
        run("--today", "2026-03-02")
        whole = story_of_everything()
        transaction.set_rollback(True)
    load = Demo.load

    def stops(self: Demo, **size: int) -> Iterator[None]:
        for done, _ in enumerate(load(self, **size)):
            if done == 20:
                raise KeyboardInterrupt
            yield

    with monkeypatch.context() as patch:
        patch.setattr(Demo, "load", stops)
        run("--today", "2026-03-02")
    assert 0 < Case.objects.count() < SMALL["cases"]

    result = run("--today", "2026-03-05")  # the day it began on counts

    assert result.exit_code == 0, result.output
    assert story_of_everything() == whole


def test_an_organisation_without_demo_texts_is_refused_in_one_line(db):
    factories.published(factories.preset().model_copy(update={"key": "circus"}))

    result = run()

    assert result.exit_code == 1
    assert result.output.strip() == "derman: There are no demo cases for circus yet."
    assert not User.objects.exists()


def test_a_day_that_is_none_is_a_mistake_in_use(published):
    assert run("--today", "yesterday").exit_code == 2


def test_the_clock_says_the_day_when_nobody_does(published, small, monkeypatch):
    days = []
    monkeypatch.setattr(Demo, "load", lambda self, **size: iter([days.append(self.today)]))

    assert run().exit_code == 0
    assert abs(days[0] - datetime.now(UTC).date()) <= timedelta(days=1)
