"""Records of reading and of guessing. Nothing here is about what a case says."""

from django.conf import settings
from django.db import models

from derman.words.privacy import Category, Personal


class AccessRecord(models.Model):
    """Somebody saw a person's data (row T8). Written with the answer that shows it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    person_id = models.UUIDField(null=True, db_index=True)  # people.Customer; None: a list
    what = models.CharField(max_length=40)  # the page or call, by its key
    about = models.CharField(max_length=80)  # a case number, or a digest of what a list showed
    why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_index=True)

    class Privacy:
        subject = "person_id"
        personal = {
            "by": Personal(Category.STAFF, erase=None),
            "why": Personal(Category.STAFF, erase=""),
        }
        plain = {"id", "person_id", "what", "about", "at"}


class Guess(models.Model):
    """How often something secret was guessed in a window of time, by whom or at what.

    `key` is a keyed digest of the address or number, so the table holds neither.
    """

    key = models.CharField(max_length=64)
    ends_at = models.DateTimeField(db_index=True)  # when the window ends and the count is moot
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "ends_at"], name="guess_once_a_window")
        ]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "key", "ends_at", "count"}
