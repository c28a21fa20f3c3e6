"""How a table declares whom its personal data is about; a guard test reads every declaration.

Every model of ours has an inner `class Privacy` with
    subject   the path to the person the row is about ("case__applicant"), "" for none,
              "self" when the row is the person
    personal  {field: Personal(...)} for every field that holds personal data
    plain     {field, ...} all other fields: keys, numbers, moments, states
"""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    IDENTITY = "identity"
    CONTACT = "contact"
    LOCATION = "location"
    CONTENT = "content"  # what people wrote or said
    TECHNICAL = "technical"  # addresses of machines, sessions
    STAFF = "staff"  # about an employee, not an applicant


@dataclass(frozen=True)
class Personal:
    """A field with personal data: its kind, what erasure writes, whether an export holds it."""

    category: Category
    erase: object = ""
    export: bool = True
