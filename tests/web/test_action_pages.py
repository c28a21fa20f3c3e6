"""Actions at the desk and in the portal: decided, planned, done, checked; lists and rules kept."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.models import Action, Check, Outcome
from derman.portal import following, timeline
from derman.words.loop import ActionState
from derman.words.rights import Role
from tests.factories import make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db
TEXT = "Faturanız düzeltilecek."


@pytest.fixture
def profile():
    return published(preset("contact-centre"))


@pytest.fixture
def boss():
    return make_user(Role.SUPERVISOR)


@pytest.fixture
def given(profile, boss):
    return {"by": boss, "at": timezone.now(), "profile": profile}


@pytest.fixture
def case(given):
    return opened(given)


@pytest.fixture
def desk(boss):
    return signed_in(boss)


def opened(given, **more):
    customer = make_customer(email="ayse@ornek.example")
    found = make_case(
        topic="reaching.queue", customer=customer, at=given["at"], profile=given["profile"], **more
    )
    actions.take_back(found, **given)
    return found


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def post(client, case, noun, **said):
    case.refresh_from_db()
    return client.post(f"/desk/cases/{case.number}/{noun}/", {"version": case.version, **said})


DECIDED = {"decision": "justified", "text": "Haklısınız.", "reason_code": "waited_too_long"}
PLANNED = {"action_kind": "remedy", "action_text": TEXT, "action_owner_unit": "quality"}


def test_decision_reason_evidence_and_first_action_in_one_form(desk, case):
    said = {**DECIDED, "reason_code": "agent_error", "evidence": "Kayıt 12.", "compensation": "50"}
    assert post(desk, case, "outcome", **said, **PLANNED).status_code == 302
    outcome, action = Outcome.objects.get(), Action.objects.get()
    assert (outcome.reason_code, outcome.evidence) == ("agent_error", "Kayıt 12.")
    assert outcome.compensation == 50
    assert (action.kind, action.text, action.owner_unit) == ("remedy", TEXT, "quality")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason_code": ""}, "reason_code"),
        ({"reason_code": "done_by_rule"}, "reason_code"),
        ({"reason_code": "agent_error"}, "evidence"),
        ({"compensation": "-3"}, "compensation"),
        ({"action_text": ""}, "action_text"),
        ({"action_kind": ""}, "action_kind"),
        ({"action_due_at": "2020-01-01T10:00"}, "action_due_at"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(desk, case, change, field):
    answer = post(desk, case, "outcome", **{**DECIDED, **PLANNED, **change})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    page = answer.content.decode()
    assert "Haklısınız." in page
    assert change.get("action_text") == "" or TEXT in page
    assert not Outcome.objects.exists()
    assert not Action.objects.exists()


def test_reasons_stand_under_the_decisions_that_they_fit(desk, case):
    page = desk.get(f"/desk/cases/{case.number}/outcome/").content.decode()
    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', page, re.S)
    found = {label: re.findall(r'value="([^"]*)"', options) for label, options in groups}
    justified, not_justified = found["Justified, Partly justified"], found["Not justified"]
    assert "waited_too_long" in justified
    assert not_justified == ["done_by_rule"]  # the others are about other topics


def test_whoever_may_plan_nothing_is_asked_for_no_action(case):
    page = signed_in(make_user(Role.CLERK)).get(f"/desk/cases/{case.number}/answer/")
    assert b"action_text" not in page.content


def test_an_action_goes_its_way_through_the_pages(desk, case, given):
    assert post(desk, case, "actions", kind="remedy", text=TEXT, owner_unit="quality").url
    action = Action.objects.get()
    page = desk.get(f"/desk/cases/{case.number}/").content.decode()
    assert f'data-action="{action.pk}"' in page
    owner = signed_in(make_user(Role.UNIT, "quality"))
    assert owner.get(f"/desk/cases/{case.number}/actions/{action.pk}/").status_code == 200
    path = f"actions/{action.pk}/done"
    assert post(owner, case, path, proof=" ").status_code == 422
    assert post(owner, case, path, proof="Düzeltme faturası.").status_code == 302
    checker = signed_in(make_user(Role.QUALITY))
    path = f"actions/{action.pk}/check"
    said = {"effect": "not_effective", "finding": "Yine hata."}
    wrong = post(checker, case, path, **said, action_text=TEXT)
    assert wrong.status_code == 422
    assert "Yine hata." in wrong.content.decode()
    assert post(checker, case, path, **said, action_text="Sistem değişecek.").status_code == 302
    assert sorted(Action.objects.values_list("effect", flat=True)) == ["", "not_effective"]
    newer = Action.objects.get(state=ActionState.OPEN)
    path = f"actions/{newer.pk}/cancellation"
    assert post(desk, case, path, reason="Gerek kalmadı.").status_code == 302
    newer.refresh_from_db()
    assert newer.state == ActionState.CANCELLED
    history = desk.get(f"/desk/cases/{case.number}/").content.decode()
    for event in ("planned", "done", "checked", "cancelled"):
        assert f'data-event="action_{event}"' in history


def test_two_people_on_one_action_the_second_is_told(desk, case, given):
    action = actions.plan_action(case, actions.Plan("remedy", TEXT), **given)
    old = case.version - 1
    answer = desk.post(
        f"/desk/cases/{case.number}/actions/{action.pk}/done/", {"version": old, "proof": "Tamam."}
    )
    assert answer.status_code == 409
    assert "Tamam." in answer.content.decode()


def test_another_units_action_is_not_there(case, given):
    action = actions.plan_action(case, actions.Plan("remedy", TEXT, "quality"), **given)
    other = signed_in(make_user(Role.UNIT, "workforce"))
    path = f"/desk/cases/{case.number}/actions/{action.pk}/"
    assert other.get(path).status_code == 404
    listed = other.get("/desk/actions/").content.decode()
    assert TEXT not in listed
    assert re.findall(r'<option value="(\w+)"', listed.split("</select>")[0]) == [
        "mine",
        "workforce",
    ]


def spread(given, count):
    """So many cases with an action each: open, late, done long ago, without effect."""
    for index in range(count):
        case = opened(given)
        plan = actions.Plan("corrective", f"Eylem {index}", "quality")
        action = actions.plan_action(case, plan, **given)
        changes = (
            {},
            {"due_at": given["at"] - timedelta(days=index)},
            {"state": "done", "done_at": given["at"], "check_at": given["at"] - timedelta(days=1)},
            {"state": "done", "effect": "not_effective", "checked_at": given["at"],
             "done_at": given["at"]},
        )[index % 4]  # fmt: skip
        Action.objects.filter(pk=action.pk).update(**changes)


@pytest.mark.parametrize(
    ("view", "shown"),
    [("open", 4), ("late", 2), ("check", 2), ("again", 2), ("done", 4), ("nonsense", 4)],
)
def test_each_list_shows_its_actions(desk, given, view, shown):
    spread(given, 8)
    answer = desk.get("/desk/actions/", {"view": view})
    assert len(answer.context["lines"]) == shown
    empty = desk.get("/desk/actions/", {"view": view, "unit": "workforce", "kind": "remedy"})
    assert not empty.context["lines"]


def test_the_list_goes_by_pages_and_costs_the_same_however_long(desk, given, monkeypatch):
    spread(given, 4)
    desk.get("/desk/actions/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/desk/actions/")
    spread(given, 8)
    monkeypatch.setattr("derman.desk.owed.action_list.SIZE", 4)
    desk.get("/desk/actions/")  # the menu's counts are remembered for a moment
    with CaptureQueriesContext(connection) as many:
        first = desk.get("/desk/actions/")
    assert len(many) <= len(few) <= 12
    second = desk.get("/desk/actions/", {"after": first.context["after"]})
    found = [line.id for page in (first, second) for line in page.context["lines"]]
    assert len(found) == len(set(found)) == 6
    assert not second.context["after"]


def test_cases_without_an_action_stand_in_a_list_of_their_own(desk, case, given):
    actions.outcome(case, "justified", "Haklısınız.", reason_code="waited_too_long", **given)
    page = desk.get("/desk/actions/", {"view": "missing"}).content.decode()
    assert f'data-number="{case.number}"' in page
    on_case = desk.get(f"/desk/cases/{case.number}/").content.decode()
    assert "can be closed only once" in on_case
    actions.plan_action(case, actions.Plan("remedy", TEXT), **given)
    page = desk.get("/desk/actions/", {"view": "missing"}).content.decode()
    assert f'data-number="{case.number}"' not in page


def closed(given):
    """Decided by another system, which may leave the reason out."""
    case = opened(given)
    system = User(username=f"system-{case.number}", is_service=True)
    system.save()
    actions.outcome(case, "not_justified", "Kurala uygun.", **{**given, "by": system})
    actions.contact(case, channel="phone", outcome="reached", **given)
    return case


def test_the_check_stands_on_the_case_and_narrows_the_list(desk, given):
    case = closed(given)
    check = Check.objects.get(case=case)
    assert not check.passed
    assert check.findings["reasoned"] == "no_reason"
    assert check.findings["informed"] == ""
    page = desk.get(f"/desk/cases/{case.number}/").content.decode()
    assert 'data-passed="no"' in page
    assert 'data-rule="reasoned"' in page
    for value, found in (
        ("failed", True),
        ("reasoned", True),
        ("passed", False),
        ("informed", False),
    ):
        listed = desk.get("/desk/", {"view": "all", "compliance": value}).content.decode()
        assert (f'data-number="{case.number}"' in listed) is found, value
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for day, found in ((timezone.localdate().isoformat(), True), (tomorrow, False)):
        asked = {"view": "all", "compliance": "failed", "checked_from": day}
        listed = desk.get("/desk/", asked).content.decode()
        assert (f'data-number="{case.number}"' in listed) is found, day


def test_what_failed_most_comes_first_and_leads_to_its_cases(desk, given):
    closed(given)
    closed(given)
    answer = desk.get("/desk/compliance/")
    first = answer.context["lines"][0]
    assert (first.rule, first.failed, first.asked) == ("reasoned", 2, 2)
    listed = desk.get(first.url)
    assert listed.content.decode().count("data-row") == 2
    assert desk.get("/desk/compliance/", {"days": "7000"}).context["days"] == 30


def test_the_applicant_reads_why_and_what_was_done(case, given):
    actions.outcome(case, "justified", "Haklısınız.", reason_code="waited_too_long", **given)
    remedy = actions.plan_action(case, actions.Plan("remedy", TEXT), **given)
    inside = actions.plan_action(case, actions.Plan("preventive", "Eğitim."), **given)
    for action in (remedy, inside):
        actions.do_action(action, "Gizli kanıt.", **given)
    details = following.look_into(case, what="track.details", at=given["at"])
    assert [one.text for one in details.remedies] == [TEXT]
    (shown,) = timeline.results(details.outcomes, given["profile"].profile, "en")
    assert shown["reason"] == "We kept you waiting longer than we promise"
