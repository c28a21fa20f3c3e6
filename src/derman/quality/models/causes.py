"""Why problems come back, what is changed about it, and whether that helped (rows T9, T11, P11)."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from derman.words.learning import (
    Bone,
    CauseMethod,
    CauseState,
    Happening,
    ImprovementState,
    Look,
    Verdict,
)
from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)


class RootCause(models.Model):
    """A search for why something happens again and again, over the cases that it was begun with.

    `query` is the list of the workbench that they came from, without any searched words. `topics`
    holds how many of the cases each topic had, so that the line of a list counts nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    method = models.CharField(max_length=10, choices=[(m, m) for m in CauseMethod])
    query = models.CharField(max_length=2000, blank=True)
    topics = models.JSONField(default=dict)
    cases = models.ManyToManyField("cases.Case", through="CauseCase", related_name="causes")
    category = models.CharField(max_length=60, blank=True)  # a key of the profile
    conclusion = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in CauseState], default=CauseState.OPEN
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cause_concluded_with_words",
                condition=Q(state=CauseState.OPEN)
                | (Q(concluded_at__isnull=False) & ~Q(conclusion="")),
            )
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="cause_by_time")]

    class Privacy:
        subject = ""
        personal = {"owner": STAFF, "made_by": STAFF, "concluded_by": STAFF}
        plain = {
            "id", "version", "title", "method", "query", "topics", "category", "conclusion",
            "state", "made_at", "concluded_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.title


class CauseCase(models.Model):
    """One of the cases that a search was begun with."""

    cause = models.ForeignKey(RootCause, models.CASCADE, db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause", "case"], name="cause_case_once")]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "cause", "case"}


class CauseStep(models.Model):
    """One answer to "why?", in order; or one cause on a side of the fishbone."""

    cause = models.ForeignKey(RootCause, models.CASCADE, related_name="steps", db_index=False)
    bone = models.CharField(max_length=12, choices=[(b, b) for b in Bone], blank=True)
    place = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "bone", "place"], name="cause_step_once")
        ]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "cause", "bone", "place", "text"}


class Improvement(models.Model):
    """A change that is to make complaints fewer, where and since when; and what came of it.

    `next_at` is when the figures are looked at next; `effective_on` the day from which on they are
    watched for the problem coming back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    cause = models.ForeignKey(RootCause, models.PROTECT, null=True, related_name="improvements")
    title = models.CharField(max_length=160)
    text = models.TextField()
    starts_on = models.DateField()
    due_on = models.DateField()
    weeks_before = models.PositiveSmallIntegerField()
    accounts_before = models.PositiveIntegerField(null=True)
    accounts_after = models.PositiveIntegerField(null=True)
    state = models.CharField(
        max_length=14, choices=[(s, s) for s in ImprovementState], default=ImprovementState.PLANNED
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    next_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="improvement_accounts_both_or_none",
                condition=Q(accounts_before=None, accounts_after=None)
                | Q(accounts_before__gt=0, accounts_after__gt=0),
            ),
            models.CheckConstraint(
                name="improvement_effective_since",
                condition=~Q(state=ImprovementState.EFFECTIVE) | Q(effective_on__isnull=False),
            ),
            models.CheckConstraint(
                name="improvement_in_order", condition=Q(due_on__gte=F("starts_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="improvement_by_time"),
            models.Index(
                fields=["next_at", "id"],
                name="improvement_due",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["owner"],
                name="improvement_reopened",
                condition=Q(state="reopened"),
            ),
        ]

    class Privacy:
        subject = ""
        personal = {"owner": STAFF, "made_by": STAFF}
        plain = {
            "id", "version", "cause", "title", "text", "starts_on", "due_on", "weeks_before",
            "accounts_before", "accounts_after", "state", "made_at", "next_at", "effective_on",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def measured_from(self) -> date:
        """The first day of the weeks before the start that are compared."""
        return self.starts_on - timedelta(weeks=self.weeks_before)


class ImprovementTopic(models.Model):
    """A topic, main or sub, that the improvement is about, or with which it is compared."""

    improvement = models.ForeignKey(
        Improvement, models.CASCADE, related_name="topics", db_index=False
    )
    topic = models.CharField(max_length=60)
    is_compared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["improvement", "topic", "is_compared"], name="improvement_topic_once"
            )
        ]
        indexes = [models.Index(fields=["topic"], name="improvement_by_topic")]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "improvement", "topic", "is_compared"}


class ImprovementRegion(models.Model):
    """A region that the improvement is about, or with which it is compared; none means all."""

    improvement = models.ForeignKey(
        Improvement, models.CASCADE, related_name="regions", db_index=False
    )
    region = models.CharField(max_length=60)
    is_compared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["improvement", "region", "is_compared"], name="improvement_region_once"
            )
        ]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "improvement", "region", "is_compared"}


class LeftOutDay(models.Model):
    """A day that says nothing about the improvement, as one of an outage, and why."""

    improvement = models.ForeignKey(
        Improvement, models.CASCADE, related_name="left_out", db_index=False
    )
    day = models.DateField()
    reason = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["improvement", "day"], name="left_out_day_once")
        ]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "improvement", "day", "reason"}


class ImprovementLook(models.Model):
    """One look at the figures: what was compared and what they said. Never changed.

    `figures` is the effect as `quality.figures` writes it: numbers, days and keys only.
    """

    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="looks")
    look = models.CharField(max_length=12, choices=[(one, one) for one in Look])
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=10, choices=[(v, v) for v in Verdict])
    figures = models.JSONField()

    class Privacy:
        subject = ""
        personal = {"by": STAFF}
        plain = {"id", "improvement", "look", "at", "verdict", "figures"}


class ImprovementEvent(models.Model):
    """A fact in the history of an improvement. Written once, never changed; keys only."""

    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="events")
    type = models.CharField(max_length=14, choices=[(h, h) for h in Happening])
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict)

    class Privacy:
        subject = ""
        personal = {"by": STAFF}
        plain = {"id", "improvement", "type", "at", "details"}
