"""Visits on site, the places in a team's day that they take, and the photos of their findings."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.cases.models import Attachment, Case, Task
from derman.words.loop import VisitState
from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)
PLANNED = Q(state="planned")


class FieldVisit(models.Model):
    """Somebody comes and looks (row P6): when, where, at what, and what was found.

    `report` is the mark that the phone gave its report, so that one sent twice is kept once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="visits")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="visits")
    version = models.PositiveIntegerField(default=1)
    unit = models.CharField(max_length=60)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    address = models.CharField(max_length=400)
    purpose = models.TextField()  # what to look at
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in VisitState], default=VisitState.PLANNED
    )
    moved = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    met = models.CharField(max_length=200, blank=True)
    finding = models.TextField(blank=True)  # or what was seen where nobody was met
    reported_at = models.DateTimeField(null=True)  # or missed, or cancelled
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    report = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="visit_one_ahead", condition=PLANNED),
            models.CheckConstraint(
                name="visit_ends_after_it_begins", condition=Q(ends_at__gt=models.F("begins_at"))
            ),
            models.CheckConstraint(
                name="visit_reported_unless_planned",
                condition=(PLANNED & Q(reported_at=None))
                | (~PLANNED & Q(reported_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "begins_at"], name="visit_of_case"),
            models.Index(fields=["unit", "begins_at"], name="visit_of_team"),
            models.Index(
                fields=["-reported_at"], name="visit_missed", condition=Q(state="no_show")
            ),
        ]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "address": Personal(Category.LOCATION),
            "purpose": Personal(Category.CONTENT),
            "met": Personal(Category.IDENTITY),
            "finding": Personal(Category.CONTENT),
            "planned_by": STAFF,
            "reported_by": STAFF,
        }
        plain = {
            "id", "case", "task", "version", "unit", "begins_at", "ends_at", "state", "moved",
            "planned_at", "reported_at", "report",
        }  # fmt: skip

    @property
    def slot(self) -> tuple:
        """When it begins and ends."""
        return self.begins_at, self.ends_at

    @property
    def is_planned(self) -> bool:
        """Whether somebody will still come."""
        return self.state == VisitState.PLANNED


class TakenPlace(models.Model):
    """One of a team's places in a slot, taken by a visit: no two visits have the same one.

    The rows alone keep a slot from holding more visits than the team makes at once.
    """

    unit = models.CharField(max_length=60)
    begins_at = models.DateTimeField()
    place = models.PositiveSmallIntegerField()
    visit = models.OneToOneField(FieldVisit, models.CASCADE, related_name="place")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "begins_at", "place"], name="place_taken_once")
        ]

    class Privacy:
        subject = "visit__case__applicant"
        personal: dict[str, Personal] = {}
        plain = {"id", "unit", "begins_at", "place", "visit"}


class VisitPhoto(models.Model):
    """A photo of a finding; the file is an attachment of the case."""

    visit = models.ForeignKey(FieldVisit, models.CASCADE, related_name="photos")
    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="+")

    class Privacy:
        subject = "visit__case__applicant"
        personal: dict[str, Personal] = {}
        plain = {"id", "visit", "attachment"}
