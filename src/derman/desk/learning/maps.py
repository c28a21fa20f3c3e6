"""The maps of many cases: the ways they go, where they turn back, and where the time is lost."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.audit import access
from derman.cases.models import Case, Task
from derman.cases.querysets import CaseQuerySet
from derman.desk import frame
from derman.desk.case.case_map import place_label
from derman.desk.days import DayField
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, choices
from derman.profile.schema import Profile
from derman.reports import paths
from derman.reports.paths import SAME_UNIT, Flow, ManyMap
from derman.reports.stays import WAITING_STATES, Place
from derman.ui import flow_chart
from derman.ui.templatetags.ui import remaining
from derman.words.kinds import Channel
from derman.words.life import State
from derman.words.rights import Place as DeskPlace

USUAL = timedelta(days=90)
LONGEST = timedelta(days=366)
ONE_DAY = timedelta(days=1)
MOST_UNITS = 6  # boxes of their own; the others share one
OTHER_UNITS = Place(State.REFERRED, ("…",))
COLUMNS = {
    State.RECEIVED: 0,
    State.IN_REVIEW: 1,
    State.REFERRED: 2,
    State.AWAITING_APPLICANT: 3,
    State.ANSWERED: 3,
    State.RESOLVED: 4,
    State.CLOSED: 5,
}
LOOP_LABELS = {
    "reopened": gettext_lazy("Opened again, offer refused, or still not satisfied"),
    "sent_back": gettext_lazy("Sent back by a unit"),
    "taken_back": gettext_lazy("Taken back from a unit"),
    "asked_twice": gettext_lazy("Applicant asked more than once"),
    "missed": gettext_lazy("Nobody met at a visit"),
    SAME_UNIT: gettext_lazy("The same unit asked again"),
}


class MapFilter(forms.Form):
    """Which cases are looked at."""

    since = DayField(label=gettext_lazy("Received from"), widget=forms.DateInput({"type": "date"}))
    until = DayField(label=gettext_lazy("to"), widget=forms.DateInput({"type": "date"}))
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)

    def __init__(self, *args: Any, labels: Labels, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_ = [("", _("All"))]
        mains = [(key, labels.topic(key)) for key in labels.profile.topics]
        self._offer("topic", [*any_, *mains])
        self._offer("unit", [*any_, *labels.units()])
        self._offer("channel", [*any_, *choices(Channel, tuple(labels.profile.channels))])

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = options

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("Choose a day after the first one."))
        elif since and until and until - since > LONGEST:
            self.add_error("until", _("Choose at most a year."))
        return data


@dataclass(frozen=True)
class Step:
    label: str
    waits: bool


@dataclass(frozen=True)
class ShownPath:
    """A frequent path with its numbers in words."""

    steps: list[Step]
    path: paths.FrequentPath


@never_cache
@require_GET
@page(place=DeskPlace.LEARNING)
def many(request: DeskRequest) -> HttpResponse:
    """The maps of the cases of a period, narrowed by topic, unit and channel."""
    labels = Labels.for_reader(request.profile.profile)
    today = request.at.astimezone(_zone(request.profile.profile)).date()
    usual = {"since": today - USUAL, "until": today}
    given = {**{key: day.isoformat() for key, day in usual.items()}, **request.GET.dict()}
    form = MapFilter(given, labels=labels)
    found = _reckon(request, form) if form.is_valid() else None
    context = {
        "current": "maps",
        "form": form,
        "map": found,
        "most": paths.MOST,
        **(_shown(found, labels) if found else {}),
    }
    status = 200 if found else 422
    return frame.render(request, "desk/maps/many.html", context, status)


def _reckon(request: DeskRequest, form: MapFilter) -> ManyMap:
    data = form.cleaned_data
    zone = _zone(request.profile.profile)
    begins, ends = _midnight(data["since"], zone), _midnight(data["until"] + ONE_DAY, zone)
    cases = _narrowed(Case.objects.visible_to(request.user), data)
    found = paths.of_cases(cases, begins, ends, request.at)
    numbers = [number for path in found.paths for number in path.examples]
    access.record_list(numbers, what="maps", by=request.user, at=request.at)
    return found


def _narrowed(cases: CaseQuerySet, data: Mapping[str, Any]) -> CaseQuerySet:
    if topic := data["topic"]:
        cases = cases.filter(main_topic=topic)
    if unit := data["unit"]:
        asked = Exists(Task.objects.filter(case=OuterRef("pk"), unit=unit))
        cases = cases.filter(asked | Q(owner_unit=unit))
    if channel := data["channel"]:
        cases = cases.filter(channel=channel)
    return cases


def _shown(found: ManyMap, labels: Labels) -> dict[str, Any]:
    drawing = _drawing(found.flow, found, labels)
    return {
        "drawing": drawing,
        "description": "; ".join(
            line.title for line in sorted(drawing.lines, key=lambda line: -line.count)[:12]
        ),
        "paths": [
            ShownPath(
                [Step(place_label(p, labels), _waits(p)) for p in path.path]
                or [Step(_("Concluded at once"), waits=False)],
                path,
            )
            for path in found.paths
        ],
        "lost": [(place_label(one.place, labels), one) for one in found.lost],
        "loops": [(LOOP_LABELS[one.key], one) for one in found.loops],
        "edges": [
            (place_label(one, labels), place_label(other, labels), count)
            for (one, other), count in Counter(dict(found.flow.edges)).most_common(40)
        ],
    }


def _waits(place: Place) -> bool:
    return place.state in WAITING_STATES


def _drawing(flow: Flow, found: ManyMap, labels: Labels) -> flow_chart.Drawing:
    """The flow with the units that are asked most; all others in one box."""
    units = [place for place in flow.nodes if place.state is State.REFERRED]
    units.sort(key=lambda place: -flow.nodes[place])
    own = set(units[:MOST_UNITS])

    def box(place: Place) -> Place:
        return place if place.state is not State.REFERRED or place in own else OTHER_UNITS

    nodes: Counter[Place] = Counter()
    for place, count in flow.nodes.items():
        nodes[box(place)] += count
    edges: Counter[tuple[str, str]] = Counter()
    for (one, other), count in flow.edges.items():
        if box(one) != box(other):
            edges[_key(box(one)), _key(box(other))] += count
    medians = {one.place: one.median for one in found.lost}
    shown = sorted(nodes, key=lambda p: (COLUMNS[p.state], _order(p), -nodes[p]))
    boxes = [
        flow_chart.Node(
            _key(place),
            COLUMNS[place.state],
            _("Other units") if place == OTHER_UNITS else place_label(place, labels),
            _detail(nodes[place], medians.get(place)),
            "wait" if _waits(place) else "",
        )
        for place in shown
    ]
    return flow_chart.draw(boxes, edges)


def _order(place: Place) -> int:
    """Units, then all others together, then the applicant."""
    return 2 if place.state != State.REFERRED else 1 if place == OTHER_UNITS else 0


def _detail(count: int, middle: timedelta | None) -> str:
    cases = ngettext("%(count)s time", "%(count)s times", count) % {"count": count}
    return f"{cases} · {remaining(middle)}" if middle is not None else cases


def _key(place: Place) -> str:
    return f"{place.state}:{'+'.join(place.units)}"


def _zone(profile: Profile) -> ZoneInfo:
    return ZoneInfo(profile.organisation.timezone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=zone)
