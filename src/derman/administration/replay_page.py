"""The page of the replay: the draft against what is published, over the cases of a month."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_GET

from derman.administration import frame
from derman.administration import replay as replaying
from derman.administration.frame import DeskRequest, page
from derman.administration.replay import Facts, Replayed
from derman.audit import access
from derman.cases.models import Case
from derman.desk.days import DayField
from derman.desk.labels import Labels
from derman.profile import drafts
from derman.profile.schema import Profile

DAYS = 31
MOST_CASES = 20_000  # the newest ones of the time that is looked at
MOST_SHOWN = 200


class SinceForm(forms.Form):
    since = DayField(
        label=gettext_lazy("Cases received since"),
        widget=forms.DateInput({"type": "date", "class": "w-20"}, "%Y-%m-%d"),
    )


@dataclass(frozen=True)
class Count:
    """How many cases there are of a topic or a move; `key` narrows the list to them."""

    key: str
    label: str
    cases: int


@dataclass(frozen=True)
class Line:
    """One case that the draft treats otherwise."""

    number: str
    topic: str
    received_at: datetime
    found: Replayed
    old_unit: str
    new_unit: str


@require_GET
@page()
def replay(request: DeskRequest) -> HttpResponse:
    """Replays nothing but the cases that the reader may see, and writes down that they looked."""
    since = timezone.localtime(request.at - timedelta(days=DAYS)).date()
    form = SinceForm(request.GET if "since" in request.GET else {"since": since.isoformat()})
    edited = drafts.current()
    published = request.profile.profile
    context = {"current": "replay", "form": form, "draft": edited.draft}
    if form.is_valid() and edited.draft:
        start = timezone.make_aware(
            datetime.combine(form.cleaned_data["since"], datetime.min.time())
        )
        cases = _cases(request, start)
        found = list(replaying.replay(islice(cases, MOST_CASES), published, edited.profile))
        topic, move = request.GET.get("topic", ""), request.GET.get("move", "")
        narrowed = [one for one in found if _is_meant(one, topic, move)]
        shown = narrowed[:MOST_SHOWN]
        access.record_list(
            (one.facts.number for one in shown), what="list", by=request.user, at=request.at
        )
        context |= _findings(found, shown, published, edited.profile)
        context |= {"narrowed": len(narrowed), "is_narrowed": bool(topic or move)}
        context |= {"looked_at": min(len(cases), MOST_CASES), "is_cut": len(cases) > MOST_CASES}
    return frame.render(request, "administration/replay.html", context)


def _cases(request: DeskRequest, start: datetime) -> list[Facts]:
    rows = Case.objects.visible_to(request.user).filter(received_at__gte=start)
    rows = rows.order_by("-received_at", "-id")
    fields = ("number", "topic", "region", "channel", "received_at")
    return [Facts(*row) for row in rows.values_list(*fields)[: MOST_CASES + 1]]


def _is_meant(one: Replayed, topic: str, move: str) -> bool:
    return (not topic or one.facts.topic == topic) and (not move or _move(one) == move)


def _move(one: Replayed) -> str:
    """From which unit to which, by their keys."""
    return f"{one.old.unit}:{one.new.unit}"


def _findings(
    found: list[Replayed], shown: list[Replayed], old: Profile, new: Profile
) -> dict[str, object]:
    before, after = (Labels(one, get_language() or "tr") for one in (old, new))

    def topic(key: str) -> str:
        return before.topic(key) if old.topic(key) else after.topic(key)

    def move(key: str) -> str:
        gone, come = key.split(":")
        return f"{before.unit(gone) or '—'} → {after.unit(come) or '—'}"

    return {
        "total": len(found),
        "routed": sum(one.is_routed_otherwise for one in found),
        "timed": sum(one.is_timed_otherwise for one in found),
        "by_topic": _counts((one.facts.topic for one in found), topic),
        "by_unit": _counts((_move(one) for one in found if one.old.unit != one.new.unit), move),
        "lines": [
            Line(
                one.facts.number,
                topic(one.facts.topic),
                one.facts.received_at,
                one,
                before.unit(one.old.unit),
                after.unit(one.new.unit),
            )
            for one in shown
        ],
    }


def _counts(keys: Iterable[str], label: Callable[[str], str]) -> list[Count]:
    return [Count(key, label(key), n) for key, n in Counter(keys).most_common()]
