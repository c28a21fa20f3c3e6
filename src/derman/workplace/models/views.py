"""Views of the workbench that somebody keeps, and who has them in the menu."""

import uuid

from django.conf import settings
from django.db import models

from derman.words.privacy import Category, Personal

EVERYBODY = "*"


class SavedView(models.Model):
    """A list with its filters, kept under a name.

    `query` is the address of the list (`view=all&topic=billing`); `shared_with` is empty for the
    owner alone, a unit's key, or `EVERYBODY`. Whoever opens it sees their own cases only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    shared_with = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_named_once_by_owner")
        ]
        indexes = [
            models.Index(
                fields=["shared_with"], name="view_shared", condition=~models.Q(shared_with="")
            )
        ]

    class Privacy:
        subject = ""
        personal = {
            "owner": Personal(Category.STAFF, erase=None, export=False),
            "name": Personal(Category.STAFF, erase=None, export=False),
            # A word that was searched for may be a name; such a view is its owner's own.
            "query": Personal(Category.CONTENT, erase=None, export=False),
        }
        plain = {"id", "shared_with", "made_at"}

    def __str__(self) -> str:
        return self.name


class Pin(models.Model):
    """A view in somebody's menu: at which place, and by which key after `v`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pins")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="pins")
    place = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=1, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "view"], name="pin_once"),
            models.UniqueConstraint(
                fields=["user", "key"], name="pin_key_once", condition=~models.Q(key="")
            ),
        ]

    class Privacy:
        subject = ""
        personal = {"user": Personal(Category.STAFF, erase=None, export=False)}
        plain = {"id", "view", "place", "key"}
