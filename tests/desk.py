"""Somebody at the desk, page by page and without scripts; and the worker that follows."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from derman.cases.models import Case
from derman.outbox.models import Message
from derman.words.rights import Role
from derman.worker import reconcilers, run_round
from tests.applicants import Page
from tests.factories import make_user


class Desk:
    """One member of staff, signed in. A story says in `caller` what its callers usually say."""

    caller: Mapping[str, str] = {}

    def __init__(self, role: Role, unit: str = "", *, name: str = "") -> None:
        self.user = make_user(role, unit, name=name)
        self.client = Client()
        self.client.force_login(self.user)

    def call(self, **changes: str) -> dict[str, str]:
        """What is typed while somebody calls."""
        said = {
            "do": "register",
            "nonce": str(Case.objects.count()),
            "relation": "holder",
            "reply_channel": "phone",
            "language": "tr",
            "channel": "phone",
            "name": "",
            "phone": "",
            "tckn": "",
        }
        return {**said, **self.caller, **changes}

    def look_up(self, words: str) -> HttpResponse:
        """What the call page shows when an account, number or name is typed."""
        return self.client.post("/desk/register/", self.call(do="look_up", lookup=words))

    def register(self, **changes: str) -> Case:
        said = self.call(**changes)
        answer = self.client.post("/desk/register/", said)
        if answer.status_code == 422:  # asked once for what is missing; kept as it is the next time
            hidden_now = Page(answer.content.decode()).hidden
            answer = self.client.post("/desk/register/", {**hidden_now, **said})
        assert answer.status_code == 302, answer.context["form"].errors
        return Case.objects.get(number=answer.url.strip("/").split("/")[-1])

    def do(self, case: Case, noun: str, **said: str) -> None:
        """One verb on the case page, on the version that stands there."""
        case.refresh_from_db()
        answer = self.client.post(
            f"/desk/cases/{case.number}/{noun}/", {"version": case.version, **said}
        )
        assert answer.status_code == 302, Page(answer.content.decode()).alerts
        case.refresh_from_db()

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.content.decode()


def work() -> None:
    """The worker's rounds until nothing is due any more."""
    for _ in range(5):
        done, failed = run_round(reconcilers(), timezone.now())
        assert not failed
        if not done:
            return


def sent(case: Case) -> list[Message]:
    """Every message on a case, in the order in which they were queued."""
    return list(Message.objects.filter(case=case).order_by("queued_at", "event_id"))


def told_of(case: Case, event: str) -> Message:
    """The message on a case that an event set off."""
    return Message.objects.get(case=case, event__type=event)


def texts(case: Case) -> list[str]:
    return [message.body for message in sent(case)]
