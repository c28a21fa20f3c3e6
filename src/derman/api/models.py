"""Answers kept so that a repeated request gets the same one (`Idempotency-Key`, 24 hours)."""

from django.conf import settings
from django.db import models

from derman.cases.models import Case
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
