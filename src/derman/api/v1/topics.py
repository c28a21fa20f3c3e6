"""What a case can be about: the tree of the published profile."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja import Router, Schema

from derman.api.v1.problems import PROBLEMS
from derman.profile import publishing
from derman.profile.schema import Profile, Topic

router = Router(tags=["topics"])


class TopicPicture(Schema):
    """A topic; only those without children can be chosen."""

    key: str
    label: str
    kind: str
    unit: str | None
    emergency: bool
    children: list["TopicPicture"]


@router.get("topics", response={200: list[TopicPicture], **PROBLEMS}, operation_id="topics")
def topics(request: HttpRequest) -> list[dict[str, Any]]:
    """All topics that are in use, with labels in the language asked for by Accept-Language."""
    profile = publishing.current().profile
    return [
        _picture(key, topic, profile) for key, topic in profile.topics.items() if not topic.retired
    ]


def _picture(key: str, topic: Topic, profile: Profile) -> dict[str, Any]:
    return {
        "key": key,
        "label": profile.text(topic.label, translation.get_language() or ""),
        "kind": topic.kind,
        "unit": topic.unit,
        "emergency": topic.emergency,
        "children": [
            _picture(f"{key}.{child_key}", child, profile)
            for child_key, child in topic.children.items()
            if not child.retired
        ],
    }
