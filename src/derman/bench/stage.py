"""What the runs need to be there: staff, a token, signed-in sessions, and cases to ask for."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from derman.accounts import tokens
from derman.accounts.models import MOST_CALLS, Membership, User
from derman.api.v1.filters import cursor_of
from derman.bench.crowd import FIRST_ACCOUNT, FIRST_PHONE
from derman.bench.loading import PEOPLE, Job, Staff
from derman.bench.texts import Texts
from derman.cases.models import Case
from derman.desk import worklists
from derman.portal import grants
from derman.profile import publishing
from derman.words.kinds import Language
from derman.words.rights import Role

DEEP = 1_000  # the page that must cost what the first one costs
SAMPLE = 64  # cases asked for one after the other


@dataclass(frozen=True)
class Tracked:
    """A case and the cookie of a session that may follow it."""

    number: str
    cookie: str


@dataclass(frozen=True)
class Stage:
    """Everything by which the requests of the runs are made."""

    size: int
    token: str
    cookie: str  # of a member of the solution group, signed in at the desk
    numbers: list[str]
    tracked: list[Tracked]
    deep_page: int
    deep_key: str  # of the workbench
    deep_cursor: str  # of the API


def add_staff() -> Staff:
    """The people whose names stand in the bulk cases."""
    posts = [(Role.AGENT, "call_centre"), (Role.SOLUTION, "solution"), (Role.UNIT, "metering")]
    ids = []
    for role, unit in posts:
        user = User(username=f"bench-{role}", language=Language.TURKISH)
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, role=role, unit=unit)
        ids.append(str(user.pk))
    return Staff(*ids)


def prepare(job: Job) -> Stage:
    """Look up what the requests ask for; made once, before the server is started."""
    at = datetime.now(UTC)
    newest = Case.objects.order_by("-received_at", "-id")
    page = min(DEEP, job.size // worklists.SIZE - 1)
    place = (page - 1) * worklists.SIZE - 1
    before = newest[place : place + 1].get()
    return Stage(
        size=job.size,
        token=tokens.add("bench", Role.ADMIN, at=at, per_minute=MOST_CALLS),
        cookie=_signed_in(User.objects.get(pk=job.staff.solution)),
        numbers=list(newest.open().values_list("number", flat=True)[:SAMPLE]),
        tracked=[_follower(case, at) for case in newest[:SAMPLE]],
        deep_page=page,
        deep_key=f"{before.received_at.isoformat()}~{before.pk}",
        deep_cursor=cursor_of(before),
    )


def registrations(n: int, size: int) -> list[bytes]:
    """Bodies of calls to register: half from people on file, with real texts."""
    random = Random(3)  # noqa: S311 (repeatable, no secret)
    texts = Texts(publishing.current().profile.key, str)
    known = int(size * PEOPLE)
    return [_registration(index, texts, known, random) for index in range(n)]


def _registration(index: int, texts: Texts, known: int, random: Random) -> bytes:
    entry = random.choice([entry for entry in texts.entries if "urgent" not in entry.topic])
    name = texts.name(random)
    said = texts.say(entry, index + 1, texts.address(random), name)
    person = random.randrange(known)
    phone = f"+90500{FIRST_PHONE + person:07}" if index % 2 else f"0532 {index:07}"
    body = {
        "channel": "phone",
        "kind": entry.kind or None,
        "topic": entry.topic,
        "description": said.text,
        "proposal": entry.proposal or None,
        "language": entry.language,
        "account_number": str(FIRST_ACCOUNT + person),
        "applicant": {"name": name, "phone": phone, "relation": "holder"},
    }
    return json.dumps(body, ensure_ascii=False).encode()


def _signed_in(user: User) -> str:
    return _session(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )


def _follower(case: Case, at: datetime) -> Tracked:
    entry = {"case": str(case.pk), "state": (at + timedelta(hours=3)).isoformat()}
    return Tracked(case.number, _session({grants.NAME: {case.number: entry}}))


def _session(content: dict) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(content)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
