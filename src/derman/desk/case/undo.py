"""Calling a typed reply back while it has not left; its words return as a draft."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from derman.cases import actions
from derman.cases.models import Reply
from derman.cases.permissions import find_case
from derman.desk.frame import DeskRequest, go, page
from derman.desk.lists.workbench import kept_query
from derman.words.life import Verb
from derman.workplace import drafts

FORM = "replies"


@require_POST
@page(verb=Verb.REPLY)
def undo(request: DeskRequest, number: str, reply_id: UUID) -> HttpResponse:
    """Call it back, or say that it is too late."""
    case = find_case(request.user, number, verb=Verb.REPLY, what="undo", at=request.at)
    reply = Reply.objects.filter(pk=reply_id, case=case).first()
    if reply is None:
        raise Http404
    reply.case = case
    try:
        actions.withdraw(reply, by=request.user, at=request.at, profile=request.profile)
    except actions.CannotDo as reason:
        messages.error(request, str(reason))
    else:
        _put_back(request, reply)
        messages.success(request, _("The answer was called back. Nobody has read it."))
    query = kept_query(request)
    return go(request, f"{reverse('desk:case', args=[case.number])}?{query}")


def _put_back(request: DeskRequest, reply: Reply) -> None:
    """Its words stand in the form again, unless something newer does."""
    if drafts.find(request.user, reply.case_id, FORM) is None:
        words = {"text": reply.text, "channel": reply.channel}
        drafts.keep(request.user, reply.case_id, FORM, words, at=request.at)
