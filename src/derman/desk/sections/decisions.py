"""What was decided in each cycle beside its words: why, on what grounds, what was granted."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from derman.cases.models import Outcome
from derman.desk.labels import word
from derman.desk.sections.section import Section
from derman.desk.shown_people import Applicant
from derman.desk.verbs.form import Scene
from derman.words.kinds import Decision

GROUNDED = ~Q(reason_code="") | ~Q(evidence="") | Q(compensation__isnull=False)


def _decisions(scene: Scene) -> list[dict[str, Any]]:
    """The newest first."""
    applicant = Applicant(scene.case, scene.user)
    found = Outcome.objects.filter(GROUNDED, case=scene.case).order_by("-cycle")
    return [
        {
            "decision": word(Decision, one.decision),
            "reason": scene.labels.reason(one.reason_code) if one.reason_code else "",
            "evidence": applicant.readable(one.evidence),
            "compensation": one.compensation,
            "currency": scene.profile.profile.authority.currency,
            "cycle": one.cycle,
        }
        for one in found
    ]


DECISIONS = Section(
    key="decisions",
    template="desk/case/decisions.html",
    exists=lambda: Exists(Outcome.objects.filter(GROUNDED, case=OuterRef("pk"))),
    load=_decisions,
)
