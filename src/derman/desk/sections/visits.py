"""The visits of a case on its page: the one ahead above the timeline, those made beside it."""

from django.db.models import Exists, OuterRef

from derman.accounts import rights
from derman.cases.models import Attachment
from derman.desk.labels import word
from derman.desk.sections.section import Section
from derman.desk.shown_people import Applicant
from derman.desk.verbs.form import Scene
from derman.desk.verbs.visiting import AHEAD, MADE
from derman.visits.models import FieldVisit
from derman.words.life import Verb
from derman.words.loop import VisitState

TONES = {
    VisitState.PLANNED: ("info", "calendar-clock"),
    VisitState.DONE: ("ok", "check"),
    VisitState.NO_SHOW: ("warn", "door-closed"),
    VisitState.CANCELLED: ("", "x"),
}


def _ahead(scene: Scene) -> dict[str, object]:
    visit = FieldVisit.objects.filter(case=scene.case, state=VisitState.PLANNED).first()
    if visit is None:
        return {}
    return {
        "visit": visit,
        "unit": scene.labels.unit(visit.unit),
        "purpose": _said(visit.purpose, scene),
        "may_report": rights.may(scene.user, Verb.REPORT_VISIT),
    }


def _made(scene: Scene) -> list[dict[str, object]]:
    visits = FieldVisit.objects.filter(case=scene.case).exclude(state=VisitState.PLANNED)
    visits = visits.select_related("reported_by").prefetch_related("photos__attachment")
    return [_line(visit, scene) for visit in visits.order_by("begins_at")]


def _line(visit: FieldVisit, scene: Scene) -> dict[str, object]:
    tone, icon = TONES[VisitState(visit.state)]
    photos: list[Attachment] = [photo.attachment for photo in visit.photos.all()]
    return {
        "visit": visit,
        "unit": scene.labels.unit(visit.unit),
        "state": word(VisitState, visit.state),
        "tone": tone,
        "icon": icon,
        "met": _said(visit.met, scene),
        "finding": _said(visit.finding, scene),
        "photos": photos,
    }


def _said(text: str, scene: Scene) -> str:
    """Without numbers of people, and without the name of a secret reporter."""
    return Applicant(scene.case, scene.user).readable(text)


VISIT_AHEAD = Section(
    key=AHEAD,
    template="desk/visits/ahead.html",
    exists=lambda: Exists(FieldVisit.objects.filter(case=OuterRef("pk"), state=VisitState.PLANNED)),
    load=_ahead,
    place="main",
)
VISITS_MADE = Section(
    key=MADE,
    template="desk/visits/made.html",
    exists=lambda: Exists(
        FieldVisit.objects.filter(case=OuterRef("pk")).exclude(state=VisitState.PLANNED)
    ),
    load=_made,
)
