"""Which wire leaves by what, as the installation is set up. The worker calls `connect` once."""

from django.conf import settings

from derman.channels.email.transport import Mail
from derman.channels.simulator.transport import Simulator
from derman.channels.sms.gateway import Gateway
from derman.channels.sms.transport import TextMessages
from derman.outbox import transports
from derman.profile.schema import Wire

WIRES: tuple[Wire, ...] = ("sms", "email")


def connect() -> None:
    """Register a transport for every wire that has one; messages of the others wait."""
    transports.forget()
    if settings.SMTP_URL:
        transports.register("email", Mail(settings.SMTP_URL, settings.MAIL_FROM))
    if settings.SMS_URL:
        transports.register("sms", TextMessages(Gateway.from_settings()))
    if settings.DEMO:
        for wire in WIRES:
            if wire not in transports.wires():
                transports.register(wire, Simulator())
