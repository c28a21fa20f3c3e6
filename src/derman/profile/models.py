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


class ProfileDraft(models.Model):
    """The next profile while it is being written: everybody edits the same one.

    `drafts.py` is its only writer. A draft ends when it is published or thrown away; a planned one
    waits for its moment and is not edited.
    """

    base = models.ForeignKey(ProfileVersion, models.PROTECT, related_name="+")
    document = models.TextField()  # JSON as text, valid by the schema; empty when it has ended
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    published_as = models.ForeignKey(ProfileVersion, models.PROTECT, null=True, related_name="+")
    publish_at = models.DateTimeField(null=True)  # planned for
    publish_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    publish_note = models.TextField(blank=True)
    refusal = models.TextField(blank=True)  # why the plan could not be carried out

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(ended_at=None),
                name="profile_one_open_draft",
            ),
            models.CheckConstraint(
                name="profile_plan_names_who",
                condition=models.Q(publish_at=None) | models.Q(publish_by__isnull=False),
            ),
        ]

    class Privacy:
        subject = "publish_by"
        personal = {"publish_by": Personal(Category.STAFF, erase=None)}
        plain = {
            "id",
            "base",
            "document",
            "started_at",
            "ended_at",
            "published_as",
            "publish_at",
            "publish_note",
            "refusal",
        }

    def __str__(self) -> str:
        return f"{self.base} +"


class EditKind(models.TextChoices):
    """What somebody did to a draft; the pages name it in the reader's language."""

    CHANGED = "changed"
    ADDED = "added"
    MOVED = "moved"
    REMOVED = "removed"
    IMPORTED = "imported"
    UPDATED = "updated"  # what was published meanwhile was taken over


class ProfileEdit(models.Model):
    """One change to a draft: who, when, where."""

    draft = models.ForeignKey(ProfileDraft, models.CASCADE, related_name="edits")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=EditKind.choices)
    path = models.CharField(max_length=300, blank=True)  # steps parted by slashes

    class Privacy:
        subject = "by"
        personal = {"by": Personal(Category.STAFF, erase=None)}
        plain = {"id", "draft", "at", "kind", "path"}

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"
