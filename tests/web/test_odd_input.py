"""What no form of ours sends: numbers without end, choices that there are not, NUL in addresses."""

from uuid import uuid4

import pytest
from django.utils import timezone

from derman.cases import actions
from derman.cases.models import Case, Outcome
from derman.visits import planning, slots
from derman.visits.models import FieldVisit
from derman.words.loop import VisitState
from derman.words.rights import Role
from derman.workplace.models import BulkRun
from tests.desk import Desk
from tests.factories import make_case, make_customer, preset, published

pytestmark = pytest.mark.django_db
ENDLESS = "9" * 5_000  # Python makes no number of it


@pytest.fixture
def case():
    published()
    customer = make_customer("Ayşe Yılmaz", email="ayse@ornek.example")
    return make_case(customer=customer, at=timezone.now())


@pytest.fixture
def boss(case):
    return Desk(Role.SUPERVISOR)


@pytest.mark.parametrize("name", ["version", "seen"])
def test_an_endless_number_opens_the_form_as_if_none_were_given(boss, case, name):
    page = boss.client.get(f"/desk/cases/{case.number}/notes/?{name}={ENDLESS}")
    assert page.status_code == 200
    assert page.context["form"].initial["version"] == case.version


@pytest.mark.parametrize("name", ["version", "seen"])
def test_an_endless_number_is_refused_and_the_words_stay(boss, case, name):
    said = {"version": case.version - 1, "text": "Yarın arıyoruz.", name: ENDLESS}
    page = boss.client.post(f"/desk/cases/{case.number}/notes/", said)
    assert page.status_code == 422
    assert "Yarın arıyoruz." in page.content.decode()
    case.refresh_from_db()
    assert not case.notes.exists()


@pytest.mark.parametrize("noun", ["answer", "outcome"])
@pytest.mark.parametrize("do", ["", "preview"])
def test_a_decision_that_there_is_not_is_refused_at_its_field(boss, case, noun, do):
    said = {"version": case.version, "decision": "perhaps", "text": "Endeks doğru.", "do": do}
    page = boss.client.post(f"/desk/cases/{case.number}/{noun}/", said)
    assert page.status_code == (200 if do else 422)
    assert "decision" in page.context["form"].errors
    assert "Endeks doğru." in page.content.decode()
    assert not Outcome.objects.exists()


def test_a_letter_outside_is_shown_without_a_decision_that_there_is_not(boss, case):
    given = {"by": boss.user, "at": timezone.now(), "profile": published()}
    actions.take(case, **given)
    offered = actions.offer(case, "Sayacı değiştirelim.", channel="phone", **given)
    actions.refuse(offered, "Yetmez.", channel="phone", **given)
    case = Case.objects.get(pk=case.pk)
    said = {"version": case.version, "decision": "perhaps", "text": "Baktık.", "do": "preview"}
    page = boss.client.post(f"/desk/cases/{case.number}/external-referral/", said)
    assert page.status_code == 200
    assert "decision" in page.context["form"].errors


def test_a_kept_decision_that_there_is_not_does_not_shut_the_form(boss, case):
    address = f"/desk/cases/{case.number}/outcome/"
    said = {"version": case.version, "decision": "perhaps", "text": "Endeks doğru.", "do": "keep"}
    assert boss.client.post(address, said).status_code == 302
    page = boss.client.get(address)
    assert page.status_code == 200
    assert "Endeks doğru." in page.content.decode()


@pytest.mark.parametrize("by", ["topic", "unit", "channel"])
def test_a_list_is_not_narrowed_by_a_satisfaction_cut_with_nul(boss, case, by):
    cut = f"answered~2026-01~2026-11~{by}~x%00"
    for address in ("/desk/", "/desk/filters/", "/desk/views/new/"):
        page = boss.client.get(f"{address}?view=all&survey={cut}")
        assert page.status_code == 200, address
    assert case.number in boss.page(f"/desk/?view=all&survey={cut}")


@pytest.mark.parametrize("number", ["x\x00y", "²", "9" * 5_000])
def test_what_is_no_number_marks_no_case(boss, case, number):
    answer = boss.client.post("/desk/bulk/", {"do": "export", "number": number})
    assert answer.url.startswith("/desk/?")
    assert not BulkRun.objects.exists()
    page = Desk(Role.QUALITY).client.post("/desk/root-causes/new/", {"number": number})
    assert page.status_code == 200
    assert page.context["count"] == 0


@pytest.mark.parametrize("what", ["profile", "add", "removal"])
def test_a_place_in_a_list_that_has_no_end_is_not_there(case, what):
    answer = Desk(Role.ADMIN).client.get(f"/settings/{what}/notices/{ENDLESS}/")
    assert answer.status_code == 404


def test_the_mark_of_another_visits_report_is_refused(boss, case):
    given = {"by": boss.user, "at": timezone.now(), "profile": published()}
    visits = []
    for one in (case, make_case(at=timezone.now())):
        free = (s for s in slots.offered(preset(), given["at"]) if s.unit == "metering" and s.free)
        visits.append(
            planning.plan(one, next(free).key, address="Çınar Sokak", purpose="Mühür?", **given)
        )
    crew, said = Desk(Role.FIELD, "metering").client, {"mark": str(uuid4()), "result": "missed"}
    first, second = (f"/desk/field/{visit.pk}/" for visit in visits)
    assert crew.post(first, said).status_code == 302
    answer = crew.post(second, said, HTTP_ACCEPT="application/json")
    assert answer.status_code == 422
    assert "another visit" in answer.json()["errors"][0]
    assert FieldVisit.objects.get(pk=visits[1].pk).state == VisitState.PLANNED


@pytest.mark.parametrize("name", ["shown", "languages.rows"])
def test_an_endless_number_in_a_hidden_field_of_the_editor_is_no_fault_of_ours(case, name):
    client = Desk(Role.ADMIN).client
    page = client.post("/settings/profile/organisation/", {name: ENDLESS, "name.tr": "Çiçek Gaz"})
    assert page.status_code == 422
    assert "Çiçek Gaz" in page.content.decode()


@pytest.mark.parametrize("sent", ["", "no", "[]", "null", '{"id": 1}', ENDLESS, "[" * 5_000])
def test_what_no_passkey_answers_signs_nobody_in(client, case, sent):
    answer = client.post("/sign-in/passkey/", {"credential": sent})
    assert answer.status_code == 302
    assert answer.url == "/sign-in/"
    assert "_auth_user_id" not in client.session
