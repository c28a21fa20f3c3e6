"""Offers that wait for an answer and those that were answered; letters to print and post."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from derman.audit import access
from derman.cases import actions, offered
from derman.cases.letters import postal_address
from derman.cases.models import Letter, Offer
from derman.cases.offered import Key, Which
from derman.cases.permissions import is_concealed
from derman.desk import frame, worklists
from derman.desk.chips import Chip, Chips
from derman.desk.frame import DeskRequest, go, page
from derman.desk.labels import Labels, word
from derman.desk.sections.offers import TONES
from derman.desk.shown_people import Applicant
from derman.words.kinds import ReplyChannel
from derman.words.life import Verb
from derman.words.loop import OfferState

SIZE = 50
NAMES = {
    "open": (gettext_lazy("Waiting"), "handshake"),
    "lapsing": (gettext_lazy("Lapsing soon"), "clock-alert"),
    "accepted": (gettext_lazy("Accepted"), "thumbs-up"),
    "refused": (gettext_lazy("Refused"), "thumbs-down"),
    "lapsed": (gettext_lazy("Not answered"), "clock-fading"),
}
COUNTED = ("open", "lapsing")  # the others only grow


@dataclass(frozen=True)
class Line:
    """One offer in the list."""

    number: str
    url: str
    topic: str
    applicant: str
    person: str
    text: str
    reason: str
    chip: Chip | None
    answered_at: datetime | None
    state: str
    tone: str
    icon: str


@dataclass(frozen=True)
class LetterLine:
    """One letter that waits for somebody to post it."""

    letter: Letter
    topic: str
    applicant: str
    wish: str
    has_address: bool
    is_concealed: bool  # whoever posts it has to know who reported


@never_cache
@require_GET
@page(verb=Verb.ACCEPT)
def offers(request: DeskRequest) -> HttpResponse:
    """One kind at a time; the counts of those that wait beside it."""
    said = request.GET.get("which", "")
    which: Which = said if said in offered.WHICH else "open"
    key = worklists.read_key(request.GET.get("after", ""))
    found = offered.offers_page(request.user, which, request.at, after=key, size=SIZE)
    numbers = [row.case.number for row in found.rows]
    access.record_list(numbers, what="offers", by=request.user, at=request.at)
    labels = Labels.for_reader(request.profile.profile)
    chips = Chips(request.profile.profile, request.at)
    context = {
        "current": "offers",
        "which": which,
        "kinds": [(name, *NAMES[name], _count(request, name)) for name in offered.WHICH],
        "lines": [_line(row, request, labels, chips) for row in found.rows],
        "after": _key(found.after),
    }
    return frame.render(request, "desk/offers/list.html", context)


@never_cache
@require_GET
@page(verb=Verb.CONTACT)
def letters(request: DeskRequest) -> HttpResponse:
    """The letters to print and post, those that have waited longest first."""
    key = worklists.read_key(request.GET.get("after", ""))
    found = offered.letters_page(request.user, after=key, size=SIZE)
    numbers = [row.case.number for row in found.rows]
    access.record_list(numbers, what="letters", by=request.user, at=request.at)
    labels = Labels.for_reader(request.profile.profile)
    lines = [
        LetterLine(
            row,
            labels.topic(row.case.topic),
            Applicant(row.case, request.user).name,
            word(ReplyChannel, row.case.reply_channel),
            bool(postal_address(row.case.applicant)),
            is_concealed(row.case, request.user),
        )
        for row in found.rows
    ]
    context = {"current": "letters", "lines": lines, "after": _key(found.after)}
    return frame.render(request, "desk/offers/to_post.html", context)


@require_POST
@page(verb=Verb.CONTACT)
def post(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """Somebody has put the letter into the post."""
    found = offered.letters_by_post(request.user).select_related("case__applicant")
    letter = found.filter(pk=letter_id).first()
    if letter is None:
        raise Http404
    try:
        actions.post_letter(letter, by=request.user, at=request.at, profile=request.profile)
    except actions.CannotDo as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The letter is posted."))
    return go(request, reverse("desk:letters"))


def _count(request: DeskRequest, which: Which) -> int | None:
    """How many there are, counted up to the cap."""
    if which not in COUNTED:
        return None
    rows = offered.offers(request.user, which, request.at).order_by().values("pk")
    return rows[: worklists.CAP + 1].count()


def _key(after: Key | None) -> str:
    return f"{after[0].isoformat()}~{after[1]}" if after else ""


def _line(row: Offer, request: DeskRequest, labels: Labels, chips: Chips) -> Line:
    tone, icon = TONES[OfferState(row.state)]
    is_open = row.state == OfferState.OPEN
    applicant = Applicant(row.case, request.user)
    return Line(
        row.case.number,
        f"{reverse('desk:case', args=[row.case.number])}?{urlencode({'view': 'all'})}",
        labels.topic(row.case.topic),
        applicant.name,
        row.made_by.name if row.made_by else "",
        applicant.readable(row.text),
        applicant.readable(row.reason),
        chips.of_days(row.lapses_at) if is_open and row.lapses_at else None,
        row.answered_at,
        word(OfferState, row.state),
        tone,
        icon,
    )
