"""Who else looks at a case or types on it: a line on its page that keeps itself fresh.

Every open page of a case asks every ten seconds; it says whether somebody types there. Nothing of
the case is shown, so no look at it is recorded.
"""

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from derman.cases.models import Case
from derman.desk.frame import DeskRequest, page, render
from derman.lib import identifiers
from derman.words.life import Verb
from derman.workplace.presence import Colleague, look

NOTHING_NEW = 204


@never_cache
@require_POST
@page(verb=Verb.READ)
def presence(request: DeskRequest, number: str) -> HttpResponse:
    """I am here; who else is? Says nothing where the page knows it already."""
    cases = Case.objects.visible_to(request.user).filter(number=identifiers.read_number(number))
    case_id = cases.values_list("pk", flat=True).first()
    if case_id is None:
        raise Http404
    others = look(case_id, request.user, typing=bool(request.POST.get("typing")), at=request.at)
    known = _mark(others)
    if request.POST.get("known", "") == known:
        return HttpResponse(status=NOTHING_NEW)
    context = {"others": others, "known": known}
    return render(request, "desk/case/presence.html#others", context)


def _mark(others: list[Colleague]) -> str:
    """What a page says it shows already."""
    return ",".join(f"{one.id}{'t' if one.is_typing else ''}" for one in others)
