"""What the organisation does about a case: actions, offers, decisions that wait for approval."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.words.kinds import Decision
from derman.words.loop import ActionKind, ActionState, ApprovalState, Effect, OfferState
from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)


class Action(models.Model):
    """Something to be done because a case is justified: owner, due date, proof, effect (row C7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="actions")
    cycle = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ActionKind])
    text = models.TextField()
    owner_unit = models.CharField(max_length=60)
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)  # when somebody is reminded next
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ActionState], default=ActionState.OPEN
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proof = models.TextField(blank=True)  # of doing; or why it was cancelled
    check_at = models.DateTimeField(null=True)  # when its effect is to be looked at
    effect = models.CharField(max_length=14, choices=[(e, e) for e in Effect], blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    finding = models.TextField(blank=True)  # of the check

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="action_of_case"),
            models.Index(
                fields=["owner_unit", "due_at", "id"],
                name="action_open_by_unit",
                condition=Q(state="open"),
            ),
            models.Index(
                fields=["due_at", "id"], name="action_open_by_due", condition=Q(state="open")
            ),
            models.Index(
                fields=["next_at"], name="action_reminder", condition=Q(next_at__isnull=False)
            ),
            models.Index(
                fields=["check_at", "id"],
                name="action_unchecked",
                condition=Q(check_at__isnull=False, effect=""),
            ),
            models.Index(
                fields=["-checked_at", "id"],
                name="action_without_effect",
                condition=Q(effect="not_effective"),
            ),
            models.Index(fields=["-done_at", "id"], name="action_done", condition=Q(state="done")),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "text": Personal(Category.CONTENT),
            "proof": Personal(Category.CONTENT, export=False),
            "finding": Personal(Category.CONTENT, export=False),
            "owner_user": STAFF,
            "planned_by": STAFF,
            "done_by": STAFF,
            "checked_by": STAFF,
        }
        plain = {
            "id", "case", "cycle", "kind", "owner_unit", "planned_at", "due_at", "next_at",
            "state", "done_at", "check_at", "effect", "checked_at",
        }  # fmt: skip


class Offer(models.Model):
    """A solution that the applicant may accept or refuse (rows G18, C11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="offers")
    cycle = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    compensation = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    channel = models.CharField(max_length=12, blank=True)  # spoken by phone, …; "" when by a link
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in OfferState], default=OfferState.OPEN
    )
    lapses_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(  # who took the answer down; None when the applicant gave it
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)  # why it was refused or withdrawn

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="offer_one_is_open", condition=Q(state="open")
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="offer_of_case"),
            models.Index(fields=["state", "-answered_at", "-id"], name="offer_by_answer"),
            models.Index(fields=["lapses_at", "id"], name="offer_open", condition=Q(state="open")),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "text": Personal(Category.CONTENT),
            "reason": Personal(Category.CONTENT),
            "made_by": STAFF,
            "answered_by": STAFF,
        }
        plain = {
            "id", "case", "cycle", "compensation", "channel", "made_at", "state", "lapses_at",
            "answered_at",
        }  # fmt: skip


class Letter(models.Model):
    """What tells an applicant which bodies outside may help now (row G19); its PDF is a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="letters")
    cycle = models.PositiveSmallIntegerField(default=1)
    attachment = models.OneToOneField("cases.Attachment", models.PROTECT, related_name="letter")
    bodies = models.JSONField(default=list)  # keys of the profile's outside bodies
    by_post = models.BooleanField(default=False)  # somebody prints and posts it
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "cycle"], name="letter_once_a_cycle")
        ]
        indexes = [
            models.Index(
                fields=["made_at", "id"],
                name="letter_to_post",
                condition=Q(by_post=True, posted_at=None),
            ),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {"made_by": STAFF, "posted_by": STAFF}
        plain = {"id", "case", "cycle", "attachment", "bodies", "by_post", "made_at", "posted_at"}


class Approval(models.Model):
    """A decision above somebody's authority, until a second pair of eyes has looked at it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="approvals")
    cycle = models.PositiveSmallIntegerField(default=1)
    verb = models.CharField(max_length=20)  # what is done once it is approved (words.life.Verb)
    decision = models.CharField(max_length=16, choices=[(d, d) for d in Decision], blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    evidence = models.TextField(blank=True)
    compensation = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    channel = models.CharField(max_length=12, blank=True)
    plan = models.JSONField(default=dict)  # the action that is planned with it
    limit = models.CharField(max_length=60)  # which limit was passed, a key
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ApprovalState], default=ApprovalState.WAITING
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="approval_one_waits", condition=Q(state="waiting")
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="approval_of_case"),
            models.Index(
                fields=["asked_at", "id"], name="approval_waiting", condition=Q(state="waiting")
            ),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "text": Personal(Category.CONTENT),
            "evidence": Personal(Category.CONTENT, export=False),
            "plan": Personal(Category.CONTENT, erase={}, export=False),
            "note": Personal(Category.CONTENT, export=False),
            "asked_by": STAFF,
            "decided_by": STAFF,
        }
        plain = {
            "id", "case", "cycle", "verb", "decision", "reason_code", "compensation", "channel",
            "limit", "asked_at", "state", "decided_at",
        }  # fmt: skip
