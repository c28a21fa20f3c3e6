"""Staff and service users, what they are in which unit, and the tokens of other systems."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from derman.profile import publishing
from derman.words.access import AccessChange
from derman.words.kinds import Language
from derman.words.privacy import Category, Personal
from derman.words.rights import Role


class User(AbstractUser):
    """Somebody who works here, or another system (`is_service`)."""

    is_service = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=[(v, v) for v in Language], default="tr")
    after_verb = models.CharField(
        max_length=8, choices=[(v, v) for v in ("next", "stay", "back")], default="stay"
    )

    # Whose work is theirs today, by absence; whoever lets the user in sets it.
    stands_in_for: tuple[int, ...] = ()

    class Privacy:
        subject = "self"
        personal = {
            "username": Personal(Category.STAFF),
            "first_name": Personal(Category.STAFF),
            "last_name": Personal(Category.STAFF),
            "email": Personal(Category.STAFF),
            "password": Personal(Category.STAFF, export=False),
            "last_login": Personal(Category.STAFF, erase=None),
        }
        plain = {
            "id",
            "is_superuser",
            "is_staff",
            "is_active",
            "date_joined",
            "is_service",
            "language",
            "after_verb",
        }

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What colleagues call them."""
        return self.get_full_name() or self.username

    @cached_property
    def posts(self) -> tuple["Membership", ...]:
        """All memberships, read once a request."""
        return tuple(self.memberships.all()) if self.is_active else ()

    @property
    def reach(self) -> tuple[Any, ...]:
        """All that decides what they may see, but who they are: for statements that are kept."""
        posts = sorted((post.role, post.unit) for post in self.posts)
        return (*posts, self.stands_in_for, publishing.current().version_id)


class Membership(models.Model):
    """What a user is in a unit; an empty unit means everywhere."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    unit = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=20, choices=[(r, r) for r in Role])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="membership_said_once")
        ]

    class Privacy:
        subject = "user"
        personal: dict[str, Personal] = {}
        plain = {"id", "user", "unit", "role"}


# Calls of the API that a token may make in a minute: the least, what it is by itself, the most.
LEAST_CALLS, CALLS_A_MINUTE, MOST_CALLS = 600, 1_200, 1_000_000


class Token(models.Model):
    """A bearer token of a service user; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)  # to the hour
    per_minute = models.PositiveIntegerField(default=CALLS_A_MINUTE)

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {
            "id",
            "user",
            "name",
            "digest",
            "created_at",
            "revoked_at",
            "used_at",
            "per_minute",
        }


class PasswordLink(models.Model):
    """A link by which a user sets a password: used once, within a day; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="password_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        subject = "user"
        personal: dict[str, Personal] = {}
        plain = {"id", "user", "digest", "made_at", "expires_at", "used_at"}


class Absence(models.Model):
    """Days on which somebody is away, the last one included, and who covers for them."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    cover = models.ForeignKey(User, models.PROTECT, related_name="covers")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="absence_is_covered_by_another",
                condition=~models.Q(cover=models.F("user")),
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="absence_by_end")]

    class Privacy:
        subject = "user"
        personal: dict[str, Personal] = {}
        plain = {"id", "user", "cover", "starts_on", "ends_on"}


class AccessEvent(models.Model):
    """Something happened to a user's access. Written once, never changed.

    `details` holds keys only: role and unit, names of changed fields, the name of a token.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="access_events")
    type = models.CharField(max_length=20, choices=[(c, c) for c in AccessChange])
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["user", "id"], name="access_event_of_user")]

    class Privacy:
        subject = "user"
        personal = {"by": Personal(Category.STAFF, erase=None, export=False)}
        plain = {"id", "user", "type", "at", "details"}
