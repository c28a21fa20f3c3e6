"""Tags: put on and taken off, told in the history, retired without being lost."""

import pytest

from derman.administration import in_use
from derman.cases import actions
from derman.cases.models import CaseTag
from derman.profile import publishing
from tests.factories import MONDAY, make_case, make_user, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def act():
    profile = published()
    return {"by": make_user("agent", "call_centre"), "at": MONDAY, "profile": profile}


def test_a_tag_is_put_on_and_taken_off_and_the_history_says_so(act):
    case = make_case()
    before = case.version
    actions.tag(case, "media", **act)
    actions.tag(case, "contractor", **act)
    actions.untag(case, "media", **act)
    assert list(case.tags.values_list("tag", flat=True)) == ["contractor"]
    assert case.version == before + 3
    events = case.events.filter(type__in=["tagged", "untagged"]).order_by("id")
    assert [(e.type, e.details) for e in events] == [
        ("tagged", {"tag": "media"}),
        ("tagged", {"tag": "contractor"}),
        ("untagged", {"tag": "media"}),
    ]


@pytest.mark.parametrize("key", ["no_such_tag", ""])
def test_only_tags_of_the_list_are_put_on(act, key):
    case = make_case()
    with pytest.raises(actions.CannotDo) as refused:
        actions.tag(case, key, **act)
    assert refused.value.field == "tag"
    assert not CaseTag.objects.exists()


def test_no_tag_twice_and_none_off_that_is_not_there(act):
    case = make_case()
    actions.tag(case, "media", **act)
    with pytest.raises(actions.CannotDo):
        actions.tag(case, "media", **act)
    with pytest.raises(actions.CannotDo):
        actions.untag(case, "contractor", **act)
    assert case.events.filter(type="tagged").count() == 1


def test_a_closed_case_may_still_be_tagged(act):
    case = make_case()
    actions.close_early(case, "withdrawn", **act)
    actions.tag(case, "media", **act)
    assert case.tags.count() == 1


def test_a_retired_tag_stays_but_is_put_on_nothing_new(act):
    case, other = make_case(), make_case()
    actions.tag(case, "media", **act)
    media = preset().tags["media"].model_copy(update={"retired": True})
    tags = {**preset().tags, "media": media}
    act["profile"] = published(preset().model_copy(update={"tags": tags}))
    with pytest.raises(actions.CannotDo):
        actions.tag(other, "media", **act)
    actions.untag(case, "media", **act)


def test_a_tag_in_use_is_not_removed_from_the_profile(act):
    actions.tag(make_case(), "media", **act)
    assert in_use.is_used("tag", "media")
    less = {key: tag for key, tag in preset().tags.items() if key != "media"}
    with pytest.raises(publishing.CannotPublish, match="tag media"):
        publishing.publish(
            preset().model_copy(update={"tags": less}), by=None, at=MONDAY,
            in_use=in_use.everything(),
        )  # fmt: skip
