"""Every page × every role × own case, another unit's or another office's; and no GET that writes.

A new address fails here until it has a row in `rights_pages.toml`:

    "desk:journal" = { all = ["supervisor", "admin"], own = ["unit"] }

or `{ public = true }` where anybody may ask for it; `offices = false` where a branch or dealer is
refused though its clerks' role is named (it sees the cases it took in and nothing more). The name
is that by which `reverse` finds it; `all` and `own` hold roles or groups of the file's top. Where
the address has arguments that `scene` below does not know, the row gives them
(`with = { page = "desk" }`), or `scene` makes the thing that they name. A role that is not named
is refused (403, or 404 like something that is not there). Both GET and POST are tried, without
any data but the row's `data = { what = "off" }`; whatever else they answer is use. Where POST asks
for more than GET, `post` names the roles that may. A page that only lists own things names its
roles under `all`: what it lists is for its own test.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from derman.accounts import tokens
from derman.accounts.models import Absence, User
from derman.api.models import Webhook
from derman.api.webhooks import queueing
from derman.api.webhooks.hooks import new_secret
from derman.cases import actions
from derman.cases.models import Case, Escalation, Letter
from derman.knowledge import editing
from derman.outbox import expansion
from derman.outbox.models import Message
from derman.quality import causes, improving
from derman.visits import planning, slots
from derman.words.rights import Role
from derman.workplace import bulk, saved_views
from tests import addresses, learning
from tests.factories import make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db
TABLE = addresses.rows()
OWN, OTHER = "metering", "billing"
OFFICE, OTHER_OFFICE = "office_centre", "office_north"
# What of the scene belongs to its case; other things are everybody's whom their rows name.
OF_THE_CASE = (
    "number",
    "task_id",
    "action_id",
    "file_id",
    "reply_id",
    "customer_id",
    "message_id",
    "visit_id",
    "letter_id",
    "escalation_id",
)
HOME = {"host": "127.0.0.1"}
REFUSED = {401, 403, 404}
# Written by reading on purpose: who saw whom; the session's and the limits' own memory.
MAY_GROW = {"audit.AccessRecord", "sessions.Session"}


@pytest.fixture
def scene() -> Iterator[dict[str, str]]:
    """Something for every argument of an address, all of one case that the unit OWN was asked."""
    act = {"by": make_user(Role.SUPERVISOR, name="boss"), "at": timezone.now()}
    act["profile"] = published()
    customer = make_customer()
    case = make_case(customer=customer, at=act["at"])
    task = actions.refer(case, OWN, question="Okuma?", **act)
    planned = actions.plan_action(case, actions.Plan("remedy", "Sayaç okunacak.", OWN), **act)
    file = actions.attach(case, BytesIO(b"Liste\n"), name="liste.txt", **act)
    letter = Letter.objects.create(
        case=case, attachment=file, by_post=True, made_at=act["at"], bodies=["epdk"]
    )
    reply = actions.reply(case, "İnceliyoruz.", channel="sms", **act)
    slot = next(slot for slot in slots.offered(preset(), act["at"]) if slot.unit == OWN)
    visit = planning.plan(case, slot.key, address="Gül Sokak 12", purpose="Sayaç.", **act)
    merged = actions.merge_people(make_customer(), make_customer(), reason="Aynı kişi.", **act)
    expansion.expand(act["at"] + timedelta(minutes=1), 100)
    view = saved_views.keep(
        "Alle", "view=all", shared_with="*", owner=act["by"], at=act["at"], pinned=False
    )
    run = bulk.draft("assign", [(case.pk, case.version)], by=act["by"], at=act["at"])
    away = Absence.objects.create(
        user=act["by"],
        cover=make_user(Role.SUPERVISOR, name="cover"),
        starts_on=act["at"].date() + timedelta(days=30),
        ends_on=act["at"].date() + timedelta(days=40),
    )
    system = tokens.find_user(tokens.add("crm", Role.AGENT, at=act["at"]), at=act["at"])
    hook = Webhook.objects.create(
        name="crm", url="https://192.0.2.1/", secret=new_secret(), created_at=act["at"]
    )
    knowledge = {"title": {"tr": "Okuma"}, "body": {"tr": "Sayaç okunur."}, "topics": []}
    article = editing.add("reading", **knowledge, by=act["by"], at=act["at"])
    editing.publish(article, language="tr", by=act["by"], at=act["at"])
    raised = Escalation.objects.create(
        case=case, level="repeat", trigger="repeat", role="supervisor", at=act["at"]
    )
    cause = causes.begin(
        Case.objects.all(), title="Okuma", method="whys", query="", owner=act["by"],
        by=act["by"], at=act["at"],
    )  # fmt: skip
    change = improving.plan(
        learning.said(act["by"]), cause=cause, by=act["by"], at=act["at"], profile=preset()
    )
    yield {
        "letter_id": str(letter.pk),
        "cause_id": str(cause.pk),
        "escalation_id": str(raised.pk),
        "improvement_id": str(change.pk),
        "article_id": str(article.pk),
        "webhook_id": str(hook.pk),
        "delivery_id": str(queueing.ping(hook, at=act["at"]).pk),
        "absence_id": str(away.pk),
        "user_id": str(act["by"].pk),
        "post_id": str(act["by"].memberships.get().pk),
        "token_id": str(system.tokens.get().pk),
        "run_id": str(run.pk),
        "view_id": str(view.pk),
        "visit_id": str(visit.pk),
        "version_id": str(act["profile"].version_id),
        "number": case.number,
        "task_id": str(task.pk),
        "action_id": str(planned.pk),
        "file_id": str(file.pk),
        "file": str(file.pk),
        "reply_id": str(reply.pk),
        "customer_id": str(customer.pk),
        "merge_id": str(merged.pk),
        "point_id": str(customer.contact_points.get().pk),
        "message_id": str(Message.objects.filter(case=case).first().pk),
    }
    cache.clear()


def test_every_page_has_a_row_and_every_row_a_page():
    assert set(addresses.pages()) == set(TABLE)
    for name, row in TABLE.items():
        named = [*row.get("all", ()), *row.get("own", ())]
        assert set(row) <= {"public", "all", "own", "post", "offices", "with", "data"}, name
        assert len(named) == len(set(named)), name
        assert set(named) <= set(Role), name
        assert bool(row.get("public")) is not bool({"all", "own"} & set(row)), name


def test_every_argument_of_an_address_is_known(scene):
    assert not {name: missing for name in TABLE if (missing := unknown(name, scene))}


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_the_pages_that_its_rows_name(scene, role):
    for unit in (OWN, OTHER):
        client = signed_in(make_user(role, unit, name=f"{role}-{unit}"))
        wrong = [
            f"{method} {name} in {unit}: {status}"
            for name, row, path in guarded(scene)
            if unit == OWN or "own" in row or is_about_the_case(path, scene)
            for method, status in ask(client, path, row)
            if (status not in REFUSED) is not holds(row, role, unit, method)
        ]
        assert not wrong


def test_an_office_opens_what_its_row_says_for_its_own_cases_only(scene):
    """A page that shows no case of the scene is open to every office, or by its row to none."""
    Case.objects.filter(number=scene["number"]).update(office=OFFICE)
    for office in (OFFICE, OTHER_OFFICE):
        client = signed_in(make_user(Role.CLERK, office, name=f"clerk-{office}"))
        wrong = [
            f"{method} {name} in {office}: {status}"
            for name, row, path in guarded(scene)
            for method, status in ask(client, path, row)
            if (status not in REFUSED) is not opens_to_office(path, row, office, scene, method)
        ]
        assert not wrong


def test_a_stranger_is_sent_to_the_sign_in(scene):
    for name, row, path in reached(scene):
        for method, answer in tried(Client(headers=HOME), path):
            to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
            assert answer.status_code < 500 or name == "readyz", name
            if not row.get("public"):
                assert to_sign_in or answer.status_code in REFUSED, (name, method)


def test_no_get_writes_anything(scene):
    """A picture that a mail loads, or a link that a browser opens ahead, changes nothing."""
    readers = [make_user(role, OWN, name=f"{role}-reads") for role in (Role.ADMIN, Role.UNIT)]
    clients = [Client(headers=HOME), *map(signed_in, readers)]
    before = contents()
    for client in clients:
        for _name, _row, path in reached(scene):
            fetched(client, "get", path)
    for _name, _row, path in reached(scene):
        fetched(clients[1], "head", path)
    assert contents() == before


def test_what_compares_the_contents_sees_a_change(scene):
    before = contents()
    with undone():
        User.objects.filter(username="boss").update(first_name="Başka")
        assert contents() != before
    assert contents() == before


def reached(scene: dict[str, str]) -> Iterator[tuple[str, dict, str]]:
    """Every page of the table: its name, its row, and where it is with the scene's arguments.

    One without a row or a sample has a test of its own that fails.
    """
    for name, row in TABLE.items():
        if name in addresses.pages() and not unknown(name, scene):
            given = {**scene, **row.get("with", {})}
            yield name, row, reverse(name, kwargs={key: given[key] for key in wanted(name)})


def guarded(scene: dict[str, str]) -> Iterator[tuple[str, dict, str]]:
    return (entry for entry in reached(scene) if not entry[1].get("public"))


def wanted(name: str) -> set[str]:
    """The arguments of an address."""
    pattern = addresses.pages()[name].pattern
    return set(pattern.converters or getattr(pattern, "regex", None).groupindex)


def unknown(name: str, scene: dict[str, str]) -> set[str]:
    """The arguments of an address for which there is no sample."""
    return wanted(name) - set(scene) - set(TABLE[name].get("with", {}))


def is_about_the_case(path: str, scene: dict[str, str]) -> bool:
    return any(scene[key] in path for key in OF_THE_CASE)


def holds(row: dict, role: Role, unit: str, method: str) -> bool:
    if method == "post" and role not in row.get("post", [role]):
        return False
    return role in row.get("all", ()) or (role in row.get("own", ()) and unit == OWN)


def opens_to_office(path: str, row: dict, office: str, scene: dict[str, str], method: str) -> bool:
    if not row.get("offices", True) or not holds(row, Role.CLERK, "", method):
        return False
    return office == OFFICE or not is_about_the_case(path, scene)


def ask(client: Client, path: str, row: dict) -> list[tuple[str, int]]:
    """What the page answers to the methods that it knows; nothing of it stays."""
    answers = [(how, said.status_code) for how, said in tried(client, path, row.get("data"))]
    assert answers, f"{path} takes neither GET nor POST"
    return answers


def tried(
    client: Client, path: str, data: dict | None = None
) -> Iterator[tuple[str, HttpResponse]]:
    for method in ("get", "post"):
        with undone():
            answer = fetched(client, method, path, data if method == "post" else None)
            if answer.status_code != 405:
                yield method, answer


def fetched(client: Client, method: str, path: str, data: dict | None = None) -> HttpResponse:
    """The whole answer; a file is read to its end, which closes it."""
    answer = getattr(client, method)(path, data)
    for _part in answer.streaming_content if answer.streaming else ():
        pass
    return answer


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def signed_in(user: User) -> Client:
    client = Client(headers=HOME)
    client.force_login(user)
    return client


def contents() -> dict[str, str]:
    """A digest of every table."""
    return {
        model._meta.label: hashlib.sha256(
            "\n".join(sorted(repr(row) for row in model._base_manager.values_list())).encode()
        ).hexdigest()
        for model in apps.get_models()
        if model._meta.label not in MAY_GROW and model._meta.managed
    }
