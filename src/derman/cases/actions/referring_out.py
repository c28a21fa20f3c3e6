"""Telling the applicant which bodies outside may help, when nothing of ours did (row G19)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.actions._closing import close_once_told
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions._letter import check_referral, compose, send_letter, write_letter
from derman.cases.actions._ruling import Ruling
from derman.cases.actions.concluding import conclude
from derman.cases.actions.informing import add_contact, end_of_calling
from derman.cases.models import Case, Letter
from derman.lib import letterpress
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import Channel, ContactOutcome, Decision
from derman.words.life import State, Verb


@transaction.atomic
def refer_out(
    case: Case,
    text: str,
    bodies: Collection[str],
    *,
    by: User,
    at: datetime,
    profile: Published,
    decision: Decision | str = "",
) -> None:
    """Conclude with a letter that names the bodies; the case closes once its applicant was told.

    `decision` is asked for while the case is open; after a result it stands already.
    """
    act = Act(by, at, profile)
    check_text(text)
    check_referral(case, bodies, profile.profile)
    if case.state == State.RESOLVED:
        send_letter(case, text, bodies, act)
    else:
        _conclude(case, text, bodies, decision, act)
    close_once_told(case, act)


def letter_of(
    case: Case, text: str, bodies: Collection[str], *, by: User, at: datetime, profile: Published
) -> letterpress.LetterText:
    """The letter as it would be written; saves nothing, so it can be looked at before."""
    return compose(case, text, bodies, Act(by, at, profile))


@transaction.atomic
def post_letter(letter: Letter, *, by: User, at: datetime, profile: Published) -> None:
    """Somebody has posted the letter, which proves that the applicant was written to."""
    act = Act(by, at, profile)
    case = letter.case
    free = Letter.objects.filter(pk=letter.pk, by_post=True, posted_at=None)
    if not free.update(posted_at=at, posted_by=by):
        raise CannotDo(_("The letter was posted before."), code="posted")
    left = ContactOutcome.MESSAGE_LEFT
    tells = case.state == State.RESOLVED and letter.cycle == case.cycle  # no later result
    add_contact(case, act, channel=Channel.LETTER, outcome=left, concludes=tells)
    touch(case, Verb.CONTACT, also=end_of_calling(case, act))
    record(case, EventType.CONTACTED, act, channel=Channel.LETTER, outcome=left)
    close_once_told(case, act)


def _conclude(
    case: Case, text: str, bodies: Collection[str], decision: Decision | str, act: Act
) -> None:
    if decision not in list(Decision):
        raise CannotDo(_("Choose a decision."), code="decision", field="decision")
    letter = write_letter(case, text, bodies, act)
    conclude(
        case,
        Verb.REFER_OUT,
        Ruling(Decision(decision), text),
        act,
        event=EventType.REFERRED_EXTERNALLY,
        letter=str(letter.attachment_id),
        bodies=letter.bodies,
    )
