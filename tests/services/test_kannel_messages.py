"""From an event to a text at Kannel's SMS centre, and its report back to us."""

import re
from urllib.parse import unquote_to_bytes

import pytest

from derman import worker
from derman.outbox import sending, transports
from derman.outbox.models import Message
from derman.words.kinds import MessageState
from tests import factories
from tests.factories import MONDAY
from tests.services.conftest import wait_until

ARRIVED = re.compile(r"Got message \d+: <\S+ (\S+) (?:udh \S+ )?\S+ (.*)>$", re.MULTILINE)
TOKEN = "a-long-shared-secret"
FIELDS = (
    "username={user}&password={password}&from={{{{ from }}}}&to={{{{ digits }}}}"
    "&text={{{{ text }}}}&charset=UTF-8&coding={{{{ coding }}}}"
    "&dlr-mask=3&dlr-url={{{{ receipt }}}}%d"
)


@pytest.fixture
def by_kannel(kannel, settings, live_server):
    settings.SMS_URL = kannel.url
    settings.SMS_METHOD = "GET"
    settings.SMS_FIELDS = FIELDS.format(user=kannel.user, password=kannel.password)
    settings.SMS_SHIFT = "none"  # Kannel's fake centre has no Turkish table
    settings.SMS_FROM = "ORNEKGAZ"
    settings.SMS_SUCCESS = r"^\d: "
    settings.SMS_RECEIPT_TOKEN = TOKEN
    settings.BASE_URL = live_server.url
    yield kannel
    transports.forget()
    sending.forget_failures()


def arrivals(kannel) -> list[tuple[str, str]]:
    """To whom, and what, part by part; the centre prints bytes, in UTF-16 where it must."""
    found = ARRIVED.findall(kannel.log.read_text("latin-1"))
    return [(to, _decoded(unquote_to_bytes(content.replace("+", " ")))) for to, content in found]


def _decoded(raw: bytes) -> str:
    wide = raw[:1] <= b"\x01"  # no letter of ours begins with a byte this small otherwise
    return raw.decode("utf-16-be" if wide else "utf-8")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_case_opened_is_a_text_received_and_reported(by_kannel, language):
    before = len(arrivals(by_kannel))
    case = factories.make_case(customer=factories.make_customer(), language=language)

    worker.settle(worker.reconcilers(), MONDAY)

    message = Message.objects.get()
    wait_until(lambda: len(arrivals(by_kannel)) >= before + message.parts, "all parts")
    arrived = arrivals(by_kannel)[before:]
    assert "".join(text for _, text in arrived) == message.body
    assert {to for to, _ in arrived} == {"905321234567"}
    assert len(arrived) == message.parts
    assert case.follow_key in message.body
    wait_until(lambda: Message.objects.get().state == MessageState.DELIVERED, "the delivery report")


@pytest.mark.django_db(transaction=True)
def test_kannels_no_is_no(by_kannel, settings):
    settings.SMS_FIELDS = settings.SMS_FIELDS.replace("password=derman", "password=wrong")
    factories.make_case(customer=factories.make_customer())

    worker.settle(worker.reconcilers(), MONDAY)

    message = Message.objects.get()
    assert message.state == MessageState.QUEUED  # the set-up is wrong, the message is not
    assert message.error.startswith("403")
