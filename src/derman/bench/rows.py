"""The rows of the bulk load, as text: one writing that COPY and SQLite both take.

UUIDs are 32 hex digits and moments naive UTC; only NULL and line ends differ between the two.
"""

from collections import defaultdict
from dataclasses import dataclass, field

Row = tuple[str | None, ...]

ROLLUP = "reports_daycount"

# In the order in which they are written. What is left out has a default in the database.
TABLES: dict[str, tuple[str, ...]] = {
    "people_customer": (
        "id", "kind", "name", "name_folded", "tckn", "tckn_index", "vkn", "vkn_index", "language",
        "created_at",
    ),
    "people_contactpoint": (
        "id", "customer_id", "kind", "value", "value_index", "address", "state", "created_at",
    ),
    "people_account": ("id", "number", "address", "region"),
    "people_holding": ("customer_id", "account_id", "relation", "proof"),
    "cases_case": (
        "id", "number", "follow_key", "version", "profile_id", "kind", "channel", "main_topic",
        "topic", "region", "place", "description", "proposal", "language", "applicant_id",
        "relation", "customer_id", "account_id", "account_number", "reply_channel",
        "secret_reporter", "state", "state_since", "priority", "unit", "owner_unit",
        "owner_user_id", "inform_unit", "taken_by_id", "office", "received_at", "due_at",
        "acknowledge_due_at", "promised_at", "silent_at", "resolved_at", "closed_at", "cycle",
        "decision", "closing_reason", "first_contact", "is_repeat",
    ),
    "cases_searchentry": ("case_id", "words"),
    "cases_event": ("case_id", "type", "at", "by_id", "profile_id", "details"),
    "cases_task": (
        "id", "case_id", "cycle", "unit", "question", "state", "asked_at", "asked_by_id",
        "due_at", "answered_at", "answered_by_id", "answer",
    ),
    "cases_clock": (
        "id", "case_id", "task_id", "kind", "cycle", "budget", "started_at", "due_at", "state",
        "pauses", "stopped_at", "derivation", "next_at", "level", "reckoned_with",
    ),
    "cases_contact": (
        "id", "case_id", "cycle", "channel", "outcome", "concludes", "note", "at", "by_id",
    ),
    "cases_outcome": (
        "id", "case_id", "cycle", "decision", "reason_code", "text", "evidence", "at", "by_id",
    ),
    ROLLUP: ("day", "event", "unit", "topic", "channel", "count"),
}  # fmt: skip

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True)
class Rows:
    """Rows by table, until they are written."""

    of: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, *values: str | None) -> None:
        self.of[table].append(values)

    def take(self) -> dict[str, list[Row]]:
        """All that came together, in the order of the tables; then there are none."""
        taken = {table: self.of.pop(table, []) for table in TABLES}
        self.of.clear()
        return taken


def escape(text: str) -> str:
    """A text as COPY reads it."""
    return text.translate(ESCAPES)


def lines(rows: list[Row]) -> bytes:
    """Rows in COPY's text format."""
    return "".join(
        "\t".join(["\\N" if value is None else value for value in row]) + "\n" for row in rows
    ).encode()
