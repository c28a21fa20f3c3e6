"""The page of the replay: the draft against what is published, over the cases of a month."""

from collections import Counter
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
from derman.desk.labels import Labels
from derman.profile import drafts
from derman.profile.schema import Profile

DAYS = 31
MOST_CASES = 20_000  # the newest ones of the time that is looked at
MOST_SHOWN = 200


class SinceForm(forms.Form):
    since = forms.DateField(
        label=gettext_lazy("Cases received since"),
        widget=forms.DateInput({"type": "date", "class": "w-20"}, "%Y-%m-%d"),
    )


@dataclass(frozen=True)
class Count:
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
        shown = found[:MOST_SHOWN]
        access.record_list(
            (one.facts.number for one in shown), what="list", by=request.user, at=request.at
        )
        context |= _findings(found, shown, published, edited.profile)
        context |= {"looked_at": min(len(cases), MOST_CASES), "is_cut": len(cases) > MOST_CASES}
    return frame.render(request, "administration/replay.html", context)


def _cases(request: DeskRequest, start: datetime) -> list[Facts]:
    rows = Case.objects.visible_to(request.user).filter(received_at__gte=start)
    rows = rows.order_by("-received_at", "-id")
    fields = ("number", "topic", "region", "channel", "received_at")
    return [Facts(*row) for row in rows.values_list(*fields)[: MOST_CASES + 1]]


def _findings(
    found: list[Replayed], shown: list[Replayed], old: Profile, new: Profile
) -> dict[str, object]:
    before, after = (Labels(one, get_language() or "tr") for one in (old, new))

    def topic(key: str) -> str:
        return before.topic(key) if old.topic(key) else after.topic(key)

    def move(one: Replayed) -> str:
        return f"{before.unit(one.old.unit) or '—'} → {after.unit(one.new.unit) or '—'}"

    routed = [one for one in found if one.is_routed_otherwise]
    return {
        "total": len(found),
        "routed": len(routed),
        "timed": sum(one.is_timed_otherwise for one in found),
        "by_topic": _counts(topic(one.facts.topic) for one in found),
        "by_unit": _counts(move(one) for one in routed if one.old.unit != one.new.unit),
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


def _counts(labels) -> list[Count]:
    return [Count(label, n) for label, n in Counter(labels).most_common()]
