"""The story that events tell of a case ends where the case is, whatever was done to it."""

from datetime import timedelta
from random import Random

import pytest

from derman.cases import actions
from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.reports import case_map
from derman.words.kinds import OPEN_TASK_STATES, ClosingReason, ContactOutcome, Decision
from derman.words.life import State
from tests.factories import MONDAY, make_case, make_user, preset, published

pytestmark = pytest.mark.django_db
UNITS = ("metering", "billing", "network")


class Walk:
    """Random verbs on one case, each a while after the one before."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.by = make_user("supervisor")
        self.at = MONDAY
        self.case = make_case()
        self.other = make_case()

    def step(self) -> None:
        self.at += timedelta(seconds=self.random.randrange(1, 200_000))
        self.case = Case.objects.get(pk=self.case.pk)
        verb = self.random.choice(
            [self.take, self.refer, self.refer, self.start, self.answer, self.answer,
             self.send_back, self.take_back, self.ask, self.hear, self.conclude, self.conclude,
             self.reopen, self.end, self.merge, self.unmerge]
        )  # fmt: skip
        try:
            verb({"by": self.by, "at": self.at, "profile": published()})
        except CannotDo:
            return

    def task(self):
        open_ = list(self.case.tasks.filter(state__in=OPEN_TASK_STATES).order_by("pk"))
        if not open_:
            raise CannotDo("There is none.")
        found = self.random.choice(open_)
        found.case = self.case
        return found

    def take(self, act):
        actions.take(self.case, **act)

    def refer(self, act):
        actions.refer(self.case, self.random.choice(UNITS), **act)

    def start(self, act):
        actions.start_task(self.task(), **act)

    def answer(self, act):
        actions.answer_task(self.task(), "Doğru.", **act)

    def send_back(self, act):
        actions.send_back(self.task(), "Bizde değil.", **act)

    def take_back(self, act):
        actions.take_back(self.case, **act)

    def ask(self, act):
        actions.ask(self.case, "Endeks kaç?", **act)

    def hear(self, act):
        actions.hear(self.case, "4312.", **act)

    def conclude(self, act):
        reached = ContactOutcome.REACHED
        if self.case.state in (State.ANSWERED, State.RESOLVED):
            actions.contact(self.case, channel="phone", outcome=reached, **act)
        if self.case.state == State.RESOLVED:
            actions.close(self.case, **act)
        elif self.case.state != State.CLOSED:
            actions.outcome(self.case, Decision.NOT_JUSTIFIED, "Doğru okunmuş.", **act)

    def reopen(self, act):
        actions.reopen(self.case, "Yeni bilgi.", **act)

    def end(self, act):
        if self.random.random() < 0.2:
            actions.close_early(self.case, ClosingReason.WITHDRAWN, **act)

    def merge(self, act):
        actions.merge(self.case, self.other, **act)

    def unmerge(self, act):
        actions.unmerge(self.case, **act)


@pytest.mark.parametrize("seed", range(12))
def test_the_story_ends_where_the_case_is(seed):
    walk = Walk(seed)
    for _turn in range(25):
        walk.step()
        case = Case.objects.get(pk=walk.case.pk)
        now = walk.at + timedelta(hours=1)
        told = case_map.of_case(case, preset(), now)

        assert sum((row.total for row in told.rows), timedelta()) == told.age
        if case.state == State.CLOSED:
            assert told.ends == case.closed_at.replace(microsecond=0)
            continue
        assert told.stays[-1].place.state == case.state
        owed = case.tasks.filter(state__in=OPEN_TASK_STATES).values_list("unit", flat=True)
        if case.state == State.REFERRED:
            assert set(told.stays[-1].place.units) == set(owed)
