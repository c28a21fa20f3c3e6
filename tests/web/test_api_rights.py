"""Every operation × every role × a case of the own unit or of another, from one table."""

import tomllib
from pathlib import Path

import pytest
from django.test import Client

from derman.cases import actions
from derman.cases.models import Case, Event
from derman.words.rights import Role
from tests.factories import MONDAY, make_approval, make_case, make_user, published
from tests.systems import CALLS, System

pytestmark = pytest.mark.django_db
TABLE = tomllib.loads(Path(__file__).with_name("rights_api.toml").read_text())
OWN, OTHER = "metering", "billing"


@pytest.fixture
def case():
    """Asked of the unit `metering`; version and task are those of the moment."""
    profile = published()
    opened = make_case(profile=profile)
    boss = make_user(Role.SUPERVISOR)
    given = {"by": boss, "at": MONDAY, "profile": profile}
    actions.refer(opened, OWN, question="Okuma?", **given)
    actions.plan_action(opened, actions.Plan("remedy", "Sayaç okunacak.", OWN), **given)
    actions.offer(opened, "Faturayı düzeltiriz.", channel="phone", **given)
    make_approval(opened, boss)
    return opened


def test_every_operation_has_a_row_and_a_sample():
    document = Client().get("/api/v1/openapi.json").json()
    operations = {
        operation["operationId"]
        for verbs in document["paths"].values()
        for operation in verbs.values()
    }
    assert operations == set(TABLE) == set(CALLS)
    for name, row in TABLE.items():
        named = [role for roles in row.values() for role in roles]
        assert set(row) <= {"all", "own"}, name
        assert len(named) == len(set(named)), name
        assert set(named) <= set(Role), name


def holds(operation: str, role: Role, unit: str) -> bool:
    row = TABLE[operation]
    return role in row.get("all", ()) or (role in row.get("own", ()) and unit == OWN)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_its_row_says(case, role):
    task = case.tasks.get()
    for unit in (OWN, OTHER):
        system = System(role, unit)
        for operation in CALLS:
            before = (Case.objects.count(), Event.objects.count())
            if operation == "list_cases":
                assert shown(system) is holds(operation, role, unit), (operation, unit)
                continue
            answer = system.call(operation, case, task_id=task.pk)
            allowed = answer.status_code not in (401, 403, 404)
            assert allowed is holds(operation, role, unit), (operation, unit, answer.content)
            if not allowed:
                assert (Case.objects.count(), Event.objects.count()) == before
            case.refresh_from_db()


@pytest.mark.parametrize("office", ["office_centre", "office_north"])
def test_an_office_may_do_what_a_clerk_may_on_its_own_cases_only(case, office):
    Case.objects.filter(pk=case.pk).update(office="office_centre")
    system = System(Role.CLERK, office)
    for operation in CALLS:
        named = Role.CLERK in TABLE[operation].get("all", ())
        if operation == "list_cases":
            assert shown(system) is (office == "office_centre")
            continue
        answer = system.call(operation, case, task_id=case.tasks.get().pk)
        allowed = answer.status_code not in (401, 403, 404)
        of_no_case = operation in {"topics", "open_case"}
        assert allowed is (named and (of_no_case or office == "office_centre")), operation
        case.refresh_from_db()


def shown(system: System) -> bool:
    answer = system.call("list_cases")
    return answer.status_code == 200 and bool(answer.json()["items"])


@pytest.mark.parametrize("role", [Role.UNIT, Role.FIELD])
def test_another_units_case_looks_like_none(case, role):
    system = System(role, OTHER)
    strange = system.get(f"cases/{case.number}")
    none = system.get("cases/264839172")
    assert (strange.status_code, strange.content) == (none.status_code, none.content)


@pytest.mark.parametrize("role", [Role.UNIT, Role.FIELD])
def test_another_units_task_cannot_be_answered_on_a_shared_case(case, role):
    boss = make_user(Role.ADMIN)
    other = actions.refer(case, OTHER, by=boss, at=MONDAY, profile=published(), question="Tutar?")
    answer = System(role, OWN).call("answer_task", case, task_id=other.pk)
    assert answer.status_code == 404
    other.refresh_from_db()
    assert other.answer == ""
