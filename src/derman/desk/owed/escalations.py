"""What was raised, why, to whom, and who has seen it; newest first, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from derman.accounts.models import User
from derman.audit import access
from derman.cases import escalated, escalating
from derman.cases.models import Case, Escalation
from derman.desk import frame, raised, worklists
from derman.desk.chips import Chip, Chips
from derman.desk.frame import DeskRequest, go, page
from derman.desk.labels import Labels, choices, word
from derman.words.life import State
from derman.words.loop import Trigger
from derman.words.rights import Place

SIZE = 50
UNSEEN, ALL = "unseen", "all"
CLOCK = "clock"  # a cause beside the triggers


@dataclass(frozen=True)
class Asked:
    """What the address says, cleaned: seen or not, to whom, why."""

    seen: str
    mine: bool
    cause: str
    after: tuple[datetime, UUID] | None

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "Asked":
        cause = params.get("cause", "")
        return cls(
            ALL if params.get("seen") == ALL else UNSEEN,
            params.get("to") == "me",
            cause if cause == CLOCK or cause in tuple(Trigger) else "",
            worklists.read_key(params.get("after", "")),
        )


@dataclass(frozen=True)
class Line:
    """One escalation with the case it is about."""

    raised: raised.Raised
    case: Case
    topic: str
    state: str
    owner: str
    chip: Chip


@never_cache
@require_GET
@page(place=Place.ESCALATIONS)
def escalations(request: DeskRequest) -> HttpResponse:
    """Those that nobody has seen yet, or all."""
    asked = Asked.of(request.GET)
    rows = list(_after(narrowed(asked, request.user), asked)[: SIZE + 1])
    lines = _lines(rows[:SIZE], request)
    access.record_list(
        sorted({line.case.number for line in lines}),
        what="escalations",
        by=request.user,
        at=request.at,
    )
    last = rows[SIZE - 1] if len(rows) > SIZE else None
    context: dict[str, Any] = {
        "lines": lines,
        "asked": asked,
        "unseen": escalated.unseen(request.user)
        .order_by()
        .values("pk")[: worklists.CAP + 1]
        .count(),
        "causes": [(CLOCK, _("A clock")), *choices(Trigger)],
        "after": f"{last.at.isoformat()}~{last.pk}" if last else "",
        "current": "escalations",
    }
    return frame.render(request, "desk/escalations/list.html", context)


@require_POST
@page(place=Place.ESCALATIONS)
def seen(request: DeskRequest, escalation_id: UUID) -> HttpResponse:
    """Whoever has looked at it says so."""
    row = escalated.visible_to(request.user).select_related("case").filter(pk=escalation_id).first()
    if row is None:
        raise Http404
    escalating.see(row, by=request.user, at=request.at, profile=request.profile)
    messages.success(request, _("Marked as seen."))
    if request.POST.get("back") == "case":
        return go(request, reverse("desk:case", args=[row.case.number]))
    return go(request, f"{reverse('desk:escalations')}?{request.GET.urlencode()}")


def narrowed(asked: Asked, user: User) -> QuerySet[Escalation]:
    """The list that was asked for, unsorted."""
    rows = escalated.visible_to(user)
    if asked.seen == UNSEEN:
        rows = rows.filter(seen_at=None)
    if asked.mine:
        rows = rows.filter(escalated.meant_for(user))
    if asked.cause:
        rows = rows.filter(trigger="" if asked.cause == CLOCK else asked.cause)
    return rows


def _after(rows: QuerySet[Escalation], asked: Asked) -> QuerySet[Escalation]:
    """From the page's key on, with what a line shows, in the same query."""
    if asked.after:
        at, key = asked.after
        rows = rows.filter(Q(at__lt=at) | Q(id__gt=key), at__lte=at)
    shown = ("number", "topic", "state", "due_at", "resolved_at", "closed_at", "owner_unit")
    rows = rows.select_related("seen_by", "case__owner_user").only(
        "cycle", "level", "trigger", "role", "unit", "at", "details", "seen_at",
        *(f"seen_by__{name}" for name in ("username", "first_name", "last_name")),
        *(f"case__{name}" for name in shown),
        *(f"case__owner_user__{name}" for name in ("username", "first_name", "last_name")),
    )  # fmt: skip
    return rows.order_by("-at", "id")


def _lines(rows: list[Escalation], request: DeskRequest) -> list[Line]:
    labels = Labels.for_reader(request.profile.profile)
    chips = Chips(request.profile.profile, request.at)
    return [
        Line(
            raised.shown(row, labels),
            row.case,
            labels.topic(row.case.topic),
            word(State, row.case.state),
            row.case.owner_user.name if row.case.owner_user else labels.unit(row.case.owner_unit),
            chips.of_case(row.case),
        )
        for row in rows
    ]
