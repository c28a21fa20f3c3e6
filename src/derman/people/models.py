"""People and organisations that come to us, how to reach them, and what they hold with us.

Two rows may be the same person until somebody merges them: nobody is ever joined to an existing
customer on the strength of a name or a number alone (`people.matching`).
"""

import uuid

from django.conf import settings
from django.db import models

from derman.lib.turkish import fold
from derman.people.fields import IndexField, SealedField
from derman.words.kinds import ContactState, Language, Relation
from derman.words.privacy import Category, Personal


class CustomerKind(models.TextChoices):
    PERSON = "person"
    ORGANISATION = "organisation"


class ContactKind(models.TextChoices):
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


class Customer(models.Model):
    """Somebody who spoke to us, or whose matter it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(
        max_length=12, choices=CustomerKind.choices, default=CustomerKind.PERSON
    )
    name = models.CharField(max_length=200, blank=True)
    name_folded = models.CharField(max_length=220, blank=True, editable=False)
    tckn = SealedField(blank=True)
    tckn_index = IndexField(of="tckn")
    vkn = SealedField(blank=True)
    vkn_index = IndexField(of="vkn")
    language = models.CharField(max_length=2, choices=[(v, v) for v in Language], blank=True)
    reference = models.CharField(max_length=60, null=True, unique=True)  # in another system
    created_at = models.DateTimeField()
    # The row that stands for this one since a merge; always one that was not merged itself.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_rows")

    class Meta:
        indexes = [
            models.Index(
                fields=["tckn_index"], name="customer_by_tckn", condition=~models.Q(tckn_index="")
            ),
            models.Index(
                fields=["vkn_index"], name="customer_by_vkn", condition=~models.Q(vkn_index="")
            ),
            # By its beginning: LIKE uses no index of PostgreSQL in the order of a language.
            models.Index(
                fields=["name_folded"],
                name="customer_by_name_start",
                opclasses=["varchar_pattern_ops"],
            ),
        ]

    class Privacy:
        subject = "self"
        personal = {
            "name": Personal(Category.IDENTITY),
            "name_folded": Personal(Category.IDENTITY, export=False),
            "tckn": Personal(Category.IDENTITY),
            "tckn_index": Personal(Category.IDENTITY, export=False),
            "vkn": Personal(Category.IDENTITY),
            "vkn_index": Personal(Category.IDENTITY, export=False),
            "reference": Personal(Category.IDENTITY, erase=None),
        }
        plain = {"id", "kind", "language", "created_at", "merged_into"}

    def __str__(self) -> str:
        return self.name

    def clean_name(self) -> None:
        """Keep the folded name beside the name, for searching."""
        self.name = self.name[:200]
        self.name_folded = fold(self.name)[:220]


class ContactPoint(models.Model):
    """A phone number, an e-mail address or a postal address of a customer.

    `value` holds phone numbers (E.164 where readable, else as given) and e-mail addresses and is
    sealed; `address` holds postal addresses, which stay searchable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    value = SealedField(blank=True)
    value_index = IndexField(of="value")
    address = models.CharField(max_length=400, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(v, v) for v in ContactState],
        default=ContactState.UNVERIFIED,
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # replaced by a newer one

    class Meta:
        indexes = [
            models.Index(
                fields=["value_index"], name="contact_by_value", condition=~models.Q(value_index="")
            ),
            models.Index(
                fields=["address"], name="contact_by_address", condition=~models.Q(address="")
            ),
        ]

    class Privacy:
        subject = "customer"
        personal = {
            "value": Personal(Category.CONTACT),
            "value_index": Personal(Category.CONTACT, export=False),
            "address": Personal(Category.LOCATION),
        }
        plain = {"id", "customer", "kind", "state", "created_at", "ended_at"}


class Account(models.Model):
    """A contract account or installation, and where it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=400, blank=True)
    region = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["address"], name="account_by_address", condition=~models.Q(address="")
            )
        ]

    class Privacy:
        subject = "holdings__customer"
        personal = {"address": Personal(Category.LOCATION)}
        plain = {"id", "number", "region"}

    def __str__(self) -> str:
        return self.number


class Holding(models.Model):
    """That a customer has to do with an account, as what, and since when (rows E11, G12)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="holdings")
    account = models.ForeignKey(Account, models.CASCADE, related_name="holdings")
    relation = models.CharField(max_length=16, choices=[(v, v) for v in Relation])
    proof = models.CharField(max_length=120, blank=True)  # a reference to the document seen
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "account", "relation"], name="holding_said_once"
            )
        ]

    class Privacy:
        subject = "customer"
        personal = {"proof": Personal(Category.IDENTITY)}
        plain = {"id", "customer", "account", "relation", "starts_on", "ends_on"}


class Correction(models.Model):
    """What a customer's data said before and after a correction by a verified speaker (G10)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)
    before = SealedField(blank=True)
    after = SealedField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Privacy:
        subject = "customer"
        personal = {
            "before": Personal(Category.IDENTITY),
            "after": Personal(Category.IDENTITY),
            "by": Personal(Category.STAFF, erase=None, export=False),
        }
        plain = {"id", "customer", "field", "at"}


class ContactChange(models.Model):
    """That a contact point changed its state: by staff, or because a recipient disowned it.

    `message_id` names the message whose recipient said so; each link says it once.
    """

    point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="changes")
    before = models.CharField(max_length=10, choices=[(v, v) for v in ContactState])
    after = models.CharField(max_length=10, choices=[(v, v) for v in ContactState])
    reason = models.CharField(max_length=400, blank=True)
    message_id = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "message_id"], name="disowned_once_a_message")
        ]

    class Privacy:
        subject = "point__customer"
        personal = {
            "reason": Personal(Category.CONTENT),
            "by": Personal(Category.STAFF, erase=None, export=False),
        }
        plain = {"id", "point", "before", "after", "message_id", "at"}


class Merge(models.Model):
    """That two rows were found to be one person, and what moved; undoing it moves that back.

    `moved` holds keys and names of fields only (`people.merging.Moved`).
    """

    survivor = models.ForeignKey(Customer, models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=400)
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], name="merged_once", condition=models.Q(undone_at=None)
            ),
            models.CheckConstraint(
                name="merge_of_two", condition=~models.Q(survivor=models.F("merged"))
            ),
        ]

    class Privacy:
        subject = "survivor"
        personal = {
            "reason": Personal(Category.CONTENT),
            "undone_reason": Personal(Category.CONTENT),
            "by": Personal(Category.STAFF, erase=None, export=False),
            "undone_by": Personal(Category.STAFF, erase=None, export=False),
        }
        plain = {"id", "survivor", "merged", "moved", "at", "undone_at"}


class NoticeVersion(models.Model):
    """The exact text of a privacy notice that people were shown; rows are only added."""

    language = models.CharField(max_length=2, choices=[(v, v) for v in Language])
    text = models.TextField()
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "digest"], name="notice_text_once")
        ]

    class Privacy:
        subject = ""
        personal: dict[str, Personal] = {}
        plain = {"id", "language", "text", "digest", "since"}
