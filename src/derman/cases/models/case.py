"""The case and the facts of its history."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.cases.querysets import CaseQuerySet
from derman.people.models import Account, Customer, NoticeVersion
from derman.profile.models import ProfileVersion
from derman.words.events import EventType
from derman.words.kinds import (
    Channel,
    ClosingReason,
    Decision,
    Kind,
    Language,
    Priority,
    Relation,
    ReplyChannel,
)
from derman.words.life import OPEN_STATES, State
from derman.words.privacy import Category, Personal

OPEN = Q(state__in=list(OPEN_STATES))


def _choices(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


class Case(models.Model):
    """One başvuru: what one person told us once, and everything that followed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=12, unique=True)
    follow_key = models.CharField(max_length=4)
    reference = models.CharField(max_length=60, null=True, unique=True)  # in another system
    version = models.PositiveIntegerField(default=1)
    profile = models.ForeignKey(ProfileVersion, models.PROTECT, related_name="+")

    kind = models.CharField(max_length=12, choices=_choices(Kind))
    channel = models.CharField(max_length=12, choices=_choices(Channel))
    main_topic = models.CharField(max_length=60)
    topic = models.CharField(max_length=60)
    region = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=400, blank=True)
    description = models.TextField()
    proposal = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=_choices(Language))

    applicant = models.ForeignKey(Customer, models.PROTECT, related_name="spoken_cases")
    relation = models.CharField(max_length=16, choices=_choices(Relation), blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="cases")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="cases")
    account_number = models.CharField(max_length=40, blank=True)  # as given, known or not
    reply_channel = models.CharField(max_length=8, choices=_choices(ReplyChannel), blank=True)
    secret_reporter = models.BooleanField(default=False)
    notice = models.ForeignKey(NoticeVersion, models.PROTECT, null=True, related_name="+")

    state = models.CharField(max_length=20, choices=_choices(State), default=State.RECEIVED)
    state_since = models.DateTimeField()
    priority = models.CharField(max_length=10, choices=_choices(Priority), default=Priority.NORMAL)
    unit = models.CharField(max_length=60, blank=True)  # proposed by the topic, then the last asked
    owner_unit = models.CharField(max_length=60)
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="owned_cases"
    )
    inform_unit = models.CharField(max_length=60, blank=True)  # who owes the applicant a call
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    office = models.CharField(max_length=60, blank=True)  # where it was taken in, if in one

    received_at = models.DateTimeField()
    due_at = models.DateTimeField()  # of the resolve clock, as last reckoned
    acknowledge_due_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    silent_at = models.DateTimeField(null=True)  # when the applicant's silence counts
    watch_at = models.DateTimeField(null=True)  # when the worker asks whether anything happens
    snoozed_until = models.DateTimeField(null=True)  # laid aside; no clock stops for it
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    cycle = models.PositiveSmallIntegerField(default=1)
    decision = models.CharField(max_length=16, choices=_choices(Decision), blank=True)
    closing_reason = models.CharField(max_length=20, choices=_choices(ClosingReason), blank=True)
    first_contact = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="merged_cases"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_resolved_at_goes_with_state",
                condition=Q(state=State.RESOLVED, resolved_at__isnull=False)
                | Q(state=State.CLOSED)
                | (OPEN & Q(resolved_at=None)),
            ),
            models.CheckConstraint(
                name="case_closed_with_moment_and_reason",
                condition=(Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(closing_reason=""))
                | (~Q(state=State.CLOSED) & Q(closed_at=None, closing_reason="")),
            ),
            models.CheckConstraint(
                name="case_concluded_with_decision",
                condition=OPEN | ~Q(decision=""),
            ),
            models.CheckConstraint(
                name="case_waits_with_a_limit",
                condition=~Q(state=State.AWAITING_APPLICANT) | Q(silent_at__isnull=False),
            ),
        ]
        indexes = [
            # With what rights and views ask for, so that a count reads the index alone.
            models.Index(
                fields=[
                    "due_at",
                    "id",
                    "state",
                    "owner_unit",
                    "inform_unit",
                    "unit",
                    "taken_by",
                    "snoozed_until",
                ],
                name="case_open_by_due",
                condition=OPEN,
            ),
            models.Index(
                fields=["promised_at", "id"],
                name="case_open_by_promise",
                condition=OPEN & Q(promised_at__isnull=False),
            ),
            models.Index(
                fields=["owner_user", "due_at", "id"], name="case_open_by_user", condition=OPEN
            ),
            models.Index(
                fields=["owner_unit", "due_at", "id"], name="case_open_by_owner", condition=OPEN
            ),
            models.Index(
                fields=["due_at", "id", "inform_unit", "snoozed_until"],
                name="case_to_call",
                condition=~Q(inform_unit=""),
            ),
            models.Index(
                fields=["state", "due_at", "id"], name="case_open_by_state", condition=OPEN
            ),
            models.Index(
                fields=["silent_at"], name="case_by_silence", condition=Q(silent_at__isnull=False)
            ),
            models.Index(
                fields=["watch_at", "id"],
                name="case_watched",
                condition=Q(watch_at__isnull=False),
            ),
            models.Index(
                fields=["snoozed_until", "id"],
                name="case_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
            models.Index(
                fields=["office", "-received_at"], name="case_of_office", condition=~Q(office="")
            ),
            models.Index(
                fields=["merged_into"], name="case_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(
                fields=["-received_at", "-id"], name="case_repeated", condition=Q(is_repeat=True)
            ),
            # Where an action may be missing (row C7); the few that are resolved, not all closed.
            models.Index(
                fields=["resolved_at", "id"],
                name="case_justified_resolved",
                condition=Q(state=State.RESOLVED, decision__in=["justified", "partly"]),
            ),
            models.Index(fields=["-received_at", "-id"], name="case_by_receipt"),
            models.Index(fields=["main_topic", "-received_at", "-id"], name="case_by_topic"),
            models.Index(fields=["account_number", "-received_at"], name="case_by_account_number"),
        ]

    class Privacy:
        subject = "applicant"
        personal = {
            "place": Personal(Category.LOCATION),
            "description": Personal(Category.CONTENT),
            "proposal": Personal(Category.CONTENT),
            "relation": Personal(Category.IDENTITY),
            "account_number": Personal(Category.IDENTITY),
            "owner_user": Personal(Category.STAFF, erase=None, export=False),
            "taken_by": Personal(Category.STAFF, erase=None, export=False),
        }
        plain = {
            "id",
            "number",
            "follow_key",
            "reference",
            "version",
            "profile",
            "kind",
            "channel",
            "main_topic",
            "topic",
            "region",
            "language",
            "applicant",
            "customer",
            "account",
            "reply_channel",
            "secret_reporter",
            "notice",
            "state",
            "state_since",
            "priority",
            "unit",
            "owner_unit",
            "inform_unit",
            "office",
            "received_at",
            "due_at",
            "acknowledge_due_at",
            "promised_at",
            "silent_at",
            "watch_at",
            "snoozed_until",
            "resolved_at",
            "closed_at",
            "cycle",
            "decision",
            "closing_reason",
            "first_contact",
            "is_repeat",
            "merged_into",
        }

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether the organisation or the applicant still owes something."""
        return self.state in OPEN_STATES


class Event(models.Model):
    """A fact in a case's history. Written once, never changed; messages and reports read it.

    `details` holds keys and numbers only, never prose or personal data.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    type = models.CharField(max_length=24, choices=_choices(EventType))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    profile = models.ForeignKey(ProfileVersion, models.PROTECT, related_name="+")
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="event_of_case"),
            models.Index(fields=["at", "type"], name="event_by_time"),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {"by": Personal(Category.STAFF, erase=None, export=False)}
        plain = {"id", "case", "type", "at", "profile", "details"}
