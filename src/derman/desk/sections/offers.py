"""Offers on the page of their case: what waits for somebody above the timeline, the rest beside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from derman.cases import acting, unsettled
from derman.cases.models import Action, Contact, Event, Letter, Offer
from derman.cases.permissions import is_concealed
from derman.desk.chips import Chip, Chips
from derman.desk.labels import word
from derman.desk.sections.section import Section
from derman.desk.shown_people import Applicant
from derman.desk.verbs.acting import PlanActionForm
from derman.desk.verbs.concluding import OutcomeForm
from derman.desk.verbs.form import Scene, VerbForm
from derman.desk.verbs.offered import is_offered, owes_call
from derman.desk.verbs.offering import (
    ACCEPTED_OFFER,
    LAPSED_OFFER,
    OPEN_OFFER,
    AcceptanceForm,
    ExternalReferralForm,
    OfferForm,
    RefusalForm,
    WithdrawalForm,
)
from derman.desk.verbs.talking import ContactForm
from derman.words.kinds import Channel
from derman.words.life import OPEN_STATES
from derman.words.loop import OfferState

ANSWERS = (AcceptanceForm, RefusalForm, WithdrawalForm)
AFTER_ACCEPTANCE = (OutcomeForm, PlanActionForm)
AFTER_SILENCE = (ContactForm, OfferForm)
AFTER_REFUSAL = (OfferForm, ExternalReferralForm)
# The case of another row, in the cycle in which it is now.
HERE = {"case": OuterRef("case"), "cycle": OuterRef("case__cycle")}
TONES = {
    OfferState.OPEN: ("info", "handshake"),
    OfferState.ACCEPTED: ("ok", "thumbs-up"),
    OfferState.REFUSED: ("danger", "thumbs-down"),
    OfferState.WITHDRAWN: ("", "undo-2"),
    OfferState.LAPSED: ("warn", "clock-fading"),
}


@dataclass(frozen=True)
class Shown:
    """One offer as the page has it."""

    row: Offer
    text: str
    channel: str
    state: str
    tone: str
    icon: str
    reason: str
    currency: str
    chip: Chip | None
    verbs: list[type[VerbForm]]  # what the reader may do about it
    needs_call: bool = False  # no message told the applicant of it

    @property
    def may_conclude(self) -> bool:
        """Whether the reader records the outcome that follows."""
        return OutcomeForm in self.verbs


def _newest(state: OfferState, verbs: tuple[type[VerbForm], ...]) -> Callable[[Scene], Any]:
    """What loads the last offer in this state, with what may be done about it now."""

    def load(scene: Scene) -> Shown | None:
        found = Offer.objects.filter(case=scene.case, state=state)
        offer = found.select_related("made_by", "answered_by").order_by("made_at").last()
        return _shown(offer, scene, verbs) if offer else None

    return load


def _ended(state: OfferState, cycle: Any) -> QuerySet[Offer]:
    """Offers that ended so on a case that is open and in this cycle now."""
    return Offer.objects.filter(
        case=OuterRef("pk"), case__state__in=OPEN_STATES, case__cycle=cycle, state=state
    )


def _offered_here(*states: OfferState) -> Exists:
    """Whether the cycle in which the case is has an offer in one of these states."""
    return Exists(Offer.objects.filter(state__in=states, **HERE))


def _refused() -> Exists:
    """What was refused in the cycle before, while nothing stands in this one.

    Whoever said that they are not satisfied has a part of their own (`surveys`).
    """
    found = _ended(OfferState.REFUSED, F("cycle") + 1).filter(
        ~Exists(Action.objects.filter(acting.STANDING, **HERE)),
        ~_offered_here(*unsettled.OFFERED),
        ~Exists(Event.objects.filter(case=OuterRef("case"), type__in=unsettled.SAID)),
    )
    return Exists(found)


def _accepted() -> Exists:
    """What was accepted in this cycle, while nothing else is offered and nothing concluded."""
    found = _ended(OfferState.ACCEPTED, F("cycle"))
    return Exists(found.filter(~_offered_here(OfferState.OPEN)))


def _lapsed() -> Exists:
    """What nobody answered in this cycle, while nobody called since and nothing else is offered."""
    called = Contact.objects.filter(case=OuterRef("case"), at__gte=OuterRef("answered_at"))
    found = _ended(OfferState.LAPSED, F("cycle")).filter(~Exists(called))
    return Exists(found.filter(~_offered_here(OfferState.OPEN, OfferState.ACCEPTED)))


def _earlier(scene: Scene) -> list[Shown]:
    found = Offer.objects.filter(~Q(state=OfferState.OPEN), case=scene.case)
    found = found.select_related("made_by", "answered_by").order_by("made_at")
    return [_shown(offer, scene) for offer in found]


def _shown(offer: Offer, scene: Scene, verbs: tuple[type[VerbForm], ...] = ()) -> Shown:
    profile = scene.profile.profile
    tone, icon = TONES[OfferState(offer.state)]
    waits = offer.state == OfferState.OPEN and offer.lapses_at
    applicant = Applicant(scene.case, scene.user)
    return Shown(
        offer,
        applicant.readable(offer.text),
        word(Channel, offer.channel),
        word(OfferState, offer.state),
        tone,
        icon,
        applicant.readable(offer.reason),
        profile.authority.currency,
        Chips(profile, scene.at).of_days(offer.lapses_at) if waits and offer.lapses_at else None,
        [form for form in verbs if is_offered(form, scene)],
        bool(waits and not offer.channel and owes_call(scene.case)),
    )


def _letters(scene: Scene) -> list[dict[str, object]]:
    found = Letter.objects.filter(case=scene.case).select_related("attachment", "posted_by")
    profile, language = scene.profile.profile, scene.labels.language
    bodies = profile.external.bodies
    return [
        {
            "letter": letter,
            "may_open": not is_concealed(scene.case, scene.user),
            "bodies": [
                profile.text(bodies[key].label, language) for key in letter.bodies if key in bodies
            ],
        }
        for letter in found.order_by("made_at")
    ]


OFFER_OPEN = Section(
    key=OPEN_OFFER,
    template="desk/offers/open.html",
    exists=lambda: Exists(Offer.objects.filter(case=OuterRef("pk"), state=OfferState.OPEN)),
    load=_newest(OfferState.OPEN, ANSWERS),
    place="main",
)
OFFER_REFUSED = Section(
    key="offer_refused",
    template="desk/offers/refused.html",
    exists=_refused,
    load=_newest(OfferState.REFUSED, AFTER_REFUSAL),
    place="main",
)
OFFER_ACCEPTED = Section(
    key=ACCEPTED_OFFER,
    template="desk/offers/accepted.html",
    exists=_accepted,
    load=_newest(OfferState.ACCEPTED, AFTER_ACCEPTANCE),
    place="main",
)
OFFER_LAPSED = Section(
    key=LAPSED_OFFER,
    template="desk/offers/lapsed.html",
    exists=_lapsed,
    load=_newest(OfferState.LAPSED, AFTER_SILENCE),
    place="main",
)
OFFERS_EARLIER = Section(
    key="offers",
    template="desk/offers/earlier.html",
    exists=lambda: Exists(Offer.objects.filter(~Q(state=OfferState.OPEN), case=OuterRef("pk"))),
    load=_earlier,
)
LETTERS = Section(
    key="letters",
    template="desk/offers/letters.html",
    exists=lambda: Exists(Letter.objects.filter(case=OuterRef("pk"))),
    load=_letters,
)
