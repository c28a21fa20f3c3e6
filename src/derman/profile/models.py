"""The published versions of the profile. `publishing.py` is their only writer."""

from django.conf import settings
from django.db import models

from derman.words.privacy import Category, Personal


class ProfileVersion(models.Model):
    """One profile as it was published; rows elsewhere name the version they were decided under."""

    key = models.CharField(max_length=40)
    document = models.TextField()  # JSON as text: jsonb would lose the order of topics
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Privacy:
        subject = "by"
        personal = {"by": Personal(Category.STAFF, erase=None)}
        plain = {"id", "key", "document", "digest", "published_at", "note"}

    def __str__(self) -> str:
        return f"{self.key} {self.pk}"
