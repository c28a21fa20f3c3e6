"""What the demo has learnt: one root cause, and a change whose effect is measured."""

from datetime import timedelta
from random import Random

from django.db.models import Q, QuerySet

from derman.accounts.models import User
from derman.cases.models import Case
from derman.demo import planning
from derman.demo.teller import World
from derman.quality import causes, improving, looking
from derman.quality.models import RootCause
from derman.quality.scope import Scope
from derman.words.kinds import Kind
from derman.words.learning import CauseMethod
from derman.words.rights import Role

AGO = planning.IMPROVED_AGO  # when the change began, seen from the demo's today
WEEKS_BEFORE = 6
MOST = 60
A_WEEK = timedelta(weeks=1)


def write(world: World, random: Random) -> None:
    """Once: why the complaints about one topic came, what was changed, and what they did then."""
    topic = planning.studied(world.texts, world.published.profile)
    before = Q(received_at__lt=world.hours.end - AGO - A_WEEK)
    cases = Case.objects.filter(before, kind=Kind.COMPLAINT, main_topic=topic)
    if cases.exists() and not RootCause.objects.exists():
        by = world.cast.one(random, Role.QUALITY)
        _change(topic, _cause(topic, cases, by, world), by, world)


def _cause(topic: str, cases: QuerySet[Case], by: User, world: World) -> RootCause:
    said = world.texts.phrases["learning"]
    at = world.hours.end - AGO - A_WEEK
    newest = cases.order_by("-received_at", "id").values_list("pk", flat=True)
    cause = causes.begin(
        Case.objects.filter(pk__in=list(newest[:MOST])),
        title=said["cause"],
        method=CauseMethod.WHYS,
        query=f"view=all&topic={topic}&kind={Kind.COMPLAINT}",
        owner=by,
        by=by,
        at=at,
    )
    causes.keep(cause, causes.Found({"": said["whys"]}))
    category = next(iter(world.published.profile.learning.categories), "")
    causes.conclude(cause, causes.Found(None, category, said["conclusion"]), by=by, at=at)
    return cause


def _change(topic: str, cause: RootCause, by: User, world: World) -> None:
    said, profile = world.texts.phrases["learning"], world.published.profile
    starts_on = world.hours.day_of(world.hours.end - AGO)
    planned = improving.plan(
        improving.Said(
            title=said["improvement"],
            text=said["change"],
            starts_on=starts_on,
            due_on=starts_on + A_WEEK,
            owner=by,
            about=Scope((topic,)),
            weeks_before=WEEKS_BEFORE,
        ),
        cause=cause,
        by=by,
        at=world.hours.end - AGO - A_WEEK,
        profile=profile,
    )
    at = world.hours.end - AGO
    while at <= world.hours.end:  # as the worker would have looked
        looking.settle(at + timedelta(hours=6), 1, profile=profile)
        at += A_WEEK
    planned.refresh_from_db()
    looking.look(planned, by=by, at=world.hours.end, profile=profile)
