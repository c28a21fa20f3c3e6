"""What is written and filed on a case, and what an event still has to say."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.people.models import ContactPoint
from derman.words.kinds import ReplyChannel
from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)


class Note(models.Model):
    """An internal note. Never shown or sent to the applicant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="notes")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case"], name="note_of_case")]

    class Privacy:
        subject = "case__applicant"
        personal = {"text": Personal(Category.CONTENT, export=False), "by": STAFF}
        plain = {"id", "case", "at"}


class Reply(models.Model):
    """Prose to the applicant, or from the applicant (`from_applicant`) where it answers us."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="replies")
    text = models.TextField()
    channel = models.CharField(max_length=8, choices=[(c, c) for c in ReplyChannel], blank=True)
    asks = models.BooleanField(default=False)  # the applicant owes an answer
    from_applicant = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case"], name="reply_of_case")]

    class Privacy:
        subject = "case__applicant"
        personal = {"text": Personal(Category.CONTENT), "by": STAFF}
        plain = {"id", "case", "channel", "asks", "from_applicant", "at"}


class Attachment(models.Model):
    """A file of the applicant or of staff; the bytes lie under its id, outside the web root."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    mime = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    from_applicant = models.BooleanField(default=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case"], name="attachment_of_case")]

    class Privacy:
        subject = "case__applicant"
        personal = {
            "name": Personal(Category.CONTENT),
            "digest": Personal(Category.CONTENT, export=False),
            "by": STAFF,
        }
        plain = {"id", "case", "mime", "size", "from_applicant", "at"}


class Dispatch(models.Model):
    """An event that may speak and has not been dealt with; absent when it is silent.

    `not_before` is the end of the undo window where a person typed the words.
    """

    event = models.OneToOneField(
        "cases.Event", models.PROTECT, primary_key=True, related_name="dispatch"
    )
    not_before = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "event"], name="dispatch_waiting", condition=Q(done_at=None)
            )
        ]

    class Privacy:
        subject = "event__case__applicant"
        personal: dict[str, Personal] = {}
        plain = {"event", "not_before", "urgent", "done_at"}


class AccessCode(models.Model):
    """A one-time code or single-use link by which an applicant sees the details of a case.

    Only a keyed digest is kept; it is used once and lives ten minutes (ASVS V6.5.5), a link longer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="access_codes")
    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, blank=True)  # "": the case; "offer", "survey"
    about = models.UUIDField(null=True)  # the row that it opens, where it opens one
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="code_of_case")]

    class Privacy:
        subject = "case__applicant"
        personal: dict[str, Personal] = {}
        plain = {
            "id", "case", "contact_point", "digest", "purpose", "about", "made_at", "expires_at",
            "used_at",
        }  # fmt: skip


class SearchEntry(models.Model):
    """Words in which a case can be found; indexed by each database's own full-text search."""

    case = models.OneToOneField(
        "cases.Case", models.CASCADE, primary_key=True, related_name="search_entry"
    )
    words = models.TextField(blank=True)

    class Privacy:
        subject = "case__applicant"
        personal = {"words": Personal(Category.CONTENT, export=False)}
        plain = {"case"}
