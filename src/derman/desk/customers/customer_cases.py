"""All cases of one customer: those in which they spoke and those that are their matter.

Open ones first, then the newest; pages by key, narrowed by kind and state. A case whose reporter
asked for secrecy is in nobody's list who may not know the reporter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case as CaseOf
from django.db.models import IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from derman.accounts.models import User
from derman.cases.models import Case
from derman.cases.querysets import IN_LISTS, CaseQuerySet
from derman.desk.chips import Chip, Chips
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels, choices, word
from derman.desk.worklists import read_key
from derman.people.models import Customer
from derman.words.kinds import Kind
from derman.words.life import OPEN_STATES, State

SIZE = 25
OPEN = "open"  # beside the states: any that is not concluded
FIRST, LATER = 0, 1  # open cases, then the others


@dataclass(frozen=True)
class Asked:
    """What the address says, cleaned; `after` is where the page begins."""

    kind: str = ""
    state: str = ""
    after: tuple[int, datetime, UUID] | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.state)

    def address(self, **more: str) -> str:
        said = {"kind": self.kind, "state": self.state, **more}
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Row:
    """One case, and as what the customer stands in it."""

    number: str
    url: str
    topic: str
    kind: str
    state: str
    state_key: str
    role: str
    received_at: datetime
    chip: Chip


@dataclass(frozen=True)
class Page:
    """One page of the list, with the form that narrows it."""

    rows: list[Row]
    asked: Asked
    kinds: list[tuple[str, str]]
    states: list[tuple[str, str]]
    first_url: str
    next_url: str


def read(params: Mapping[str, str]) -> Asked:
    """What is asked for; what the address says wrongly is left out."""
    kind, state = params.get("kind", ""), params.get("state", "")
    rank, _mark, key = params.get("after", "").partition("~")
    place = read_key(key)
    return Asked(
        kind if kind in set(Kind) else "",
        state if state in {*State, OPEN} else "",
        (int(rank), *place) if place and rank in ("0", "1") else None,
    )


def of_customer(customer: Customer, user: User) -> CaseQuerySet:
    """Every case of the customer that the user may see, unsorted."""
    theirs = Q(customer=customer) | Q(applicant=customer)
    return Case.objects.visible_to(user).named_to(user).filter(theirs)


def page(customer: Customer, request: DeskRequest, labels: Labels) -> Page:
    """One page of them, in one query."""
    asked = read(request.GET)
    address = reverse("desk:customer", args=[customer.pk])
    found = list(_sorted(_narrowed(of_customer(customer, request.user), asked))[: SIZE + 1])
    shown = found[:SIZE]
    chips = Chips(request.profile.profile, request.at)
    narrowed = asked.address()
    next_url = ""
    if len(found) > SIZE:
        next_url = f"{address}?{asked.address(after=_key(shown[-1]))}"
    return Page(
        rows=[_row(case, customer, labels, chips) for case in shown],
        asked=asked,
        kinds=choices(Kind),
        states=[(OPEN, pgettext("cases", "Open")), *choices(State)],
        first_url=f"{address}?{narrowed}".rstrip("?") if asked.after else "",
        next_url=next_url,
    )


def _narrowed(cases: CaseQuerySet, asked: Asked) -> Any:
    if asked.kind:
        cases = cases.filter(kind=asked.kind)
    if asked.state:
        cases = cases.open() if asked.state == OPEN else cases.filter(state=asked.state)
    rank = CaseOf(
        When(state__in=list(OPEN_STATES), then=Value(FIRST)),
        default=Value(LATER),
        output_field=IntegerField(),
    )
    ranked: Any = cases.annotate(rank=rank)
    if asked.after:
        place, at, key = asked.after
        older = Q(received_at__lt=at) | Q(received_at=at, id__lt=key)
        ranked = ranked.filter(Q(rank__gt=place) | Q(rank=place) & older)
    return ranked


def _sorted(cases: Any) -> Any:
    columns = [name for name in IN_LISTS if not name.startswith("applicant__")]
    shown = cases.only(*columns, "kind", "applicant_id", "customer_id")
    return shown.order_by("rank", "-received_at", "-id")


def _key(case: Any) -> str:
    return f"{case.rank}~{case.received_at.isoformat()}~{case.pk}"


def _row(case: Case, customer: Customer, labels: Labels, chips: Chips) -> Row:
    return Row(
        number=case.number,
        url=reverse("desk:case", args=[case.number]),
        topic=labels.topic(case.topic),
        kind=word(Kind, case.kind),
        state=word(State, case.state),
        state_key=case.state,
        role=_role(case, customer),
        received_at=case.received_at,
        chip=chips.of_case(case),
    )


def _role(case: Case, customer: Customer) -> str:
    if case.applicant_id == case.customer_id:
        return _("Own matter")
    if case.applicant_id == customer.pk:
        return _("Spoke for somebody else")
    return _("Somebody else spoke for them")
