"""Roles, units and tokens: what one role may not, another adds; nobody's unit leaks to another."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from derman.accounts import rights, tokens
from derman.accounts.models import Membership, Token, User
from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_case, find_task
from derman.words.life import Verb
from derman.words.rights import RIGHTS, Place, Role, Scope
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db


def member(*posts):
    user = User.objects.create(username=f"u{User.objects.count()}")
    for role, unit in posts:
        Membership.objects.create(user=user, role=role, unit=unit)
    return user


@pytest.fixture
def referred():
    profile = published()
    case = make_case(profile=profile)
    boss = make_user(Role.SUPERVISOR)
    for unit in ("metering", "billing"):
        actions.refer(case, unit, by=boss, at=MONDAY, profile=profile, question="?")
    return case


def test_every_role_has_a_row_and_nobody_without_a_role_has_a_right():
    assert set(RIGHTS) == set(Role)
    nobody = member()
    assert not any(rights.may(nobody, verb) for verb in Verb)
    assert not any(rights.may_enter(nobody, place) for place in Place)
    assert not Case.objects.visible_to(nobody).exists()


def test_a_role_of_no_scope_sees_no_case(referred):
    for role, given in RIGHTS.items():
        seen = Case.objects.visible_to(member((role, ""))).exists()
        assert seen is (given.scope is not Scope.NONE), role


@pytest.mark.parametrize(
    ("unit", "sees"), [("metering", True), ("billing", True), ("network", False)]
)
def test_a_unit_sees_the_cases_it_was_asked_about(referred, unit, sees):
    assert Case.objects.visible_to(member((Role.UNIT, unit))).exists() is sees


def test_memberships_add_up_verb_by_verb(referred):
    user = member((Role.UNIT, "billing"), (Role.MANAGER, ""))
    assert rights.sees_all(user)
    assert not rights.sees_all(user, Verb.ANSWER_TASK)
    assert rights.units_for(user, Verb.ANSWER_TASK) == {"billing"}
    assert Case.objects.visible_to(user, Verb.ANSWER_TASK).get() == referred
    own, other = referred.tasks.get(unit="billing"), referred.tasks.get(unit="metering")
    assert find_task(user, referred, own.pk, verb=Verb.ANSWER_TASK) == own
    with pytest.raises(Http404):
        find_task(user, referred, other.pk, verb=Verb.ANSWER_TASK)


def test_an_answered_task_no_longer_opens_the_case_to_its_unit(referred):
    user = member((Role.UNIT, "metering"))
    task = referred.tasks.get(unit="metering")
    boss = User.objects.get(username="supervisor")
    actions.answer_task(task, "Doğru.", by=boss, at=MONDAY, profile=published())
    Case.objects.filter(pk=referred.pk).update(unit="billing", inform_unit="billing")
    assert not Case.objects.visible_to(user).exists()


def test_a_task_of_another_case_is_not_found_under_this_one(referred):
    other = make_case()
    task = referred.tasks.get(unit="billing")
    with pytest.raises(Http404):
        find_task(make_user(Role.ADMIN), other, task.pk, verb=Verb.START_TASK)


def test_who_was_switched_off_has_no_right_left():
    user = make_user(Role.ADMIN)
    user.is_active = False
    user.save()
    gone = User.objects.get(pk=user.pk)
    assert not any(rights.may(gone, verb) for verb in Verb)
    assert not rights.may_enter(gone, Place.DESK)


def test_a_superuser_flag_gives_no_right_of_ours():
    user = User.objects.create(username="root", is_superuser=True, is_staff=True)
    assert not rights.may(user, Verb.READ)
    with pytest.raises(PermissionDenied):
        find_case(user, "264839172", verb=Verb.READ, what="x", at=MONDAY)


def test_a_token_is_kept_as_its_digest_and_gives_the_role_it_was_made_with():
    token = tokens.add("billing system", Role.UNIT, at=MONDAY, unit="billing")
    row = Token.objects.get()
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(Token.objects.values())
    user = tokens.find_user(token, at=MONDAY)
    assert (user.is_service, user.has_usable_password()) == (True, False)
    assert rights.units_for(user) == {"billing"}
    for wrong in (token[:-1], token + " ", token.upper(), "", row.digest):
        assert tokens.find_user(wrong, at=MONDAY) is None


def test_a_revoked_token_is_refused_at_once_where_it_was_revoked():
    token = tokens.add("billing", Role.AGENT, at=MONDAY)
    assert tokens.find_user(token, at=MONDAY).username == "service:billing"
    assert tokens.revoke("billing", at=MONDAY)
    assert tokens.find_user(token, at=MONDAY) is None
    assert not tokens.revoke("billing", at=MONDAY)


def test_a_token_of_a_switched_off_system_is_refused():
    token = tokens.add("billing", Role.AGENT, at=MONDAY)
    User.objects.update(is_active=False)
    assert tokens.find_user(token, at=MONDAY) is None
