"""Loading the demo: staff and customers first, then a few cases at a time, silently."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from django.db import transaction

from derman.cases.models import Case, Dispatch
from derman.demo import acts, articles, customers, learning, planning, staff
from derman.demo.customers import Names, People
from derman.demo.hours import Hours
from derman.demo.planning import Planned
from derman.demo.speaking import Crowd
from derman.demo.story import Story
from derman.demo.teller import World
from derman.demo.texts import Texts
from derman.lib.identifiers import new_number
from derman.people import notices
from derman.profile.publishing import Published
from derman.reports import rollup
from derman.words.kinds import Channel, Language
from derman.words.rights import Role

BEFORE = timedelta(days=100)  # staff and notices are older than every case
# SQLite has one writer, and others want to write too: one case in a transaction, then a moment.
AT_A_TIME = 1
PAUSE = 0.03  # seconds


@dataclass(frozen=True)
class Demo:
    """One organisation's demo, as seed and day make it."""

    texts: Texts
    published: Published
    seed: int
    today: date

    def load(self, *, customers: int, cases: int) -> Iterator[None]:
        """Write what is missing; yields after every case."""
        world, crowd = self._settle(customers)
        planned = planning.plan(cases, crowd, world.hours, self._random("plan"))
        shown = self._notices(world.hours)
        for start in range(0, len(planned), AT_A_TIME):
            batch = planned[start : start + AT_A_TIME]
            with transaction.atomic():
                told = [self._tell(one, world, shown) for one in batch]
                _hush([case for case in told if case])
            time.sleep(PAUSE)
            yield from (None for _ in batch)
        with transaction.atomic():
            learning.write(world, self._random("learning"))

    def _settle(self, count: int) -> tuple[World, Crowd]:
        """Staff and customers, and what everybody knows."""
        profile = self.published.profile
        hours = Hours(profile, self.today)
        domain = profile.organisation.email.partition("@")[2]
        cast = staff.hire(self.texts.staff, domain=domain, at=hours.end - BEFORE)
        articles.write(
            self.texts.articles,
            language=profile.organisation.language,
            by=cast.one(self._random("articles"), Role.QUALITY),
            at=hours.end - BEFORE,
        )
        people = self._people(count)
        customers.add(people, self._random("rows"), at=hours.end - BEFORE)
        world = World(self.texts, self.published, hours, cast)
        return world, Crowd(self.texts, profile, people)

    def _people(self, count: int) -> People:
        organisation = self.published.profile.organisation
        regions = {
            key: region.label[organisation.language] for key, region in organisation.regions.items()
        }
        return customers.plan(count, Names(self.texts.people, regions, self._random("people")))

    def _notices(self, hours: Hours) -> dict[Language, int]:
        """The privacy notice that people on the web were shown."""
        profile = self.published.profile
        return {
            language: notices.shown(profile, language, at=hours.end - BEFORE).pk
            for language in profile.organisation.languages
        }

    def _tell(self, planned: Planned, world: World, shown: dict[Language, int]) -> Case | None:
        """The whole history of one case; None when it is there already."""
        number = new_number(self._random(f"number {planned.index}"))
        if Case.objects.filter(number=number).exists():
            return None
        random = self._random(f"story {planned.index}")
        story = Story(world, planned.beginning, random=random)
        said = planned.beginning.submission
        if said.channel == Channel.WEB:
            said = replace(said, notice_id=shown[said.language])
        begin = story.open_and_answer if planned.plot.at_once else story.open
        begin(said, self._random(f"number {planned.index}"))
        for step in planned.plot.steps:
            step(story)
        story.call_the_dissatisfied()
        acts.carry_out(story)
        story.check_effects()
        story.pass_until(world.hours.end)
        story.fall_silent()
        story.look_at_escalations()
        return story.case

    def _random(self, purpose: str) -> Random:
        """Chance of its own for every purpose, so that one case does not shift the others."""
        return Random(f"{self.seed} {purpose}")  # noqa: S311  (a demo is meant to be repeatable)


def _hush(cases: Sequence[Case]) -> None:
    """Let nobody be told of this history, and count it as the worker would have."""
    targets = [case.merged_into_id for case in cases if case.merged_into_id]
    waiting = Dispatch.objects.filter(event__case__in=[*(case.pk for case in cases), *targets])
    rollup.count_events(
        [row.event for row in waiting.select_related("event__case").order_by("event")]
    )
    waiting.delete()
