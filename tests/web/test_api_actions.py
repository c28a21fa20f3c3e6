"""Actions and grounds of a decision by the API, as the contract names them (`design.md` §9)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases import actions
from derman.cases.models import Action, Case, Outcome
from derman.words.rights import Role
from tests.factories import make_case, make_user, preset, published
from tests.systems import System

pytestmark = pytest.mark.django_db
REMEDY = {"kind": "remedy", "text": "Sayaç yeniden okunacak ve fatura düzeltilecek."}


@pytest.fixture
def api():
    published(preset("contact-centre"))
    return System()


@pytest.fixture
def case(api):
    return make_case(topic="reaching.queue", profile=published(preset("contact-centre")))


def post(api, case, path, body):
    case.refresh_from_db()
    return api.post(f"cases/{case.number}/{path}", body, version=case.version)


def refusal(answer):
    (error,) = answer.json()["errors"]
    return answer.status_code, error["pointer"], error["code"]


def test_an_action_is_planned_and_carried_out(api, case):
    due = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    made = post(
        api, case, "actions", {**REMEDY, "owner_unit": "quality", "due_at": due.isoformat()}
    )
    assert made.status_code == 201
    (shown,) = made.json()["actions"]
    assert set(shown) == {
        "id", "kind", "text", "owner_unit", "due_at", "state", "done_at", "effect", "cycle",
    }  # fmt: skip
    assert (shown["kind"], shown["owner_unit"], shown["state"]) == ("remedy", "quality", "open")
    assert (shown["done_at"], shown["effect"], shown["cycle"]) == (None, "", 1)
    assert made.json()["events"][-1]["type"] == "action_planned"

    done = post(api, case, f"actions/{shown['id']}/done", {"proof": "Düzeltme faturası ekte."})
    assert done.status_code == 200
    (shown,) = done.json()["actions"]
    assert shown["state"] == "done"
    assert shown["done_at"]
    assert "proof" not in shown
    assert refusal(post(api, case, f"actions/{shown['id']}/done", {"proof": "Yine."})) == (
        409, "", "not_open",
    )  # fmt: skip


def test_what_is_left_out_is_the_usual(api, case):
    (shown,) = post(api, case, "actions", REMEDY).json()["actions"]
    assert shown["owner_unit"] == case.unit
    assert shown["due_at"] > timezone.now().isoformat()[:10]


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"owner_unit": "nowhere"}, "/owner_unit", "unknown_unit"),
        ({"due_at": "2020-01-01T00:00:00Z"}, "/due_at", "past"),
        ({"kind": "wish"}, "/kind", "enum"),
        ({"text": " "}, "/text", "blank"),
    ],
)
def test_a_wrong_plan_is_refused_at_its_field(api, case, wrong, pointer, code):
    assert refusal(post(api, case, "actions", {**REMEDY, **wrong})) == (422, pointer, code)
    assert not Action.objects.exists()


def test_the_action_of_the_cycle_before_is_refused(api, case):
    boss = make_user(Role.ADMIN)
    given = {"by": boss, "at": timezone.now(), "profile": published(preset("contact-centre"))}
    actions.plan_action(case, actions.Plan("remedy", REMEDY["text"]), **given)
    actions.take_back(case, **given)
    actions.outcome(case, "justified", "Haklısınız.", reason_code="waited_too_long", **given)
    actions.reopen(case, "Yine oldu.", **given)
    said = {**REMEDY, "text": "  sayaç yeniden okunacak VE fatura düzeltilecek "}
    assert refusal(post(api, case, "actions", said)) == (422, "/text", "same_as_before")


def test_the_reason_must_be_one_of_the_decision(api, case):
    reasons = preset("contact-centre").decisions.reasons
    not_ours = next(k for k, one in reasons.items() if one.decisions == ("not_justified",))
    boss = make_user(Role.ADMIN)
    profile = published(preset("contact-centre"))
    actions.take_back(case, by=boss, at=timezone.now(), profile=profile)
    said = {"decision": "justified", "text": "Haklısınız."}
    for wrong in ("nothing_like_it", not_ours):
        answer = post(api, case, "outcome", {**said, "reason_code": wrong})
        assert refusal(answer) == (422, "/reason_code", "unknown_reason")
    fitting = next(iter(profile.profile.decisions.fitting("justified", case.topic)))
    more = {"reason_code": fitting, "evidence": "Kayıt dinlendi.", "compensation": "120.50"}
    assert post(api, case, "outcome", {**said, **more}).status_code == 200
    outcome = Outcome.objects.get()
    assert (outcome.reason_code, outcome.evidence) == (fitting, "Kayıt dinlendi.")
    assert str(outcome.compensation) == "120.50"


def test_what_the_reason_needs_is_asked_for_at_its_field(api, case):
    boss, profile = make_user(Role.ADMIN), published(preset("contact-centre"))
    actions.take_back(case, by=boss, at=timezone.now(), profile=profile)
    said = {"decision": "justified", "text": "Haklısınız.", "reason_code": "agent_error"}
    for evidence in (None, "", "  "):
        answer = post(api, case, "outcome", {**said, "evidence": evidence})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/evidence"
    assert not Outcome.objects.exists()
    heard = {**said, "evidence": "Kayıt dinlendi."}
    assert post(api, case, "outcome", heard).status_code == 200


def test_another_system_may_leave_the_reason_out_and_the_check_says_so(api, case):
    boss, profile = make_user(Role.ADMIN), published(preset("contact-centre"))
    actions.take_back(case, by=boss, at=timezone.now(), profile=profile)
    said = {"decision": "not_justified", "text": "Kurala uygun."}
    assert post(api, case, "outcome", said).status_code == 200
    post(api, case, "contacts", {"channel": "phone", "outcome": "reached"})
    assert Case.objects.get().checks.get().findings["reasoned"] == "no_reason"


def test_a_justified_complaint_is_not_closed_without_an_action(api, case):
    profile = published(preset("contact-centre"))
    boss = make_user(Role.ADMIN)
    given = {"by": boss, "at": timezone.now(), "profile": profile}
    actions.take_back(case, **given)
    actions.outcome(case, "partly", "Haklısınız.", reason_code="waited_too_long", **given)
    actions.contact(case, channel="phone", outcome="reached", **given)
    assert refusal(post(api, case, "close", {"reason": "resolved"})) == (409, "", "no_action")
    post(api, case, "actions", REMEDY)
    assert post(api, case, "close", {"reason": "resolved"}).status_code == 200
    assert Case.objects.get().checks.get().findings["action_planned"] == ""
