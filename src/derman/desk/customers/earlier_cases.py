"""The cases that a customer has already, and so whose business the page of a customer is."""

from dataclasses import replace

from django.db.models import Q

from derman.accounts import rights
from derman.cases.models import Case
from derman.desk.customers.lookup import Candidate
from derman.desk.frame import DeskRequest

MOST_EARLIER = 6


def may_see(request: DeskRequest, found: Candidate) -> bool:
    """Whether the page of this customer is the user's business."""
    if rights.sees_all(request.user):
        return True
    return bool(earlier_cases(request, replace(found, account=None), 1))


def earlier_cases(request: DeskRequest, picked: Candidate, most: int = MOST_EARLIER) -> list[Case]:
    """The newest cases of a customer and an account; a secret reporter's stay out of sight."""
    theirs = Q(customer=picked.customer) | Q(applicant=picked.customer)
    if picked.account:
        theirs |= Q(account=picked.account)
    cases = Case.objects.visible_to(request.user).named_to(request.user).filter(theirs)
    return list(cases.order_by("-received_at", "-id")[:most])
