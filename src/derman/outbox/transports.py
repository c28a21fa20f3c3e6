"""What a wire to the outside must be able to do. Channels register theirs; nothing is looked up.

A transport never touches the database: it runs in a thread beside others, outside any transaction.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a message, where the wire can carry one."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Outgoing:
    """A message as a transport sees it. `id` is our reference, the same for every try."""

    id: UUID
    case_id: UUID
    address: str
    subject: str
    body: str
    language: str
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True)
class Accepted:
    """The provider took the message; `delivered` where it knows at once that it has arrived."""

    ref: str = ""
    delivered: bool = False


class Temporary(Exception):
    """The provider certainly did not take it and may do so later.

    `down` says that it would take nothing at all now; `after`, how many seconds it asks us to wait.
    """

    def __init__(self, reason: str, *, after: int = 0, down: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.down = down


class Permanent(Exception):
    """The provider will never take it."""


class Unconfirmed(Exception):
    """Nobody knows whether the provider took it: the line broke after we had spoken."""


class Transport(Protocol):
    """A way out. `repeatable` says that sending the same id again does not reach people twice."""

    repeatable: bool

    def send(self, message: Outgoing) -> Accepted:
        """Hand the message over, or raise Temporary, Permanent or Unconfirmed."""
        ...


_transports: dict[str, Transport] = {}


def register(wire: str, transport: Transport) -> None:
    """Send messages of this wire by this transport from now on."""
    _transports[wire] = transport


def forget() -> None:
    """Unregister all, as between two tests."""
    _transports.clear()


def transport(wire: str) -> Transport:
    """The transport of a wire that has one."""
    return _transports[wire]


def wires() -> tuple[str, ...]:
    """The wires that have a transport; messages of others wait."""
    return tuple(_transports)
