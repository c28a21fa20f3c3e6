"""The most frequent topics, how they rise or fall, and what is done about each (rows T9, P11)."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.desk import frame, learning_links
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, word
from derman.desk.learning.improvements import TONES
from derman.quality import frequent, sentences
from derman.quality.frequent import Topic
from derman.quality.models import ImprovementTopic, RootCause
from derman.words.learning import CauseState, ImprovementState
from derman.words.rights import Place

SPANS = (28, 91, 364)
MOST_CAUSES = 200  # of the latest root causes, those are looked through


@never_cache
@require_GET
@page(place=Place.LEARNING)
def topics(request: DeskRequest) -> HttpResponse:
    """The topics of the last days beside as many days before."""
    profile = request.profile.profile
    wish = request.GET.get("days", "")
    days = int(wish) if wish in map(str, SPANS) else SPANS[0]
    zone = ZoneInfo(profile.organisation.timezone)
    today = request.at.astimezone(zone).date()
    found = frequent.topics(days, today, zone, profile.learning.watched)
    labels = Labels.for_reader(profile)
    known = _known([topic.key for topic in found.topics])
    context = {
        "found": found,
        "lines": [_line(topic, found, known, labels) for topic in found.topics],
        "spans": [(span, _("%d weeks") % (span // 7)) for span in SPANS],
        "days": days,
        "last_day": found.until - timedelta(days=1),
        "may_improve": rights.may_enter(request.user, Place.IMPROVE),
        "current": "frequent",
    }
    return frame.render(request, "desk/frequent.html", context)


def _line(
    topic: Topic, found: frequent.Frequent, known: dict[str, list[Any]], labels: Labels
) -> dict[str, Any]:
    earlier = found.since - timedelta(days=found.days)
    change = topic.change
    return {
        "topic": topic,
        "label": labels.topic(topic.key),
        "main": labels.topic(topic.key.split(".")[0]) if "." in topic.key else "",
        "change": sentences.percent(change) if change is not None else "",
        "is_up": change is not None and change > 0,
        "is_down": change is not None and change < 0,
        "link": learning_links.of_topic(topic.key, found.since, found.until),
        "before_link": learning_links.of_topic(topic.key, earlier, found.since),
        "known": known.get(topic.key, []),
        "new_cause": f"topic={topic.key}&kind=complaint&received_from={found.since.isoformat()}",
    }


def _known(keys: list[str]) -> dict[str, list[Any]]:
    """What is known about each topic: its root causes and improvements."""
    found: dict[str, list[Any]] = defaultdict(list)
    rows = ImprovementTopic.objects.filter(is_compared=False).select_related("improvement")
    mains = {key.split(".")[0] for key in keys}
    for row in rows.filter(topic__in=[*keys, *mains]).order_by("-improvement__made_at", "-id"):
        one = row.improvement
        entry = {
            "kind": "improvement", "id": one.pk, "title": one.title,
            "state": word(ImprovementState, one.state), "tone": TONES[ImprovementState(one.state)],
        }  # fmt: skip
        for key in keys:
            if row.topic in (key, key.split(".")[0]):
                found[key].append(entry)
    causes = RootCause.objects.only("title", "state", "topics").order_by("-made_at", "-id")
    for cause in causes[:MOST_CAUSES]:
        entry = {
            "kind": "cause", "id": cause.pk, "title": cause.title,
            "state": word(CauseState, cause.state),
            "tone": "ok" if cause.state == CauseState.CONCLUDED else "warn",
        }  # fmt: skip
        for key in set(cause.topics) & set(keys):
            found[key].append(entry)
    return found
