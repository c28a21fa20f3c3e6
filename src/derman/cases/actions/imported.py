"""A line of another system's list of cases: which columns there are, and what each must hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from derman.cases.actions._core import check_text
from derman.lib.tables import Line
from derman.lib.turkish import fold
from derman.people import imported as people
from derman.people.imported import Refused, choice, within
from derman.profile.schema import Profile, Topic
from derman.words.kinds import (
    EARLY_CLOSING,
    Channel,
    ClosingReason,
    Decision,
    Kind,
    Language,
    Relation,
)

COLUMNS: dict[str, tuple[str, ...]] = {
    "reference": ("number", "başvuru no", "kayıt no", "nummer"),
    "received_at": ("received", "başvuru tarihi", "kayıt tarihi", "eingang"),
    "topic": ("konu", "thema"),
    "description": ("açıklama", "text", "beschreibung"),
    "channel": ("kanal",),
    "kind": ("tür", "art"),
    "proposal": ("çözüm önerisi", "vorschlag"),
    "name": ("ad soyad", "applicant"),
    "phone": ("telefon", "cep telefonu"),
    "email": ("e-posta", "e-mail"),
    "tckn": ("tc kimlik no",),
    "relation": ("ilişki", "beziehung"),
    "customer_reference": ("customer number", "müşteri no", "kundennummer"),
    "account_number": ("sözleşme hesap no", "tesisat no", "vertragskonto"),
    "region": ("bölge", "gebiet"),
    "language": ("dil", "sprache"),
    "resolved_at": ("resolved", "sonuçlanma tarihi", "erledigt am"),
    "decision": ("karar", "entscheidung"),
    "answer": ("sonuç", "outcome", "ergebnis"),
    "closed_at": ("closed", "kapanma tarihi", "geschlossen am"),
    "closing_reason": ("kapanma nedeni", "grund"),
}


@dataclass(frozen=True)
class Said:
    """A line, checked and in the form in which it is stored."""

    line: int
    case_reference: str
    received_at: datetime
    topic: str
    leaf: Topic
    channel: Channel
    kind: Kind
    language: Language
    description: str
    proposal: str
    region: str
    relation: str
    name: str
    reference: str  # of the customer
    tckn: str
    phone: str
    email: str
    account_number: str
    resolved_at: datetime | None
    closed_at: datetime | None
    decision: Decision | None
    closing_reason: ClosingReason
    answer: str

    vkn = ""

    @property
    def contacts(self) -> tuple[str, ...]:
        return tuple(value for value in (self.phone, self.email) if value)


def read(line: Line, profile: Profile, at: datetime) -> Said:
    """A line as it is stored; Refused or CannotDo where it cannot be."""
    key, leaf = _topic(line, profile)
    kind = choice(line, "kind", Kind, leaf.kind)
    received = _moment(line, "received_at", profile)
    if received is None or received > at:
        raise Refused("received_at", "Say when the case was received; not in the future.")
    resolved = _moment(line, "resolved_at", profile)
    closed = _moment(line, "closed_at", profile)
    reason = choice(line, "closing_reason", ClosingReason, ClosingReason.RESOLVED)
    decision = _decision(line, kind, resolved, closed, reason)
    if not received <= (resolved or received) <= (closed or resolved or received) <= at:
        raise Refused("resolved_at", "The dates do not follow each other.")
    if not line.get("reference"):
        raise Refused("reference", "A case needs its number in the other system.")
    return Said(
        line=line.number,
        case_reference=within(line.get("reference"), 60, "reference"),
        received_at=received,
        topic=key,
        leaf=leaf,
        channel=choice(line, "channel", Channel, Channel.PHONE),
        kind=kind,
        language=choice(line, "language", Language, profile.organisation.language),
        description=check_text(line.get("description"), field="description"),
        proposal=within(line.get("proposal"), 100_000, "proposal"),
        region=people.region(line, profile),
        relation=_relation(line),
        name=within(" ".join(line.get("name").split()), 200, "name"),
        reference=within(line.get("customer_reference"), 60, "customer_reference"),
        tckn=within("".join(line.get("tckn").split()), 20, "tckn"),
        phone=people.phone(line),
        email=people.email(line),
        account_number=within("".join(line.get("account_number").split()), 40, "account_number"),
        resolved_at=resolved or closed,
        closed_at=closed,
        decision=decision,
        closing_reason=reason,
        answer=within(line.get("answer"), 100_000, "answer"),
    )


def _topic(line: Line, profile: Profile) -> tuple[str, Topic]:
    """The leaf that is meant by its key or by its label in any language."""
    said, leaves = line.get("topic"), profile.leaves()
    if said in leaves:
        return said, leaves[said]
    wanted = fold(said)
    for key, leaf in leaves.items():
        if wanted in {fold(label) for label in leaf.label.values()}:
            return key, leaf
    raise Refused("topic", f"The profile has no sub-topic “{said}”.")


def _moment(line: Line, column: str, profile: Profile) -> datetime | None:
    """A moment, in the organisation's time zone where none is said."""
    said = line.get(column)
    if not said:
        return None
    for read in (datetime.fromisoformat, _turkish):
        try:
            moment = read(said)
        except ValueError:
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(profile.organisation.timezone))
        return moment.astimezone(UTC)
    raise Refused(column, "Write the moment as 2026-03-31 14:20 or 31.03.2026 14:20.")


def _turkish(said: str) -> datetime:
    pattern = "%d.%m.%Y %H:%M" if ":" in said else "%d.%m.%Y"
    return datetime.strptime(said[:16], pattern)


def _relation(line: Line) -> str:
    return choice(line, "relation", Relation, Relation.OTHER) if line.get("relation") else ""


def _decision(
    line: Line,
    kind: Kind,
    resolved: datetime | None,
    closed: datetime | None,
    reason: ClosingReason,
) -> Decision | None:
    """What was decided; a complaint cannot have ended without a decision."""
    if not (resolved or closed):
        return None
    early = closed is not None and reason in EARLY_CLOSING
    if kind is Kind.COMPLAINT and not early and not line.get("decision"):
        raise Refused("decision", "A concluded complaint needs its decision.")
    return choice(line, "decision", Decision, Decision.NOT_APPLICABLE)
