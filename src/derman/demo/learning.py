"""What the demo has learnt: one root cause, and a change whose effect is measured."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import Count, Q

from derman.accounts.models import User
from derman.cases.models import Case
from derman.demo.teller import World
from derman.quality import causes, improving, looking
from derman.quality.models import RootCause
from derman.quality.scope import Scope
from derman.words.kinds import Kind
from derman.words.learning import CauseMethod
from derman.words.rights import Role

AGO = timedelta(weeks=7)  # when the change began, seen from the demo's today
WEEKS_BEFORE = 6
LEAST = 9  # complaints before, of a topic that is worth it
MOST = 60
A_WEEK = timedelta(weeks=1)


def write(world: World, random: Random) -> None:
    """Once: the topic whose complaints fell most since then, why they came, what was changed."""
    if RootCause.objects.exists():
        return
    began = world.hours.end - AGO
    topic = _topic_that_fell(began)
    if topic:
        by = world.cast.one(random, Role.QUALITY)
        _change(topic, _cause(topic, by, world), by, world)


def _topic_that_fell(began: datetime) -> str:
    """The main topic with many complaints before and the smallest share of them after."""
    complaints = Case.objects.filter(kind=Kind.COMPLAINT).values("main_topic")
    counted = complaints.annotate(
        before=Count("pk", filter=Q(received_at__lt=began)),
        after=Count("pk", filter=Q(received_at__gte=began)),
    )
    shares = {
        row["main_topic"]: row["after"] / row["before"] for row in counted if row["before"] >= LEAST
    }
    return min(shares, key=lambda topic: (shares[topic], topic), default="")


def _cause(topic: str, by: User, world: World) -> RootCause:
    said = world.texts.phrases["learning"]
    at = world.hours.end - AGO - A_WEEK
    found = Case.objects.filter(main_topic=topic, received_at__lt=at).order_by("-received_at")
    cause = causes.begin(
        Case.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:MOST])),
        title=said["cause"],
        method=CauseMethod.WHYS,
        query=f"view=all&topic={topic}",
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
    improving.plan(
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
