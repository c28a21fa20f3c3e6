"""Who has a case before them at this moment."""

from django.conf import settings
from django.db import models

from derman.words.privacy import Category, Personal


class Presence(models.Model):
    """Somebody looks at a case, or types in one of its forms; swept soon after they leave."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="presence_once_a_case")
        ]
        indexes = [models.Index(fields=["seen_at"], name="presence_by_age")]

    class Privacy:
        subject = ""
        personal = {"user": Personal(Category.STAFF, erase=None, export=False)}
        plain = {"id", "case", "seen_at", "typing"}
