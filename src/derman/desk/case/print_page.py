"""A case on paper: what it says is chosen, numbers are masked, and each print is written down.

What only colleagues read (notes, questions to units) is left out unless somebody asks for it, since
paper leaves the house. Numbers in full need their own right and a reason, as everywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import segno
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods

from derman.accounts import rights
from derman.audit import access
from derman.cases.models import Attachment
from derman.cases.permissions import files_of, find_case
from derman.desk import frame
from derman.desk.case import timeline
from derman.desk.case.reveal import OTHER, REASONS
from derman.desk.case.timeline import Entry
from derman.desk.frame import DeskRequest
from derman.desk.labels import word
from derman.desk.shown_people import Applicant, Way
from derman.desk.verbs.form import Scene
from derman.lib.identifiers import parse_phone
from derman.outbox.wording import tracking_link
from derman.people.models import ContactKind
from derman.words.events import EventType
from derman.words.kinds import Channel, Decision, Kind, Relation
from derman.words.life import State, Verb
from derman.words.rights import Place

# Whose words the applicant wrote or was told.
SAID = frozenset(
    {
        EventType.OPENED,
        EventType.ASKED,
        EventType.APPLICANT_ANSWERED,
        EventType.INFORMATION_ADDED,
        EventType.REPLIED,
        EventType.RESOLVED,
    }
)
OF_UNITS = frozenset({EventType.REFERRED, EventType.TASK_ANSWERED, EventType.TASK_SENT_BACK})
INTERNAL = frozenset({EventType.NOTED, EventType.TAGGED, EventType.UNTAGGED})
ON_PAPER = {key: label for key, label in REASONS if key != OTHER}


@dataclass(frozen=True)
class Choice:
    """What stands on the paper."""

    key: bool = True
    notes: bool = False
    units: bool = False

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Choice":
        """As the address says; an address that says nothing prints what may leave the house."""
        if "chosen" not in params:
            return cls()
        return cls(*(name in params for name in ("key", "notes", "units")))


class Paper:
    """One case as it is printed."""

    def __init__(self, scene: Scene, choice: Choice, *, in_full: bool = False) -> None:
        self.scene = scene
        self.case = scene.case
        self.choice = choice
        self.labels = scene.labels
        self.applicant = Applicant(scene.case, scene.user)
        self.in_full = in_full

    @property
    def facts(self) -> dict[str, str]:
        case = self.case
        return {
            "topic": self.labels.topic(case.topic),
            "kind": word(Kind, case.kind),
            "channel": word(Channel, case.channel),
            "state": word(State, case.state),
            "decision": word(Decision, case.decision),
            "region": self.labels.region(case.region),
            "unit": self.labels.unit(case.owner_unit),
            "relation": word(Relation, case.relation),
        }

    @property
    def ways(self) -> list[Way]:
        """Contacts; in full only where that was asked for with a reason."""
        if not self.in_full:
            return self.applicant.ways
        return [
            Way(point.kind, _in_full(point.kind, point.value) or point.address, point.state)
            for point in self.applicant.points
        ]

    @cached_property
    def days(self) -> list[tuple[date, list[Entry]]]:
        """What happened, by day, without what was not chosen."""
        scene = self.scene
        found = timeline.entries(self.case, scene.tasks, self.labels, scene.at)
        chosen = [self._shown(entry) for entry in found if self._is_chosen(entry)]
        dated = groupby(chosen, key=lambda entry: timezone.localtime(entry.at).date())
        return [(day, list(entries)) for day, entries in dated]

    @cached_property
    def attachments(self) -> list[Attachment]:
        return files_of(self.case, self.scene.user)

    @cached_property
    def conclusions(self) -> list[tuple[str, str]]:
        """Every decision with its words, the last one last."""
        rows = self.case.outcomes.order_by("cycle")
        return [(word(Decision, row.decision), self.safe(row.text)) for row in rows]

    @property
    def qr(self) -> str:
        code = segno.make(tracking_link(self.case), error="m")
        return code.svg_data_uri(scale=3, border=1, light="#ffffff")

    def safe(self, text: str) -> str:
        """Prose without numbers and without the name of a secret reporter."""
        return self.applicant.readable(text)

    @property
    def description(self) -> str:
        return self.safe(self.case.description)

    @property
    def proposal(self) -> str:
        return self.safe(self.case.proposal)

    def _is_chosen(self, entry: Entry) -> bool:
        return self.choice.notes or not (entry.type in INTERNAL or entry.is_called_back)

    def _shown(self, entry: Entry) -> Entry:
        if entry.type == EventType.OPENED:  # stands above, as the description
            return replace(entry, text="", proposal="")
        if entry.type in SAID:
            is_shown = True
        elif entry.type in OF_UNITS:
            is_shown = self.choice.units
        else:
            is_shown = self.choice.notes
        return replace(entry, text=self.safe(entry.text) if is_shown else "", undo_until=None)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page(verb=Verb.READ)
def printed(request: DeskRequest, number: str) -> HttpResponse:
    """The paper; by POST with the contacts in full, for a reason that is kept."""
    case = find_case(request.user, number, verb=Verb.READ, what="print", at=request.at)
    scene = Scene.of(request, case)
    asked = request.POST if request.method == "POST" else request.GET
    applicant = Applicant(case, request.user)
    may_reveal = rights.may_enter(request.user, Place.REVEAL) and not applicant.is_concealed
    refused, in_full = False, False
    if request.method == "POST":
        if not may_reveal:
            raise PermissionDenied
        in_full = asked.get("reason") in ON_PAPER
        refused = not in_full
    if in_full:
        access.record(
            case.applicant_id,
            what="reveal",
            about=case.number,
            by=request.user,
            at=request.at,
            why=f"print: {asked['reason']}",
        )
    profile = request.profile.profile
    context: dict[str, Any] = {
        "case": case,
        "paper": Paper(scene, Choice.read(asked), in_full=in_full),
        "organisation": profile.text(profile.organisation.name, request.user.language),
        "by": request.user.name,
        "at": request.at,
        "may_reveal": may_reveal,
        "reasons": ON_PAPER.items(),
        "refused": refused,
    }
    return render(request, "desk/print/case.html", context, status=422 if refused else 200)


def _in_full(kind: str, value: str) -> str:
    return parse_phone(value).national if kind == ContactKind.PHONE and value else value
