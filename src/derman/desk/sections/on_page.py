"""The parts of the case page that many cases do not have, in the order in which they stand.

Whether a case has any is asked in the same query that finds it, so a part costs nothing where
there is nothing to show.
"""

from collections.abc import Mapping

from django.db.models import Exists

from derman.desk.sections.actions import ACTION_MISSING, ACTIONS
from derman.desk.sections.approval import APPROVAL_DECLINED, APPROVAL_WAITS
from derman.desk.sections.checks import CHECKED
from derman.desk.sections.decisions import DECISIONS
from derman.desk.sections.escalations import ESCALATIONS
from derman.desk.sections.links import GOES_ON, GOES_ON_HERE, LINKED
from derman.desk.sections.offers import (
    LETTERS,
    OFFER_ACCEPTED,
    OFFER_LAPSED,
    OFFER_OPEN,
    OFFER_REFUSED,
    OFFERS_EARLIER,
)
from derman.desk.sections.section import Section, Shown
from derman.desk.sections.surveys import (
    FOLLOW_UP_DUE,
    STILL_DISSATISFIED,
    SURVEY_ANSWERED,
    SURVEYS,
)
from derman.desk.sections.visits import VISIT_AHEAD, VISITS_MADE
from derman.desk.verbs.form import FLAG, Scene

SECTIONS: tuple[Section, ...] = (
    GOES_ON,
    APPROVAL_WAITS,
    APPROVAL_DECLINED,
    FOLLOW_UP_DUE,
    STILL_DISSATISFIED,
    OFFER_OPEN,
    OFFER_ACCEPTED,
    OFFER_LAPSED,
    OFFER_REFUSED,
    VISIT_AHEAD,
    ACTION_MISSING,
    DECISIONS,
    ACTIONS,
    OFFERS_EARLIER,
    LETTERS,
    VISITS_MADE,
    SURVEY_ANSWERED,
    SURVEYS,
    ESCALATIONS,
    CHECKED,
    GOES_ON_HERE,
    LINKED,
)


def flags() -> Mapping[str, Exists]:
    """What is asked about a case while it is found."""
    return {f"{FLAG}{section.key}": section.exists() for section in SECTIONS}


def shown(scene: Scene, place: str) -> list[Shown]:
    """The parts that this case has in one place of the page."""
    return [
        Shown(section.template, section.load(scene))
        for section in SECTIONS
        if section.place == place and scene.has(section.key)
    ]
