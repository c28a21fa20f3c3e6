"""What happens to an offer that nobody answers: it ends, and the case is its owner's again.

Called by the worker. A case that somebody changes at this moment is left for the next round.
"""

from contextlib import suppress
from datetime import datetime

from derman.cases import actions
from derman.cases.models import Offer
from derman.profile.publishing import Published
from derman.words.loop import OfferState


def settle(at: datetime, limit: int, *, profile: Published) -> int:
    """End up to `limit` offers whose days are over; return how many there were."""
    due = Offer.objects.filter(state=OfferState.OPEN, lapses_at__lte=at).order_by("lapses_at")
    if not due.exists():
        return 0
    settled = 0
    for offer in due.select_related("case")[:limit]:
        with suppress(actions.CannotDo):
            actions.let_offer_lapse(offer, at=at, profile=profile)
            settled += 1
    return settled
