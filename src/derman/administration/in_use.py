"""Which keys of the profile the rows of this installation name: retired, not removed, are those."""

from collections.abc import Iterator, Mapping

from django.db.models import Model

from derman.accounts.models import Membership
from derman.cases.models import Action, Case, CaseTag, Outcome, Task
from derman.knowledge.models import ArticleTopic
from derman.people.models import Account
from derman.profile.layout import Path
from derman.profile.publishing import KeyKind
from derman.profile.schema import Profile
from derman.quality.models import ImprovementRegion, ImprovementTopic, RootCause
from derman.visits.models import FieldVisit

# Where rows name keys of the profile.
USES: tuple[tuple[KeyKind, type[Model], str], ...] = (
    ("topic", Case, "topic"),
    ("topic", Case, "main_topic"),
    ("topic", ArticleTopic, "topic"),
    ("unit", Case, "unit"),
    ("unit", Case, "owner_unit"),
    ("unit", Case, "inform_unit"),
    ("unit", Case, "office"),
    ("unit", Task, "unit"),
    ("unit", Membership, "unit"),
    ("unit", Action, "owner_unit"),
    ("unit", FieldVisit, "unit"),
    ("reason", Outcome, "reason_code"),
    ("region", Case, "region"),
    ("region", Account, "region"),
    ("channel", Case, "channel"),
    ("tag", CaseTag, "tag"),
    ("topic", ImprovementTopic, "topic"),
    ("region", ImprovementRegion, "region"),
    ("category", RootCause, "category"),
)

# The tables of the profile that declare them; topics lie one in another and stand apart.
TABLES: Mapping[Path, KeyKind] = {
    ("units",): "unit",
    ("organisation", "regions"): "region",
    ("channels",): "channel",
    ("tags",): "tag",
    ("decisions", "reasons"): "reason",
    ("learning", "categories"): "category",
}


def everything() -> Iterator[tuple[KeyKind, str]]:
    """Every key of the profile that rows name."""
    for kind, model, field in USES:
        for key in model._default_manager.order_by().values_list(field, flat=True).distinct():
            if key:
                yield kind, key


def is_used(kind: KeyKind, key: str) -> bool:
    """Whether any row names this key."""
    return any(
        model._default_manager.filter(**{field: key}).exists()
        for of, model, field in USES
        if of == kind
    )


def removed(old: Profile, new: Profile) -> Iterator[tuple[KeyKind, str]]:
    """The keys that the new profile lacks and rows name; asks only about what was removed."""
    kept = set(declared(new))
    yield from (key for key in declared(old) if key not in kept and is_used(*key))


def declared(profile: Profile) -> Iterator[tuple[KeyKind, str]]:
    """Every key of a profile that rows may name."""
    for main, topic in profile.topics.items():
        yield "topic", main
        yield from (("topic", f"{main}.{key}") for key in topic.children)
    yield from (("unit", key) for key in profile.units)
    yield from (("region", key) for key in profile.organisation.regions)
    yield from (("channel", str(key)) for key in profile.channels)
    yield from (("tag", key) for key in profile.tags)
    yield from (("reason", key) for key in profile.decisions.reasons)
    yield from (("category", key) for key in profile.learning.categories)


def key_at(path: Path) -> tuple[KeyKind, str] | None:
    """The key that a place of the profile declares; None where rows name no such thing."""
    match path:
        case ("topics", main):
            return "topic", str(main)
        case ("topics", main, "children", key):
            return "topic", f"{main}.{key}"
        case (*table, key) if tuple(table) in TABLES:
            return TABLES[tuple(table)], str(key)
    return None
