"""Which cases are meant: those marked in a list, or all that it holds."""

from derman.cases.models import Case
from derman.cases.querysets import CaseQuerySet
from derman.desk import worklists
from derman.desk.frame import DeskRequest
from derman.desk.worklists import Asked
from derman.workplace import bulk


def chosen_cases(asked: Asked, marked: list[str], request: DeskRequest) -> CaseQuerySet:
    """The marked numbers that this person may see; without any, the whole list."""
    if marked:
        return marked_cases(marked, request)
    return worklists.cases_of(asked, request.user, request.at)


def marked_cases(marked: list[str], request: DeskRequest) -> CaseQuerySet:
    """Those with these numbers that this person may see; what is no number marks nothing."""
    numbers = [one for one in marked[: bulk.MOST] if one.isascii() and one.isdecimal()]
    return Case.objects.visible_to(request.user).filter(number__in=numbers)
