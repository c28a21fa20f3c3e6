"""Articles: the text that is being written, and every text that was ever published."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from derman.words.privacy import Category, Personal

STAFF = Personal(Category.STAFF, erase=None, export=False)


class ArticleState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Article(models.Model):
    """What its editors see: the text as it stands. Readers see `current`, the last published one.

    `topics` holds keys of main topics or sub-topics, none for a general article; `title` and
    `body` hold a text for each language. `version` rises with every change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.CharField(max_length=60, unique=True)
    state = models.CharField(
        max_length=10, choices=ArticleState.choices, default=ArticleState.DRAFT
    )
    topics = models.JSONField(default=list)
    title = models.JSONField(default=dict)
    body = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    current = models.OneToOneField("ArticleVersion", models.PROTECT, null=True, related_name="+")
    is_changed = models.BooleanField(default=True)  # since it was published
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_published_with_a_text",
                condition=~Q(state=ArticleState.PUBLISHED) | Q(current__isnull=False),
            )
        ]

    class Privacy:
        subject = ""
        personal = {"changed_by": STAFF}
        plain = {
            "id",
            "key",
            "state",
            "topics",
            "title",
            "body",
            "version",
            "current",
            "is_changed",
            "changed_at",
        }

    def __str__(self) -> str:
        return self.key


class ArticleVersion(models.Model):
    """A text as it was published, by whom and when; how often it was used, and whether it helped.

    Its words never change; the counts are numbers only, of nobody in particular.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.JSONField()
    body = models.JSONField()
    folded = models.TextField()  # every title and body, for searching
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    used = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once")
        ]

    class Privacy:
        subject = ""
        personal = {"by": STAFF}
        plain = {
            "id",
            "article",
            "number",
            "title",
            "body",
            "folded",
            "at",
            "used",
            "helped",
            "not_helped",
        }


class ArticleTopic(models.Model):
    """A topic that a published text belongs to; an empty one for a general text."""

    version = models.ForeignKey(ArticleVersion, models.CASCADE, related_name="topics")
    topic = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "topic"], name="article_topic_once")
        ]
        indexes = [models.Index(fields=["topic"], name="article_by_topic")]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "version", "topic"}
