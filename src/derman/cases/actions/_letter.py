"""Writing the letter that names bodies outside (row G19).

It is set before the caller begins its transaction: a long letter takes a second, in which nobody
else should wait. What it says still holds then, because the version of the case does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _

from derman.cases import files, letters
from derman.cases.actions._core import Act, CannotDo, check_possible, record, touch
from derman.cases.models import Attachment, Case, Letter, Offer, Outcome, Reply
from derman.lib import letterpress
from derman.people.reaching import can_be_written_to
from derman.profile.schema import Profile
from derman.words.events import EventType
from derman.words.kinds import ReplyChannel
from derman.words.life import Verb
from derman.words.loop import OfferState

ON_PAPER = (ReplyChannel.LETTER, ReplyChannel.PHONE)


@dataclass(frozen=True)
class Paper:
    """A letter as it was set, not yet a part of its case; `text` is what it says was examined."""

    name: str
    pdf: bytes
    text: str
    bodies: list[str]


def check_referral(case: Case, bodies: Collection[str], profile: Profile) -> None:
    """Refuse before every reasonable solution was refused, and bodies that nobody knows."""
    check_possible(case, Verb.REFER_OUT)
    if case.cycle == 1:
        raise CannotDo(
            _("First offer a solution: this is for results and offers that were refused."),
            code="too_early",
        )
    if case.offers.filter(state=OfferState.OPEN).exists():
        raise CannotDo(_("An offer still waits for an answer."), code="offer_open")
    if has_letter(case):
        raise CannotDo(_("A letter has named other bodies already."), code="letter_written")
    known = profile.external.bodies
    if not bodies or any(key not in known or known[key].retired for key in bodies):
        raise CannotDo(_("Choose the bodies to name."), code="bodies", field="bodies")


def compose(case: Case, text: str, bodies: Collection[str], act: Act) -> letterpress.LetterText:
    """What the letter says, with every offer that was made and did not help."""
    offers = Offer.objects.filter(case=case, state__in=letters.TURNED_DOWN).order_by("made_at")
    return letters.written(case, text, bodies, offers, at=act.at, profile=act.profile.profile)


def set_letter(case: Case, text: str, bodies: Collection[str], act: Act) -> Paper:
    """Set the letter; saves nothing."""
    content = compose(case, text, bodies, act)
    with translation.override(content.language):
        name = _("Letter") + f" {case.number}.pdf"
    return Paper(name, letterpress.pdf(content), text, list(bodies))


def write_letter(case: Case, paper: Paper, act: Act) -> Letter:
    """Keep the letter with the case, and say whether somebody has to post it.

    That is what the applicant wants, or all that is left where no message can reach them. The
    caller holds the transaction.
    """
    kept = files.keep(BytesIO(paper.pdf), name=paper.name)
    attachment = Attachment.objects.create(
        id=kept.id,
        case=case,
        name=kept.name,
        mime=kept.mime,
        size=kept.size,
        digest=kept.digest,
        from_applicant=False,
        at=act.at,
        by=act.by,
    )
    return Letter.objects.create(
        case=case,
        cycle=case.cycle,
        attachment=attachment,
        bodies=paper.bodies,
        by_post=case.reply_channel in ON_PAPER
        or not can_be_written_to(case.applicant.contact_points.all()),
        made_at=act.at,
        made_by=act.by,
    )


def send_letter(case: Case, paper: Paper, act: Act) -> None:
    """After the result was told: write to the applicant where else to turn."""
    touch(case, Verb.REFER_OUT)
    letter = write_letter(case, paper, act)
    said = Reply.objects.create(
        case=case, text=paper.text, channel=case.reply_channel, at=act.at, by=act.by
    )
    record(
        case,
        EventType.REFERRED_EXTERNALLY,
        act,
        letter=str(letter.attachment_id),
        bodies=letter.bodies,
        reply=str(said.pk),
        decision=case.decision,
        cycle=case.cycle,
    )


def post_instead(case: Case) -> None:
    """No message brought the letter of this cycle to the applicant: somebody has to post it."""
    Letter.objects.filter(case=case, cycle=case.cycle, by_post=False).update(by_post=True)


def letter_for_closing(case: Case, act: Act) -> Paper | None:
    """For closing as referred: the letter of this cycle, unless it was written before.

    A profile that names no body has nothing to write; then the case just closes.
    """
    bodies = letters.right_bodies(case, act.profile.profile)
    if not bodies or has_letter(case):
        return None
    check_referral(case, bodies, act.profile.profile)
    told = Outcome.objects.filter(case=case, cycle=case.cycle).values_list("text", flat=True)
    return set_letter(case, told.first() or "", bodies, act)


def has_letter(case: Case) -> bool:
    """Whether the letter of this cycle is written."""
    return Letter.objects.filter(case=case, cycle=case.cycle).exists()
