"""The page of a customer: how they can be reached, what they hold, what they told us."""

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from derman.accounts import rights
from derman.audit import access
from derman.desk import contact_points, customers_lookup, frame, merges
from derman.desk.frame import DeskRequest
from derman.desk.register_sheet import Sheet, earlier_cases, may_see
from derman.words.kinds import Relation
from derman.words.life import Verb
from derman.words.rights import Place

MOST_CASES = 50


@require_GET
@frame.page(verb=Verb.READ)
def customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """One customer; whoever acts for own units only sees those of their cases."""
    found = customers_lookup.find(customer_id)
    if found is None or not may_see(request, found):
        raise Http404
    if found.customer.pk != customer_id:  # merged since the link was made
        return redirect("desk:customer", found.customer.pk)
    access.record(
        customer_id, what="customer", about="customer", by=request.user, at=request.at, why="read"
    )
    sheet = Sheet(request, picked=found)
    context = {
        "sheet": sheet,
        "customer": found.customer,
        "points": contact_points.of_customer(found.customer),
        "may_reveal": rights.may_enter(request.user, Place.REVEAL),
        "may_correct": rights.may(request.user, Verb.CORRECT),
        "merges": merges.of_customer(found.customer, request.user),
        "may_merge": merges.may(request.user),
        "holdings": [
            (holding, _(Relation(holding.relation).label))
            for holding in found.customer.holdings.all()
        ],
        "cases": [
            (case, sheet.labels.topic(case.topic))
            for case in earlier_cases(request, replace(found, account=None), MOST_CASES)
        ],
    }
    return frame.render(request, "desk/customer.html", context)
