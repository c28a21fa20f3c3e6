"""A wire that leads nowhere: the demo's phones and mailboxes show the outbox's own rows."""

from derman.outbox.transports import Accepted, Outgoing


class Simulator:
    """Accepts everything and delivers it at once."""

    repeatable = True

    def send(self, message: Outgoing) -> Accepted:
        return Accepted(ref="simulator", delivered=True)
