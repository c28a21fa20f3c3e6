"""To whom a case was raised and why, beside it on its page."""

from django.db.models import Exists, OuterRef

from derman.accounts import rights
from derman.cases.models import Escalation
from derman.desk import raised
from derman.desk.sections.section import Section
from derman.desk.verbs.form import Scene
from derman.words.rights import Place

MOST = 12


def _load(scene: Scene) -> dict[str, object]:
    rows = Escalation.objects.filter(case=scene.case).select_related("seen_by")
    lines = [raised.shown(row, scene.labels) for row in rows.order_by("-at", "id")[:MOST]]
    return {
        "lines": lines,
        "unseen": sum(1 for line in lines if line.seen_at is None),
        "may_see": rights.may_enter(scene.user, Place.ESCALATIONS),
    }


ESCALATIONS = Section(
    key="escalations",
    template="desk/escalations/side.html",
    exists=lambda: Exists(Escalation.objects.filter(case=OuterRef("pk"))),
    load=_load,
)
