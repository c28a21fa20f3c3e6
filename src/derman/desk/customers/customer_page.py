"""The page of a customer: how they can be reached, what they hold, what they told us."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.audit import access
from derman.desk import frame
from derman.desk.customers import contact_points, customer_cases, lookup, merges
from derman.desk.customers.earlier_cases import may_see
from derman.desk.customers.lookup import Candidate
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels, word
from derman.lib import masks
from derman.people.models import Correction, Customer, CustomerKind, Holding
from derman.words.kinds import Language, Relation
from derman.words.life import Verb
from derman.words.rights import Place

MOST_CORRECTIONS = 20
KINDS = {
    CustomerKind.PERSON: gettext_lazy("Person"),
    CustomerKind.ORGANISATION: gettext_lazy("Organisation"),
}
CORRECTED = {
    "name": gettext_lazy("Name"),
    "tckn": gettext_lazy("Identity number (TCKN)"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
}
MASKS = {"tckn": masks.mask_tckn, "phone": masks.mask_phone, "email": masks.mask_email}


@dataclass(frozen=True)
class Held:
    """An account that the customer holds or held; `choice` registers a case about it."""

    number: str
    relation: str
    region: str
    address: str
    starts_on: date | None
    ends_on: date | None
    choice: str


@dataclass(frozen=True)
class Corrected:
    """What the file said before and since; numbers and mailboxes masked."""

    field: Any
    before: str
    after: str
    by: str
    at: datetime


@require_GET
@frame.page(verb=Verb.READ)
def customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """One customer; whoever acts for own units only sees those of their cases."""
    found = lookup.find(customer_id)
    if found is None or not may_see(request, found):
        raise Http404
    if found.customer.pk != customer_id:  # merged since the link was made
        return redirect("desk:customer", found.customer.pk)
    access.record(
        customer_id, what="customer", about="customer", by=request.user, at=request.at, why="read"
    )
    person = found.customer
    labels = Labels.for_reader(request.profile.profile)
    may_register = rights.may(request.user, Verb.OPEN)
    context = {
        "customer": person,
        "labels": labels,
        "facts": facts(person),
        "points": contact_points.of_customer(person),
        "may_reveal": rights.may_enter(request.user, Place.REVEAL),
        "may_correct": rights.may(request.user, Verb.CORRECT),
        "merges": merges.of_customer(person, request.user),
        "may_merge": merges.may(request.user),
        "holdings": [
            _held(one, person, request, labels) for one in _by_standing(person.holdings.all())
        ],
        "choice": lookup.sign(found, request.user) if may_register else "",
        "cases": customer_cases.page(person, request, labels),
        "corrections": corrections(person),
    }
    return frame.render(request, "desk/customer/page.html", context)


def facts(person: Customer) -> dict[str, Any]:
    """Who it is, in words; identity numbers masked."""
    return {
        "kind": KINDS[CustomerKind(person.kind)],
        "language": word(Language, person.language),
        "tckn": masks.mask_tckn(person.tckn) if person.tckn else "",
        "vkn": masks.mask_tckn(person.vkn) if person.vkn else "",
    }


def corrections(person: Customer) -> list[Corrected]:
    """The last changes of the file, newest first."""
    rows = Correction.objects.filter(customer=person).select_related("by").order_by("-at", "-id")
    return [_corrected(one) for one in rows[:MOST_CORRECTIONS]]


def _corrected(one: Correction) -> Corrected:
    mask = MASKS.get(one.field, str)
    before, after = (mask(value) if value else "" for value in (one.before, one.after))
    by = one.by.name if one.by else _("The system")
    return Corrected(CORRECTED.get(one.field, one.field), before, after, by, one.at)


def _held(one: Holding, person: Customer, request: DeskRequest, labels: Labels) -> Held:
    may_register = one.ends_on is None and rights.may(request.user, Verb.OPEN)
    meant = Candidate(person, one.account, one.relation)
    return Held(
        number=one.account.number,
        relation=word(Relation, one.relation),
        region=labels.region(one.account.region) if one.account.region else "",
        address=one.account.address,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        choice=lookup.sign(meant, request.user) if may_register else "",
    )


def _by_standing(holdings: Any) -> list[Holding]:
    """Those that hold today first."""
    return sorted(holdings, key=lambda one: (one.ends_on is not None, one.pk))
