"""Stops calling a provider that does not answer, so that a sick gateway holds up nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 5  # in a row, then we stop
REST = timedelta(seconds=30)  # and one message tries again after this


@dataclass
class Breaker:
    """The failures in a row of one wire, in this process."""

    failures: int = 0
    open_until: datetime | None = None

    def allows(self, at: datetime) -> bool:
        """Whether the provider may be called."""
        return self.open_until is None or at >= self.open_until

    @property
    def probing(self) -> bool:
        """Whether the next call decides if the provider is well again."""
        return self.open_until is not None

    def note(self, *, answered: bool, at: datetime) -> None:
        """One call ended: with an answer about this message, or with none that could be used."""
        if answered:
            self.failures, self.open_until = 0, None
            return
        self.failures += 1
        if self.failures >= FAILURES:
            self.open_until = at + REST
