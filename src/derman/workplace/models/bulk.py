"""One thing done to many cases: who wants what, and what became of each case."""

import uuid

from django.conf import settings
from django.db import models

from derman.words.privacy import Category, Personal


class BulkVerb(models.TextChoices):
    """What can be done to many at once."""

    ASSIGN = "assign"
    REFER = "refer"
    TAG = "tag"
    UNTAG = "untag"
    EXPORT = "export"


class RunState(models.TextChoices):
    """A draft is looked at; the worker takes what is ordered."""

    DRAFT = "draft"
    ORDERED = "ordered"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


OPEN_RUNS = (RunState.ORDERED, RunState.RUNNING)


class ItemState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    LEFT_OUT = "left_out"
    FAILED = "failed"


class Reason(models.TextChoices):
    """Why a case was left out."""

    NO_RIGHT = "no_right"
    WRONG_STATE = "wrong_state"
    CHANGED = "changed"
    ALREADY = "already"
    CONCEALED = "concealed"
    REFUSED = "refused"  # the action itself said no


class BulkRun(models.Model):
    """A verb for many cases, first as a draft with its preview, then done by the worker.

    `details` holds keys only: `to` (a user's id or null), `unit`, `question`, `tag`, `format`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=10, choices=BulkVerb.choices)
    details = models.JSONField(default=dict)
    question = models.TextField(blank=True)  # to the unit, the same for all
    back = models.CharField(max_length=1000, blank=True)  # the address of the list it came from
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undone_by")
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.DRAFT)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)  # a worker has it until then

    class Meta:
        indexes = [
            models.Index(
                fields=["made_at"],
                name="run_to_do",
                condition=models.Q(state__in=[str(state) for state in OPEN_RUNS]),
            ),
            models.Index(fields=["by", "-made_at"], name="run_of_person"),
        ]

    class Privacy:
        subject = ""
        personal = {
            "by": Personal(Category.STAFF, erase=None, export=False),
            "question": Personal(Category.CONTENT, erase=None, export=False),
            "back": Personal(Category.CONTENT, erase=None, export=False),
        }
        plain = {
            "id", "verb", "details", "undoes", "state", "made_at", "ended_at", "lease_until",
        }  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Whether the worker still has to do with it."""
        return self.state in OPEN_RUNS


class BulkItem(models.Model):
    """One case of a run: the version that was seen, and what became of it."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+")
    seen = models.PositiveIntegerField()  # the case's version when the list was made
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.WAITING)
    reason = models.CharField(max_length=30, blank=True)  # why left out or failed, by its key
    before = models.CharField(max_length=60, blank=True)  # what an undo gives back

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "case"], name="item_once_a_run")]
        indexes = [models.Index(fields=["run", "state", "id"], name="item_by_state")]

    class Privacy:
        subject = "case__applicant"
        personal: dict[str, Personal] = {}
        plain = {"id", "run", "case", "seen", "state", "reason", "before"}
