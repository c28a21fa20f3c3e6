"""Whether the applicant is satisfied: what was asked, what was answered, who follows it up."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.words.kinds import Channel, Language
from derman.words.loop import FollowUpState, SkipReason, SurveyState
from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)


class Survey(models.Model):
    """One cycle of one case, whose applicant is asked, or was not asked for a reason.

    Written when the case is resolved, so that nobody walks over cases to find whom to ask. What
    figures are cut by (topic, unit, channel) is kept as it stood then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="surveys", db_index=False)
    cycle = models.PositiveSmallIntegerField(default=1)
    main_topic = models.CharField(max_length=60)
    unit = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=12, choices=[(c, c) for c in Channel])
    language = models.CharField(max_length=2, choices=[(one, one) for one in Language])
    resolved_at = models.DateTimeField()
    month = models.DateField()  # its first day, where the organisation is
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in SurveyState], default=SurveyState.WAITING
    )
    reason = models.CharField(  # why nobody was asked
        max_length=12, choices=[(r, r) for r in SkipReason], blank=True
    )
    next_at = models.DateTimeField(null=True)  # when the worker looks at it next
    asked_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=12, blank=True)  # the wire, or how staff asked
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "cycle"], name="survey_once_a_cycle"),
            models.CheckConstraint(
                name="survey_asked_with_a_moment",
                condition=Q(asked_at__isnull=False)
                | Q(state__in=[SurveyState.WAITING, SurveyState.SKIPPED]),
            ),
            models.CheckConstraint(
                name="survey_skipped_for_a_reason",
                condition=(Q(state=SurveyState.SKIPPED) & ~Q(reason=""))
                | (~Q(state=SurveyState.SKIPPED) & Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="survey_to_look_at",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(fields=["month", "main_topic", "unit", "channel"], name="survey_by_month"),
        ]

    class Privacy:
        subject = "case__applicant"
        personal: dict[str, Personal] = {}
        plain = {
            "id", "case", "cycle", "main_topic", "unit", "channel", "language", "resolved_at",
            "month", "state", "reason", "next_at", "asked_at", "asked_by", "expires_at",
        }  # fmt: skip


class SurveyAnswer(models.Model):
    """What the applicant said of the review and of what was done, from 1 (bad) to 5 (good)."""

    survey = models.OneToOneField(Survey, models.PROTECT, primary_key=True, related_name="answer")
    process = models.PositiveSmallIntegerField()
    action = models.PositiveSmallIntegerField()
    nps = models.PositiveSmallIntegerField(null=True)  # from 0 to 10
    ces = models.PositiveSmallIntegerField(null=True)  # from 1 to 7
    text = models.TextField(blank=True)
    satisfied = models.BooleanField()  # by the profile's rule of that day
    at = models.DateTimeField()
    via = models.CharField(max_length=12, choices=[(c, c) for c in Channel])
    by = models.ForeignKey(  # who took it down; None when the applicant gave it
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_answer_in_range",
                condition=Q(process__range=(1, 5))
                & Q(action__range=(1, 5))
                & (Q(nps=None) | Q(nps__range=(0, 10)))
                & (Q(ces=None) | Q(ces__range=(1, 7))),
            ),
        ]

    class Privacy:
        subject = "survey__case__applicant"
        personal = {"text": Personal(Category.CONTENT), "by": STAFF}
        plain = {"survey", "process", "action", "nps", "ces", "satisfied", "at", "via"}


class FollowUp(models.Model):
    """A dissatisfied applicant is called, and told what was done (row C11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="follow_ups")
    cycle = models.PositiveSmallIntegerField(default=1)
    survey = models.OneToOneField(Survey, models.PROTECT, null=True, related_name="follow_up")
    owner_unit = models.CharField(max_length=60)
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in FollowUpState], default=FollowUpState.OPEN
    )
    attempts = models.PositiveSmallIntegerField(default=0)  # calls that reached nobody
    result = models.TextField(blank=True)  # what was said
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="follow_up_one_open", condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="follow_up_done_with_a_moment",
                condition=Q(state="open", done_at=None)
                | (~Q(state="open") & Q(done_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="follow_up_open_by_due", condition=Q(state="open")
            ),
            models.Index(fields=["-done_at", "-id"], name="follow_up_by_end"),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "result": Personal(Category.CONTENT),
            "owner_user": STAFF,
            "done_by": STAFF,
        }
        plain = {
            "id", "case", "cycle", "survey", "owner_unit", "opened_at", "due_at", "state",
            "attempts", "done_at",
        }  # fmt: skip
