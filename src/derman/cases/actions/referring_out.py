"""Telling the applicant which bodies outside may help, when nothing of ours did (row G19)."""

from collections.abc import Collection
from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import authority
from derman.cases.actions._closing import close_once_told
from derman.cases.actions._core import Act, CannotDo, check_text, record, touch
from derman.cases.actions._letter import (
    Paper,
    check_referral,
    compose,
    send_letter,
    set_letter,
    write_letter,
)
from derman.cases.actions._ruling import Ruling, Why
from derman.cases.actions.concluding import conclude
from derman.cases.actions.informing import add_contact, end_of_calling
from derman.cases.models import Case, Letter
from derman.lib import letterpress
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.kinds import Channel, ContactOutcome, Decision
from derman.words.life import State, Verb


def refer_out(
    case: Case,
    text: str,
    bodies: Collection[str],
    *,
    by: User,
    at: datetime,
    profile: Published,
    decision: Decision | str = "",
    **why: Unpack[Why],
) -> None:
    """Conclude with a letter that names the bodies; the case closes once its applicant was told.

    A decision with its grounds is asked for while the case is open; after a result it stands
    already.
    """
    act = Act(by, at, profile)
    check_text(text)
    check_referral(case, bodies, profile.profile)
    is_open = case.state != State.RESOLVED
    ruling = _ruling(case, decision, text, why, act) if is_open else None
    paper = set_letter(case, text, bodies, act)
    with transaction.atomic():
        if ruling:
            _conclude(case, ruling, paper, act)
        else:
            send_letter(case, paper, act)
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


def _ruling(case: Case, decision: Decision | str, text: str, why: Why, act: Act) -> Ruling:
    """What is decided with the letter; nothing that this person may not decide alone."""
    if decision not in list(Decision):
        raise CannotDo(_("Choose a decision."), code="decision", field="decision")
    ruling = Ruling(Decision(decision), text, **why)
    ruling.check(case, act)
    if authority.check(act.by, case, ruling.decision, None, act.profile.profile):
        message = _("This decision is above your authority. Record it as the outcome first.")
        raise CannotDo(message, code="authority", field="decision")
    return ruling


def _conclude(case: Case, ruling: Ruling, paper: Paper, act: Act) -> None:
    letter = write_letter(case, paper, act)
    conclude(
        case,
        Verb.REFER_OUT,
        ruling,
        act,
        event=EventType.REFERRED_EXTERNALLY,
        letter=str(letter.attachment_id),
        bodies=letter.bodies,
    )
