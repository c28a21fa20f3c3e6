"""What reaches us, whatever the channel, before it is a case. Plain data; no database."""

from dataclasses import dataclass, field
from uuid import UUID

from derman.words.kinds import Channel, Kind, Language, Relation, ReplyChannel


@dataclass(frozen=True)
class Applicant:
    """Who speaks, as they say. Nothing here is believed to be a customer on file."""

    name: str = ""
    phone: str = ""
    email: str = ""
    tckn: str = ""
    relation: Relation | str = ""


@dataclass(frozen=True)
class Submission:
    """One application as it was made. Texts are kept to the letter.

    `customer_id` and `applicant_id` are set only where staff picked them from the file.
    """

    channel: Channel
    topic: str
    description: str
    language: Language
    kind: Kind | None = None  # None: the topic's
    proposal: str = ""
    reply_channel: ReplyChannel | str = ""
    account_number: str = ""
    region: str = ""
    place: str = ""
    applicant: Applicant = field(default_factory=Applicant)
    customer_id: UUID | None = None
    applicant_id: UUID | None = None
    secret_reporter: bool = False
    notice_id: int | None = None
    read_back: bool = False  # name and address were read back and confirmed (row G11)
