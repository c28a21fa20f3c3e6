"""Messages on their way, and whether sending is paused."""

import re
import uuid

from django.db import models
from django.db.models import Q

from derman.cases.models import Case, Event
from derman.people.fields import IndexField, SealedField
from derman.profile.models import ProfileVersion
from derman.words.kinds import Language, MessageState
from derman.words.privacy import Category, Personal

TOKEN = re.compile(r"/(track|not-mine|offer|survey)/[\w.-]{20,}/")  # of a single-use link
CODE = "code"  # the notice of a one-time code, which follows from no event
WAITING = Q(state__in=[MessageState.QUEUED, MessageState.CLAIMED])


class Message(models.Model):
    """One text to one address by one wire. Its id is the reference we give the provider.

    The body is sealed like the address: it may hold a one-time code or a single-use link, and a
    copy of the database must not hold a usable one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="messages")
    notice = models.CharField(max_length=80)  # which notice of the table ("opened.0"), or "code"
    recipient = models.CharField(max_length=60)  # "applicant", "unit:…", "user:…", "former:…"
    template = models.CharField(max_length=60)
    profile = models.ForeignKey(ProfileVersion, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)  # the wire: sms or email
    language = models.CharField(max_length=2, choices=[(v, v) for v in Language])
    address = SealedField(blank=True)
    address_index = IndexField(of="address")
    subject = models.CharField(max_length=200, blank=True)
    body = SealedField(blank=True)
    parts = models.PositiveSmallIntegerField(default=0)  # SMS parts, 0 for e-mail
    urgent = models.BooleanField(default=False)
    concludes = models.BooleanField(default=False)
    acknowledges = models.BooleanField(default=False)

    state = models.CharField(
        max_length=10, choices=[(s, s) for s in MessageState], default=MessageState.QUEUED
    )
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # after this nobody wants to read it
    claim = models.UUIDField(null=True)  # whose round has it, until `lease_until`
    lease_until = models.DateTimeField(null=True)
    calling_at = models.DateTimeField(null=True)  # set before the provider is called
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)  # when a provider accepted it
    delivered_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "notice", "recipient", "channel"], name="message_said_once"
            )
        ]
        indexes = [
            models.Index(fields=["case"], name="message_of_case"),
            models.Index(
                fields=["-urgent", "next_at", "id"], name="message_waiting", condition=WAITING
            ),
            models.Index(fields=["state", "-queued_at", "-id"], name="message_by_state"),
            models.Index(fields=["-queued_at", "-id"], name="message_by_time"),
            models.Index(fields=["provider_ref"], name="message_by_reference"),
            models.Index(fields=["address_index"], name="message_by_address"),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "address": Personal(Category.CONTACT),
            "address_index": Personal(Category.CONTACT, export=False),
            "subject": Personal(Category.CONTENT),
            "body": Personal(Category.CONTENT),
            "error": Personal(Category.TECHNICAL, export=False),
        }
        plain = {
            "id",
            "case",
            "event",
            "notice",
            "recipient",
            "template",
            "profile",
            "channel",
            "language",
            "parts",
            "urgent",
            "concludes",
            "acknowledges",
            "state",
            "queued_at",
            "next_at",
            "expires_at",
            "claim",
            "lease_until",
            "calling_at",
            "attempts",
            "sent_at",
            "delivered_at",
            "provider_ref",
        }

    @property
    def is_secret(self) -> bool:
        """Whether the text holds a one-time code, which no page of ours shows."""
        return self.notice == CODE

    @property
    def shown_body(self) -> str:
        """The text as staff may see it: a link by which its reader sees or answers is cut short."""
        return "" if self.is_secret else TOKEN.sub(r"/\1/…/", self.body)


class Switch(models.Model):
    """Whether sending is paused, one row: set by `derman outbox pause` and by a restore."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    paused_at = models.DateTimeField(null=True)

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "paused_at"}
