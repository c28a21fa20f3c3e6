"""The parts of the case page that many cases do not have, in the order in which they stand.

Whether a case has any is asked in the same query that finds it, so a part costs nothing where
there is nothing to show.
"""

from collections.abc import Mapping

from django.db.models import Exists

from derman.desk.section_surveys import FOLLOW_UP_DUE, SURVEY_ANSWERED, SURVEYS
from derman.desk.section_visits import VISIT_AHEAD, VISITS_MADE
from derman.desk.sections import PREFIX, Section, Shown, has
from derman.desk.verb_form import Scene

SECTIONS: tuple[Section, ...] = (
    FOLLOW_UP_DUE,
    VISIT_AHEAD,
    VISITS_MADE,
    SURVEY_ANSWERED,
    SURVEYS,
)


def flags() -> Mapping[str, Exists]:
    """What is asked about a case while it is found."""
    return {f"{PREFIX}{section.key}": section.exists() for section in SECTIONS}


def shown(scene: Scene, place: str) -> list[Shown]:
    """The parts that this case has in one place of the page."""
    return [
        Shown(section.template, section.load(scene))
        for section in SECTIONS
        if section.place == place and has(scene.case, section.key)
    ]
