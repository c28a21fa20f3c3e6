"""All actions: what is open, late, to be checked, without effect or done; and what lacks one.

Pages go by key, and every line shows its own clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.audit import access
from derman.cases import acting
from derman.cases.models import Action, Case
from derman.desk import frame, shown_actions, worklists
from derman.desk.chips import Chips
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import Labels, choices
from derman.words.life import Verb
from derman.words.loop import ActionKind
from derman.words.rights import Place

SIZE = 50
MINE = "mine"
COLUMNS = (
    "id", "kind", "text", "owner_unit", "due_at", "state", "done_at", "effect", "check_at",
    "checked_at", "cycle", "case__number", "case__topic", "case__secret_reporter",
    "case__applicant__name", "owner_user__first_name", "owner_user__last_name",
    "owner_user__username",
)  # fmt: skip


@dataclass(frozen=True)
class ActionView:
    """One list of actions: what it holds and in which order."""

    label: Any
    icon: str
    narrow: Callable[[QuerySet[Action], datetime], QuerySet[Action]]
    order: str
    empty: Any
    tone: str = ""


VIEWS: Mapping[str, ActionView] = {
    "open": ActionView(
        _("To be done"), "hourglass", acting.to_do, "due_at",
        _("What is planned on justified complaints appears here until it is done."),
    ),
    "late": ActionView(
        _("Late"), "clock-alert", acting.late, "due_at",
        _("Actions past their date appear here. Good that there are none."), tone="danger",
    ),
    "check": ActionView(
        _("To be checked"), "search-check", acting.to_check, "check_at",
        _("Actions whose effect is to be looked at appear here some weeks after they were done."),
        tone="warn",
    ),
    "again": ActionView(
        _("Without effect"), "octagon-alert", acting.without_effect, "-checked_at",
        _("Actions that did not help appear here until something else is planned."), tone="danger",
    ),
    "done": ActionView(
        _("Done"), "check", acting.done, "-done_at",
        _("Actions that were carried out appear here."),
    ),
}  # fmt: skip
MISSING = "missing"


@never_cache
@require_GET
@page(place=Place.ACTIONS)
def actions(request: DeskRequest) -> HttpResponse:
    """One list, narrowed by unit and kind."""
    labels = Labels.for_reader(request.profile.profile)
    lacks = request.profile.profile.decisions.needs_action and rights.may(request.user, Verb.READ)
    name = request.GET.get("view", "")
    if name == MISSING and lacks:
        return _missing(request, labels)
    name = name if name in VIEWS else "open"
    units = _units(request, labels)
    unit = _among(request, "unit", [MINE, *dict(units)])
    kind = _among(request, "kind", list(ActionKind))
    found, after = _page(request, VIEWS[name], unit, kind)
    numbers = sorted({one.case.number for one in found})
    access.record_list(numbers, what="actions", by=request.user, at=request.at)
    chips = Chips(request.profile.profile, request.at)
    context = {
        "lines": [shown_actions.shown(one, labels, chips, request.user) for one in found],
        "after": after,
        "shown": VIEWS[name],
        **_around(name, lacks=lacks),
        "units": units,
        "unit": unit,
        "kind": kind,
    }
    return frame.render(request, "desk/actions/list.html", context)


def _missing(request: DeskRequest, labels: Labels) -> HttpResponse:
    """Cases, because there is no action to show."""
    cases = acting.lacking(Case.objects.visible_to(request.user))
    if key := worklists.read_key(request.GET.get("after", "")):
        cases = cases.filter(_beyond("resolved_at", *key))
    found = list(cases.for_list().order_by("resolved_at", "id")[: SIZE + 1])
    listed = found[:SIZE]
    numbers = [case.number for case in listed]
    access.record_list(numbers, what="actions", by=request.user, at=request.at)
    last = listed[-1] if len(found) > SIZE else None
    context = {
        "cases": [(case, labels.topic(case.topic)) for case in listed],
        "after": f"{last.resolved_at.isoformat()}~{last.pk}" if last and last.resolved_at else "",
        **_around(MISSING, lacks=True),
    }
    return frame.render(request, "desk/actions/list.html", context)


def _around(name: str, *, lacks: bool) -> dict[str, Any]:
    """What every one of the lists has above it."""
    return {
        "view": name,
        "lists": VIEWS.items(),
        "lacks": lacks,
        "kinds": choices(ActionKind),
        "current": "actions",
    }


def _units(request: DeskRequest, labels: Labels) -> list[tuple[str, str]]:
    """Those whose actions this person may see."""
    own, sees_all = rights.own_units(request.user), rights.sees_all(request.user)
    return [pair for pair in labels.units() if sees_all or pair[0] in own]


def _among(request: DeskRequest, name: str, known: list[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""


def _page(request: DeskRequest, view: ActionView, unit: str, kind: str) -> tuple[list[Action], str]:
    """One page by key, and the key of the next."""
    found = view.narrow(acting.visible_to(request.user), request.at)
    if unit == MINE:
        own = rights.own_units(request.user)
        found = found.filter(Q(owner_user=request.user) | Q(owner_user=None, owner_unit__in=own))
    elif unit:
        found = found.filter(owner_unit=unit)
    if kind:
        found = found.filter(kind=kind)
    column = view.order.lstrip("-")
    key = worklists.read_key(request.GET.get("after", ""))
    if key:
        found = found.filter(_beyond(view.order, *key))
    sorted_ = found.select_related("case__applicant", "owner_user").only(*COLUMNS)
    listed = list(sorted_.order_by(view.order, "id")[: SIZE + 1])
    page_ = listed[:SIZE]
    if len(listed) <= SIZE:
        return page_, ""
    last = page_[-1]
    return page_, f"{getattr(last, column).isoformat()}~{last.pk}"


def _beyond(order: str, at: datetime, key: Any) -> Q:
    """After the key; rows of one moment go by their id, upwards."""
    column, step = order.lstrip("-"), "lt" if order.startswith("-") else "gt"
    return Q(**{f"{column}__{step}": at}) | Q(**{column: at, "id__gt": key})
