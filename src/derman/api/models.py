"""Answers kept for repeats (`Idempotency-Key`), counts of calls, webhooks of other systems."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from derman.accounts.models import Token
from derman.cases.models import Case, Event
from derman.people.fields import SealedField
from derman.words.kinds import DeliveryState, OffReason
from derman.words.privacy import Category, Personal


class StoredAnswer(models.Model):
    """What a service user was answered under a key of its own choice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # of the request's body
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answer_once_a_key")]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "body": Personal(Category.CONTENT, export=False),
            "digest": Personal(Category.CONTENT, export=False),
        }
        plain = {"id", "user", "key", "case", "at"}


class Usage(models.Model):
    """How many calls a token made in a minute, over all processes (`api.limits`)."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+", db_index=False)
    minute = models.PositiveIntegerField()  # minutes since 1970
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "minute"], name="usage_once_a_minute")
        ]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "token", "minute", "calls"}


class Webhook(models.Model):
    """Another system's address that is told what happens to cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=80, unique=True)
    url = models.CharField(max_length=500)
    types = models.JSONField(default=list)  # the types of message wanted; empty means all
    secret = SealedField()  # signs; `whsec_` and Base64
    old_secret = SealedField(blank=True)  # signs beside it until `old_until`
    old_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    off_at = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=10, choices=[(r, r) for r in OffReason], blank=True)

    class Privacy:
        subject = ""
        personal = {"created_by": Personal(Category.STAFF, erase=None, export=False)}
        plain = {
            "id",
            "name",
            "url",
            "types",
            "secret",
            "old_secret",
            "old_until",
            "created_at",
            "off_at",
            "off_reason",
        }

    def __str__(self) -> str:
        return self.name

    def secrets_at(self, at: datetime) -> list[str]:
        """Those that sign at this moment; two for a day after a new one was made."""
        if self.old_until and at < self.old_until:
            return [self.secret, self.old_secret]
        return [self.secret]

    def wants(self, type_: str) -> bool:
        """Whether it is told messages of this type."""
        return not self.types or type_ in self.types


class Delivery(models.Model):
    """A message to one webhook; its id is the message's, by which the receiver knows a repeat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")  # none: a ping
    type = models.CharField(max_length=40)
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in DeliveryState], default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    error = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once_an_event")
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="delivery_waiting",
                condition=models.Q(state=DeliveryState.WAITING),
            ),
            models.Index(fields=["webhook", "-created_at"], name="delivery_of_webhook"),
        ]

    class Privacy:
        subject = "event__case__applicant"
        personal: dict[str, Personal] = {}
        plain = {
            "id",
            "webhook",
            "event",
            "type",
            "body",
            "created_at",
            "state",
            "attempts",
            "next_at",
            "status",
            "error",
            "ended_at",
        }
