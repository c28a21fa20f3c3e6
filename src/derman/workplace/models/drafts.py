"""Words that somebody began to write and has not sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.people.fields import SealedField
from derman.words.privacy import Category, Personal


class Draft(models.Model):
    """What one person typed into one form, of a case or of none (`register`); seen by nobody else.

    `words` is a JSON object of the form's fields. It may hold anything that a caller says, numbers
    of persons among it, so it is sealed at rest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, related_name="+")
    form = models.CharField(max_length=60)
    words = SealedField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "case", "form"],
                name="draft_once_a_form",
                condition=Q(case__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "form"],
                name="draft_once_without_case",
                condition=Q(case__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="draft_by_age")]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "user": Personal(Category.STAFF, erase=None, export=False),
            "words": Personal(Category.CONTENT, export=False),
        }
        plain = {"id", "case", "form", "kept_at"}
