"""Articles at the desk: found by word and topic, opened beside a case, taken into an answer.

`number` in an address is the case for which somebody reads; it leads back to its answer.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from derman.accounts import rights
from derman.cases.permissions import find_case
from derman.desk import frame
from derman.desk.filters import FILTERS
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels
from derman.desk.verbs.talking import ReplyForm
from derman.knowledge import reading
from derman.knowledge.models import Article
from derman.knowledge.reading import Shown
from derman.lib.identifiers import read_number
from derman.words.life import Verb
from derman.words.rights import Place
from derman.workplace import drafts

LONGEST_QUERY = 100


@dataclass(frozen=True)
class Asked:
    """What an address says, cleaned."""

    words: str
    topic: str
    number: str

    @classmethod
    def read(cls, request: DeskRequest) -> "Asked":
        topic = request.GET.get("topic", "")
        known = request.profile.profile.topic(topic) if topic else None
        return cls(
            request.GET.get("q", "").strip()[:LONGEST_QUERY],
            topic if known else "",
            read_number(request.GET.get("number", "")) or "",
        )

    @property
    def kept(self) -> str:
        """What links to an article keep."""
        return f"?{urlencode({'number': self.number})}" if self.number else ""


@require_GET
@frame.page(place=Place.DESK)
def articles(request: DeskRequest) -> HttpResponse:
    """The list, the most used first."""
    asked = Asked.read(request)
    labels = Labels.for_reader(request.profile.profile)
    topics = FILTERS["topic"].options
    found = reading.find(asked.words, asked.topic)
    context = {
        "current": "articles",
        "asked": asked,
        "articles": _shown(request, found),
        "topics": topics(labels) if topics else [],
        "may_write": rights.may_enter(request.user, Place.ARTICLES),
        "is_cut": len(found) == reading.MOST,
    }
    return frame.render(request, "desk/articles/list.html", context)


@require_GET
@frame.page(place=Place.DESK)
def article(request: DeskRequest, article_id: UUID) -> HttpResponse:
    """One article in the reader's language."""
    asked = Asked.read(request)
    found = _find(article_id)
    context = {
        "current": "articles",
        "article": _shown(request, [found])[0],
        "asked": asked,
        "may_use": bool(asked.number) and rights.may(request.user, Verb.REPLY),
        "may_write": rights.may_enter(request.user, Place.ARTICLES),
    }
    return frame.render(request, "desk/articles/page.html", context)


@require_GET
@frame.page(place=Place.DESK)
def beside(request: DeskRequest) -> HttpResponse:
    """The articles of a topic as a part of another page, each to be opened in place.

    What goes into an answer is in the applicant's language, as far as it is written in it.
    """
    asked = Asked.read(request)
    found = reading.of_topic(asked.topic)
    fallback = request.profile.profile.organisation.language
    spoken = request.GET.get("language", fallback)
    replies = [reading.shown(one, spoken, fallback).plain for one in found]
    context = {
        "articles": list(zip(_shown(request, found), replies, strict=True)),
        "asked": asked,
        "may_use": bool(asked.number) and rights.may(request.user, Verb.REPLY),
    }
    return frame.render(request, "desk/articles/beside.html#part", context)


@require_POST
@frame.page(verb=Verb.REPLY)
def use(request: DeskRequest, number: str, article_id: UUID) -> HttpResponse:
    """Count that its words go into an answer; without scripts they are put into its draft here."""
    case = find_case(request.user, number, verb=Verb.REPLY, what="article", at=request.at)
    found = _find(article_id)
    reading.count_use(found)
    if request.htmx:
        return HttpResponse(status=204)
    organisation = request.profile.profile.organisation
    text = reading.shown(found, case.language, organisation.language).plain
    kept = drafts.find(request.user, case.pk, ReplyForm.noun)
    words = drafts.words_of(kept) if kept else {}
    words["text"] = "\n\n".join(filter(None, (words.get("text", "").strip(), text)))
    drafts.keep(request.user, case.pk, ReplyForm.noun, words, at=request.at)
    return redirect(f"{reverse('desk:case', args=[case.number])}#reply")


@require_POST
@frame.page(place=Place.DESK)
def feedback(request: DeskRequest, article_id: UUID) -> HttpResponse:
    """Count whether it helped; nobody's name is kept."""
    found = _find(article_id)
    reading.count_feedback(found, helped=request.POST.get("helped") == "yes")
    messages.success(request, _("Thank you. It is counted without your name."))
    return redirect("desk:article", found.pk)


def _find(article_id: UUID) -> Article:
    found = reading.published().filter(pk=article_id).first()
    if found is None:
        raise Http404
    return found


def _shown(request: DeskRequest, found: list[Article]) -> list[Any]:
    """In the reader's language."""
    fallback = request.profile.profile.organisation.language
    made: list[Shown] = [reading.shown(one, request.user.language, fallback) for one in found]
    return made
