"""Finding a customer by account, number, mailbox or name; asked by POST, so no address holds it.

Whoever acts for own units or an office finds those of their own cases only.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from derman.accounts import rights
from derman.cases.models import Case
from derman.desk import frame
from derman.desk.customers import lookup
from derman.desk.customers.lookup import Asked, Candidate, Found
from derman.desk.frame import DeskRequest
from derman.words.life import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page(verb=Verb.READ)
def find(request: DeskRequest) -> HttpResponse:
    """The form and who was found; the only one who can be meant is opened at once."""
    found, typed = Found(Asked.NOTHING), ""
    if request.method == "POST":
        typed = request.POST.get("lookup", "").strip()
        found = lookup.look_up(
            typed, by=request.user, at=request.at, about="customers", keep=_own(request)
        )
        if found.only:
            return redirect("desk:customer", found.only.customer.pk)
    context = {
        "found": found,
        "typed": typed,
        "candidates": found.candidates,
        "may_register": rights.may(request.user, Verb.OPEN),
    }
    return frame.render(request, "desk/customer/find.html", context)


def _own(request: DeskRequest):
    """Leaves out the customers of whom the user may see no case; one query."""

    def keep(candidates: Iterable[Candidate]) -> list[Candidate]:
        some = list(candidates)
        if rights.sees_all(request.user) or not some:
            return some
        people = {one.customer.pk for one in some}
        visible = Case.objects.visible_to(request.user).named_to(request.user)
        cases = visible.filter(Q(customer__in=people) | Q(applicant__in=people))
        pairs = cases.values_list("customer_id", "applicant_id")
        theirs = {key for pair in pairs for key in pair}
        return [one for one in some if one.customer.pk in theirs]

    return keep
