"""A report that is being written: what was answered so far, sealed in the server-side session.

Sealed because it holds names, numbers and a complaint before anybody decided to send them.
"""

import json
import uuid
from dataclasses import asdict, dataclass, field
from typing import Self

from django.contrib.sessions.backends.base import SessionBase

from derman.lib.sealing import CannotOpen
from derman.people.fields import keyring

NAME = "report"
PLACE = "portal|draft"  # what the sealed text is bound to


@dataclass
class Draft:
    """One report on its way; `nonce` makes sending it twice one case."""

    nonce: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)  # steps
    uploads: list[dict[str, str]] = field(default_factory=list)  # id, name, size
    folder: str = ""
    notice: int | None = None  # the privacy notice that was shown
    expired: bool = False  # begun anew because the session had ended

    @classmethod
    def load(cls, session: SessionBase) -> Self:
        """What the session holds, or a blank one."""
        sealed = session.get(NAME)
        if not sealed:
            return cls()
        try:
            return cls(**json.loads(keyring().open(sealed, PLACE)))
        except (CannotOpen, TypeError, ValueError):
            return cls()

    def save(self, session: SessionBase) -> None:
        """Put it back; the first time it gets its nonce."""
        self.nonce = self.nonce or uuid.uuid4().hex
        session[NAME] = keyring().seal(json.dumps(asdict(self)), PLACE)

    def take(self, step: str, answers: dict[str, str]) -> None:
        """The answers of one step."""
        self.answers.update(answers)
        if step not in self.done:
            self.done.append(step)

    def get(self, name: str) -> str:
        return self.answers.get(name, "")


def forget(session: SessionBase) -> None:
    """Drop the draft, once it was sent."""
    session.pop(NAME, None)
