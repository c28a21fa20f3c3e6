"""Reading changes nothing: every address, asked for with GET, leaves the tables as they were.

What may be added is that somebody looked (access records), that somebody guessed, a session, and
the notice that a person was shown, kept once.
"""

import hashlib
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case
from derman.outbox import expansion
from derman.quality import causes, improving
from derman.visits import planning, slots
from derman.words.rights import Role
from tests import learning
from tests.applicants import PNG
from tests.factories import MONDAY, make_account, make_case, make_customer, make_user, published
from tests.systems import System

pytestmark = pytest.mark.django_db
NAME = "Sentinelhan Gizligül"
MAY_GROW = {"audit.AccessRecord", "audit.Guess", "sessions.Session", "people.NoticeVersion"}
MAY_GROW |= {"api.Usage"}
# What addresses name that is not there; their answers are looked at all the same.
ROWS_BY_UUID = ("webhook_id", "delivery_id", "point_id", "run_id", "article_id", "view_id")
ROWS_BY_UUID += ("letter_id", "escalation_id", "approval_id", "offer_id")
ROWS_BY_NUMBER = ("merge_id", "pk", "absence_id", "user_id", "post_id", "token_id", "version_id")


def addresses(resolver, space=""):
    """Name and argument names of every address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}", sorted(entry.pattern.converters or groups(entry))


def groups(entry):
    regex = getattr(entry.pattern, "regex", None)
    return regex.groupindex if regex else {}


ADDRESSES = list(addresses(get_resolver()))


@pytest.fixture
def samples():
    """One of everything that an address can name."""
    profile = published()
    boss = make_user(Role.SUPERVISOR)
    given = {"by": boss, "at": MONDAY, "profile": profile}
    customer = make_customer(NAME, email="ayse@ornek.example")
    case = make_case(customer=customer, account=make_account(customer), by=boss, profile=profile)
    task = actions.refer(case, "metering", question="Okuma?", **given)
    planned = actions.plan_action(case, actions.Plan("remedy", "Sayaç okunacak."), **given)
    reply = actions.reply(case, "İnceliyoruz.", **given)
    png = SimpleUploadedFile("foto.png", PNG, "image/png")
    file = actions.attach(case, png, name="foto.png", **given)
    slot = slots.offered(profile.profile, MONDAY)[0]
    visit = planning.plan(case, slot.key, address="Gül Sokak 12", purpose="Sayaç.", **given)
    cause = causes.begin(
        Case.objects.all(), title="Okuma", method="whys", query="", owner=boss, by=boss, at=MONDAY
    )
    change = improving.plan(
        learning.said(boss), cause=cause, by=boss, at=MONDAY, profile=profile.profile
    )
    expansion.expand(MONDAY + timedelta(hours=1), 100)
    return {
        "visit_id": visit.pk,
        "cause_id": cause.pk,
        "improvement_id": change.pk,
        "number": case.number,
        "task_id": task.pk,
        "action_id": planned.pk,
        "reply_id": reply.pk,
        "file_id": file.pk,
        "file": file.pk,
        "customer_id": customer.pk,
        "message_id": UUID(int=7),
        "token": "A" * 32,
        "main": "metering",
        "key": "contact",
        "page": "desk",
        "language": "tr",
        "where": "topics",
        "secret": "A" * 43,
        "provider_id": "none",
        **{name: UUID(int=7) for name in ROWS_BY_UUID},
        **dict.fromkeys(ROWS_BY_NUMBER, 7_000_000),
    }


def state():
    """A digest of every table's rows."""
    found = {}
    for model in apps.get_models():
        if model._meta.label in MAY_GROW or not model._meta.managed:
            continue
        rows = serializers.serialize("json", model._base_manager.order_by("pk"))
        found[model._meta.label] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def supervisor():
    client = Client(raise_request_exception=True, headers={"accept-language": "en"})
    client.login(username="supervisor", password="derman-demo")
    return client


def read(answer):
    """The answer, read to its end, so that no file stays open."""
    if answer.streaming:
        for _ in answer.streaming_content:
            pass
        return answer
    answer.names_somebody = "Sentinelhan" in answer.content.decode()
    return answer


def path_of(name, arguments, samples):
    unknown = set(arguments) - samples.keys()
    assert not unknown, f"{name}: add a sample for {unknown}"
    return reverse(name, kwargs={argument: samples[argument] for argument in arguments})


@pytest.mark.parametrize("verb", ["get", "head"])
def test_no_address_changes_anything_when_it_is_read(samples, verb):
    system = System()
    system.get("topics")  # when a token was first used is noted
    token = system.headers
    client, statuses, before = supervisor(), Counter(), state()
    for name, arguments in ADDRESSES:
        path = path_of(name, arguments, samples)
        headers = token if name.startswith("api_v1:") else {}
        answer = read(getattr(client, verb)(path, headers=headers))
        now = state()
        changed = {label for label, digest in now.items() if before[label] != digest}
        assert not changed, f"{verb.upper()} {path} changed {changed}"
        assert answer.status_code < 500 or name == "readyz", path  # no worker lives here
        statuses[answer.status_code] += 1
    assert statuses[200] >= 15, statuses


def test_every_page_that_names_a_person_leaves_a_record(samples):
    client, token, naming = supervisor(), System().headers, 0
    for name, arguments in ADDRESSES:
        path = path_of(name, arguments, samples)
        before = AccessRecord.objects.count()
        answer = read(client.get(path, headers=token if name.startswith("api_v1:") else {}))
        if getattr(answer, "names_somebody", False):
            naming += 1
            assert AccessRecord.objects.count() > before, path
    assert naming >= 5


def test_every_answer_carries_the_headers_that_protect(samples):
    client, token = supervisor(), System().headers
    for name, arguments in ADDRESSES:
        path = path_of(name, arguments, samples)
        answer = read(client.get(path, headers=token if name.startswith("api_v1:") else {}))
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy or "sandbox" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy, path
        assert answer["X-Content-Type-Options"] == "nosniff", path
        assert answer["X-Frame-Options"] == "DENY", path
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), path
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert not {"Server", "X-Powered-By"} & set(answer.headers), path


def test_no_page_about_a_person_is_kept_by_a_cache(samples):
    client, token = supervisor(), System().headers
    for name in (
        "desk:case",
        "desk:customer",
        "desk:task",
        "api_v1:read_case",
        "api_v1:list_cases",
    ):
        arguments = next(arguments for known, arguments in ADDRESSES if known == name)
        path = path_of(name, arguments, samples)
        answer = client.get(path, headers=token if name.startswith("api_v1:") else {})
        assert answer.status_code == 200, path
        assert "no-store" in answer.get("Cache-Control", ""), path


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(samples, settings):
    client = Client(SERVER_NAME="localhost")  # the demo's sign-ins work on this machine alone
    client.post("/sign-in/", {"login": "supervisor", "password": "derman-demo"})
    client.get("/track/")
    assert "sessionid" in client.cookies
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"], name
        assert bool(cookie["secure"]) is settings.HTTPS, name


def test_an_answer_of_the_api_sets_no_cookie_and_wants_no_session(samples):
    answer = System().get(f"cases/{samples['number']}")
    assert not answer.cookies
    signed_in = supervisor().get(f"/api/v1/cases/{samples['number']}")
    assert signed_in.status_code == 401
