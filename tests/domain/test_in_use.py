"""Which keys of the profile rows name: asked one by one, for all, and for what a change removes."""

import pytest

from derman.administration import in_use
from derman.profile import editing
from derman.profile.publishing import CannotPublish, publish
from derman.profile.refusals import validated
from derman.quality.models import RootCause
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, preset, published

pytestmark = pytest.mark.django_db


def without(*paths):
    document = preset().model_dump(mode="json")
    for path in paths:
        document = editing.without(document, path)
    profile, refused = validated(document)
    assert not refused
    return profile


def test_only_what_is_removed_and_named_counts():
    published()
    case = make_case()
    main, leaf = case.topic.split(".")
    unused = next(key for key in preset().topics["billing"].children)
    new = without(("topics", main, "children", leaf), ("topics", "billing", "children", unused))

    assert list(in_use.removed(preset(), new)) == [("topic", case.topic)]
    assert list(in_use.removed(preset(), preset())) == []


def test_a_reason_that_was_given_may_be_retired_and_not_removed():
    published()
    case = make_case()
    key = next(key for key, one in preset().decisions.reasons.items() if not one.decisions[1:])
    decision = preset().decisions.reasons[key].decisions[0]
    case.outcomes.create(decision=decision, reason_code=key, text="…", at=MONDAY)
    new = without(("decisions", "reasons", key))
    assert list(in_use.removed(preset(), new)) == [("reason", key)]
    assert in_use.key_at(("decisions", "reasons", key)) == ("reason", key)


def test_a_category_of_a_root_cause_may_be_retired_and_not_removed():
    published()
    user = make_user(Role.SOLUTION)
    first, other = list(preset().learning.categories)[:2]
    RootCause.objects.create(
        title="…", category=first, owner=user, made_by=user, made_at=MONDAY, method="whys"
    )
    new = without(("learning", "categories", first), ("learning", "categories", other))
    assert list(in_use.removed(preset(), new)) == [("category", first)]
    assert in_use.key_at(("learning", "categories", first)) == ("category", first)
    with pytest.raises(CannotPublish):
        publish(new, by=user, at=MONDAY, in_use=in_use.everything())


def test_every_place_that_declares_a_key_is_known():
    published()
    case = make_case()
    main, leaf = case.topic.split(".")
    assert in_use.key_at(("topics", main, "children", leaf)) == ("topic", case.topic)
    assert in_use.key_at(("topics", main)) == ("topic", main)
    assert in_use.key_at(("units", case.owner_unit)) == ("unit", case.owner_unit)
    assert in_use.key_at(("templates", "x")) is None
    for path in (("topics", main), ("units", case.owner_unit), ("channels", case.channel)):
        assert in_use.is_used(*in_use.key_at(path))
    assert not in_use.is_used("unit", "nobody")
    assert set(in_use.everything()) >= {("topic", case.topic), ("unit", case.owner_unit)}
