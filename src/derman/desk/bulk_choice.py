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
        return Case.objects.visible_to(request.user).filter(number__in=marked[: bulk.MOST])
    return worklists.cases_of(asked, request.user, request.at)
