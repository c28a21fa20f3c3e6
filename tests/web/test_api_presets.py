"""Every topic of every preset can be opened, and is answered as the document describes a case."""

import jsonschema_rs
import pytest
from django.test import Client

from derman.profile import presets
from tests.factories import preset, published
from tests.systems import OPENING, System

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shapes():
    """What validates a case and the tree of topics."""
    document = Client().get("/api/v1/openapi.json").json()
    known = {"components": document["components"]}
    topic = {"$ref": "#/components/schemas/TopicPicture"}
    return (
        jsonschema_rs.validator_for({"$ref": "#/components/schemas/CasePicture", **known}),
        jsonschema_rs.validator_for({"type": "array", "items": topic, **known}),
    )


def leaves(topics):
    for topic in topics:
        if topic["children"]:
            yield from leaves(topic["children"])
        else:
            yield topic


@pytest.mark.parametrize("name", presets.names())
def test_every_topic_of_every_preset_can_be_opened(name, shapes):
    a_case, a_tree = shapes
    profile = published(preset(name)).profile
    api = System()
    tree = api.get("topics").json()
    a_tree.validate(tree)
    found = list(leaves(tree))
    assert {topic["key"] for topic in found} == set(profile.leaves())

    for topic in found:
        body = {**OPENING, "topic": topic["key"], "kind": None}
        answer = api.post("cases", body)
        assert answer.status_code == 201, (topic["key"], answer.content)
        case = answer.json()
        a_case.validate(case)
        assert (case["kind"], case["unit"]) == (topic["kind"], topic["unit"] or "")
        a_case.validate(api.get(f"cases/{case['number']}").json())
