"""A decision that waits for a second pair of eyes, or came back, above the timeline."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import authority, escalation_words
from derman.cases.models import Approval, Offer
from derman.desk.labels import word
from derman.desk.sections.section import Section
from derman.desk.shown_people import Applicant
from derman.desk.verbs.approving import WAITS, may_answer
from derman.desk.verbs.form import Scene
from derman.words.kinds import Decision
from derman.words.life import OPEN_STATES
from derman.words.loop import ActionKind, ApprovalState


@dataclass(frozen=True)
class Shown:
    """The decision as the panel has it."""

    row: Approval
    title: str
    why: str
    decision: str
    reason: str
    amount: str
    text: str
    evidence: str
    action: str
    note: str
    may_answer: bool
    nobody: bool  # has the authority, whoever looks


def _waiting(scene: Scene) -> Shown | None:
    return _shown(scene.waiting, scene)


def _declined(scene: Scene) -> Shown | None:
    came_back = _came_back().filter(case=scene.case, cycle=scene.case.cycle)
    newest = came_back.select_related("asked_by", "decided_by").order_by("-decided_at").first()
    return _shown(newest, scene)


def _came_back() -> QuerySet[Approval]:
    """Sent back, and nothing else was offered since."""
    later = Offer.objects.filter(case=OuterRef("case"), made_at__gte=OuterRef("decided_at"))
    return Approval.objects.filter(~Exists(later), state=ApprovalState.DECLINED)


def _shown(row: Approval | None, scene: Scene) -> Shown | None:
    if row is None:
        return None
    profile, language = scene.profile.profile, scene.labels.language
    readable = Applicant(scene.case, scene.user).readable
    reason = profile.decisions.reasons.get(row.reason_code)
    waits = row.state == ApprovalState.WAITING
    may = waits and may_answer(row, scene)
    return Shown(
        row,
        _("Waits for a second pair of eyes") if waits else _("Sent back: decide again"),
        escalation_words.why_it_waits(row, profile, language),
        word(Decision, row.decision),
        profile.text(reason.label, language) if reason else row.reason_code,
        escalation_words.amount(row, profile),
        readable(row.text),
        readable(row.evidence),
        readable(_action(row)),
        readable(row.note),
        may,
        waits and not may and not _who_may(row, scene),
    )


def _who_may(row: Approval, scene: Scene) -> list[User]:
    return authority.approvers(
        scene.case, row.decision, scene.in_all, scene.profile.profile, asker_id=row.asked_by_id
    )


def _action(row: Approval) -> str:
    """What is planned with it."""
    if not row.plan:
        return ""
    return f"{word(ActionKind, row.plan['kind'])}: {row.plan['text']}"


APPROVAL_WAITS = Section(
    key=WAITS,
    template="desk/escalations/approval.html",
    exists=lambda: Exists(
        Approval.objects.filter(case=OuterRef("pk"), state=ApprovalState.WAITING)
    ),
    load=_waiting,
    place="main",
)
APPROVAL_DECLINED = Section(
    key="approval_declined",
    template="desk/escalations/approval.html",
    exists=lambda: Exists(
        _came_back().filter(
            case=OuterRef("pk"),
            cycle=OuterRef("cycle"),
            case__state__in=list(OPEN_STATES),
        )
    ),
    load=lambda scene: None if scene.has(WAITS) else _declined(scene),
    place="main",
)
