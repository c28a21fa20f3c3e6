"""What other cases have to do with this one: where it goes on, what goes on in it, its links."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts import rights
from derman.audit import access
from derman.cases.merged import goes_on_in, is_of_one_person
from derman.cases.models import Attachment, Case, Link, Note, Reply
from derman.cases.repeats import REASONS
from derman.desk.labels import word
from derman.desk.sections.section import Section
from derman.desk.shown_people import Applicant
from derman.desk.verbs.form import Scene
from derman.desk.verbs.linking import LINKS, MERGES
from derman.visits.models import FieldVisit
from derman.words.life import State, Verb
from derman.words.loop import LinkKind

MERGED, PARTS = "merged", "parts"
MOST_PARTS = 20
# What the case beside is, seen from the one that the link leads to.
BACKWARDS = {
    LinkKind.DUPLICATE: gettext_lazy("Has a duplicate"),
    LinkKind.RELATED: gettext_lazy("Related"),
    LinkKind.PARENT: gettext_lazy("Part of this case"),
    LinkKind.REPEAT: gettext_lazy("Came again"),
}


@dataclass(frozen=True)
class ShownLink:
    """Another case and what it is to this one."""

    id: UUID
    label: Any
    case: Case
    topic: str
    state: str
    why: str
    likeness: int | None
    may_remove: bool


@dataclass
class Part:
    """A case that goes on in this one, with what was said on it."""

    case: Case
    applicant: Applicant
    is_same_person: bool
    description: str
    said: list[dict[str, Any]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)


def _links(scene: Scene) -> list[ShownLink]:
    case = scene.case
    rows = Link.objects.filter(Q(case=case) | Q(other=case), ended_at=None).exclude(MERGES)
    links = list(rows.order_by("-made_at"))
    keys = {row.other_id if row.case_id == case.pk else row.case_id for row in links}
    seen = Case.objects.visible_to(scene.user).filter(pk__in=keys)
    cases = {one.pk: one for one in seen.only("number", "topic", "state", "received_at")}
    may_link = rights.may(scene.user, Verb.LINK)
    return [
        _shown(row, cases[key], is_own=row.case_id == case.pk, may_link=may_link, scene=scene)
        for row in links
        if (key := row.other_id if row.case_id == case.pk else row.case_id) in cases
    ]


def _shown(row: Link, other: Case, *, is_own: bool, may_link: bool, scene: Scene) -> ShownLink:
    is_repeat = row.kind == LinkKind.REPEAT and is_own
    label = _("Repeat of") if is_repeat else word(LinkKind, row.kind)
    return ShownLink(
        id=row.pk,
        label=label if is_own else BACKWARDS[LinkKind(row.kind)],
        case=other,
        topic=scene.labels.topic(other.topic),
        state=word(State, other.state),
        why=", ".join(_(REASONS[reason]) for reason in row.reasons if reason in REASONS),
        likeness=round(row.likeness * 100) if row.likeness is not None else None,
        may_remove=is_own and may_link,
    )


def _merged(scene: Scene) -> dict[str, Any]:
    """Where a merged case goes on."""
    target = goes_on_in(scene.case)
    if target is None:
        return {}
    return {
        "target": target,
        "topic": scene.labels.topic(target.topic),
        "state": word(State, target.state),
        "is_same_person": is_of_one_person(scene.case, target),
        "may_undo": rights.may(scene.user, Verb.UNMERGE),
    }


def _parts(scene: Scene) -> list[Part]:
    """The cases merged into this one, one step of a chain included, as far as they may be seen."""
    within = Q(merged_into=scene.case) | Q(merged_into__merged_into=scene.case)
    cases = Case.objects.visible_to(scene.user).filter(within).select_related("applicant")
    parts = {one.pk: _part(one, scene) for one in cases.order_by("received_at", "id")[:MOST_PARTS]}
    for row in _said(parts):
        part = parts[row["case_id"]]
        part.said.append({**row, "text": part.applicant.readable(row["text"])})
    secret = [key for key, part in parts.items() if part.applicant.is_concealed]
    files = Attachment.objects.filter(case__in=parts).exclude(case__in=secret, letter__isnull=False)
    for file in files.order_by("at", "name"):
        parts[file.case_id].files.append(file)
    if parts:
        numbers = [part.case.number for part in parts.values()]
        access.record_list(numbers, what="case.parts", by=scene.user, at=scene.at)
    return list(parts.values())


def _part(case: Case, scene: Scene) -> Part:
    applicant = Applicant(case, scene.user)
    return Part(
        case=case,
        applicant=applicant,
        is_same_person=is_of_one_person(case, scene.case),
        description=applicant.readable(case.description),
    )


def _said(keys: Iterable[UUID]) -> Iterable[dict[str, Any]]:
    """Notes, what was written to and by the applicants, and what teams found; the oldest first."""
    columns = ("case_id", "at", "text")
    notes = Note.objects.filter(case__in=keys).values(*columns, word=Value("note"))
    replies = Reply.objects.filter(case__in=keys)
    heard = replies.filter(from_applicant=True).values(*columns, word=Value("heard"))
    sent = replies.filter(from_applicant=False).values(*columns, word=Value("reply"))
    visits = FieldVisit.objects.filter(case__in=keys).exclude(finding="")
    found = visits.values("case_id", at=F("reported_at"), text=F("finding"), word=Value("visit"))
    return notes.union(heard, sent, found, all=True).order_by("at")


def _is_linked() -> Exists:
    mine = Q(case=OuterRef("pk")) | Q(other=OuterRef("pk"))
    return Exists(Link.objects.filter(mine, ended_at=None).exclude(MERGES))


GOES_ON = Section(
    key=MERGED,
    template="desk/links/goes_on.html",
    exists=lambda: Exists(Case.objects.filter(pk=OuterRef("pk"), merged_into__isnull=False)),
    load=_merged,
    place="main",
)
GOES_ON_HERE = Section(
    key=PARTS,
    template="desk/links/parts.html",
    exists=lambda: Exists(Case.objects.filter(merged_into=OuterRef("pk"))),
    load=_parts,
    place="main",
)
LINKED = Section(key=LINKS, template="desk/links/section.html", exists=_is_linked, load=_links)
