"""What is watched over a case: escalations, links to other cases, the check when it ends."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.words.loop import LinkKind, Trigger
from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)


class Escalation(models.Model):
    """A level that fired once: by a clock that it watches, or by something that happened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="escalations")
    cycle = models.PositiveSmallIntegerField(default=1)
    clock = models.ForeignKey("cases.Clock", models.PROTECT, null=True, related_name="escalations")
    level = models.CharField(max_length=60)  # a key of the profile's levels
    trigger = models.CharField(max_length=16, choices=[(t, t) for t in Trigger], blank=True)
    role = models.CharField(max_length=16, blank=True)  # to whom: a role, …
    unit = models.CharField(max_length=60, blank=True)  # … in this unit, or a whole unit
    at = models.DateTimeField()
    details = models.JSONField(default=dict)  # what it rests on: numbers and keys
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level"],
                name="escalation_once_a_clock",
                condition=Q(clock__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case", "cycle", "level"],
                name="escalation_once_a_cycle",
                condition=Q(clock=None),
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="escalation_of_case"),
            models.Index(fields=["-at", "id"], name="escalation_unseen", condition=Q(seen_at=None)),
            models.Index(fields=["-at", "id"], name="escalation_by_time"),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {"seen_by": STAFF}
        plain = {
            "id", "case", "cycle", "clock", "level", "trigger", "role", "unit", "at", "details",
            "seen_at",
        }  # fmt: skip


class Link(models.Model):
    """What `other` is to `case`. A duplicate is merged into `other`, and can be parted again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="links")
    other = models.ForeignKey("cases.Case", models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in LinkKind])
    reasons = models.JSONField(default=list)  # of a repeat: same account, same topic, …
    likeness = models.FloatField(null=True)  # of two texts, from 0 to 1
    before = models.JSONField(default=dict)  # what undoing a merge restores: keys and moments
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "other", "kind"], name="link_once", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(name="link_to_another", condition=~Q(case=models.F("other"))),
        ]
        indexes = [
            models.Index(fields=["case"], name="link_of_case"),
            models.Index(fields=["other"], name="link_to_case"),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {"made_by": STAFF, "ended_by": STAFF}
        plain = {
            "id", "case", "other", "kind", "reasons", "likeness", "before", "made_at", "ended_at",
        }  # fmt: skip


class Check(models.Model):
    """How a cycle kept to the rules when it was concluded: ticks or reasons (row E12)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="checks")
    cycle = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    passed = models.BooleanField()
    findings = models.JSONField(default=dict)  # rule: "" when kept, else the key of the reason

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "cycle"], name="check_once_a_cycle")]
        indexes = [models.Index(fields=["passed", "-at"], name="check_by_result")]

    class Privacy:
        subject = "case__applicant"
        personal: dict[str, Personal] = {}
        plain = {"id", "case", "cycle", "at", "passed", "findings"}
