"""What is done on a case: tasks, clocks, contacts, outcomes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.words.kinds import (
    OPEN_TASK_STATES,
    ClockKind,
    ClockState,
    ContactOutcome,
    Decision,
    TaskState,
)
from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)


class Task(models.Model):
    """A question to a unit, which owes an answer. Answering it never closes the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="tasks")
    cycle = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=60)
    question = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in TaskState], default=TaskState.OPEN
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)  # or sent back, or cancelled
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answer = models.TextField(blank=True)  # or why it was sent back

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="task_of_case"),
            models.Index(
                fields=["unit", "due_at", "id", "case"],
                name="task_open_by_unit",
                condition=Q(state__in=list(OPEN_TASK_STATES)),
            ),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "question": Personal(Category.CONTENT),
            "answer": Personal(Category.CONTENT),
            "asked_by": STAFF,
            "started_by": STAFF,
            "answered_by": STAFF,
        }
        plain = {
            "id",
            "case",
            "cycle",
            "unit",
            "state",
            "asked_at",
            "due_at",
            "started_at",
            "answered_at",
        }

    @property
    def is_open(self) -> bool:
        """Whether the unit still owes its answer."""
        return self.state in OPEN_TASK_STATES


class Clock(models.Model):
    """A time that something is due, with the derivation that explains it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="clocks")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="clocks")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ClockKind])
    cycle = models.PositiveSmallIntegerField(default=1)
    budget = models.CharField(max_length=40)  # "" where a person named the date
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ClockState], default=ClockState.RUNNING
    )
    pauses = models.JSONField(default=list)  # [[from, until], …] ISO moments; until null: paused
    stopped_at = models.DateTimeField(null=True)
    derivation = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)  # when the worker has to look at it next
    level = models.PositiveSmallIntegerField(default=0)  # how many escalation levels have fired
    reckoned_with = models.CharField(max_length=16, blank=True)  # `levels.stamp` of the profile

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="clock_of_case"),
            models.Index(
                fields=["next_at", "id"],
                name="clock_to_look_at",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["due_at", "id"], name="clock_running_by_due", condition=Q(state="running")
            ),
            models.Index(
                fields=["reckoned_with"], name="clock_by_levels", condition=Q(state="running")
            ),
            models.Index(
                fields=["-stopped_at", "-id", "state", "case"],
                name="clock_promise_ended",
                condition=Q(kind="promise", stopped_at__isnull=False),
            ),
        ]

    class Privacy:
        subject = "case__applicant"
        personal: dict[str, Personal] = {}
        plain = {
            "id",
            "case",
            "task",
            "kind",
            "cycle",
            "budget",
            "started_at",
            "due_at",
            "state",
            "pauses",
            "stopped_at",
            "derivation",
            "next_at",
            "level",
            "reckoned_with",
        }


class Contact(models.Model):
    """Proof of an attempt to reach the applicant: when, how, with what outcome (row E3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="contacts")
    cycle = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=12)
    outcome = models.CharField(max_length=14, choices=[(o, o) for o in ContactOutcome])
    concludes = models.BooleanField(default=False)  # told the result, not an interim word
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case"], name="contact_of_case")]

    class Privacy:
        subject = "case__applicant"
        personal = {"note": Personal(Category.CONTENT), "by": STAFF}
        plain = {"id", "case", "cycle", "channel", "outcome", "concludes", "at"}


class Outcome(models.Model):
    """What was decided in a cycle, and the words in which the applicant was told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="outcomes")
    cycle = models.PositiveSmallIntegerField(default=1)
    decision = models.CharField(max_length=16, choices=[(d, d) for d in Decision])
    reason_code = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    evidence = models.TextField(blank=True)  # what the decision rests on; staff only
    compensation = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "cycle"], name="outcome_once_a_cycle")
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "text": Personal(Category.CONTENT),
            "evidence": Personal(Category.CONTENT, export=False),
            "approved_by": STAFF,
            "by": STAFF,
        }
        plain = {"id", "case", "cycle", "decision", "reason_code", "compensation", "at"}


class CaseTag(models.Model):
    """A word that staff put on a case; a key of the profile's tags."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="tags", db_index=False)
    tag = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="tag_once_a_case")]
        indexes = [models.Index(fields=["tag", "case"], name="tag_by_key")]

    class Privacy:
        subject = "case__applicant"
        personal = {"by": STAFF}
        plain = {"id", "case", "tag", "at"}
