"""Several verbs in one: offered where it fits, previewed as it will be, done whole or not."""

import pytest
from django.test import Client
from django.utils import timezone

from derman.cases import actions
from derman.profile.schema import Macro
from tests.factories import make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    published()
    return make_case(
        customer=make_customer("Ayşe Yılmaz", email="ayse@ornek.example"), at=timezone.now()
    )


@pytest.fixture
def client():
    published()
    client = Client()
    client.force_login(make_user("solution", "solution"))
    return client


def address(case, key) -> str:
    return f"/desk/cases/{case.number}/macros/{key}/"


def types(case) -> list[str]:
    return list(case.events.order_by("id").values_list("type", flat=True))


TEXTS = {"question": "Okuma kaç?", "reply": "Sayın Ayşe Yılmaz, baktırıyoruz."}


def test_the_case_page_offers_those_that_fit_case_and_person(case, client):
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    for key in ("reading_check", "call_tomorrow", "press_matter"):
        assert address(case, key) in page
    agent = Client()
    agent.force_login(make_user("agent", "call_centre"))  # in this profile it does not refer
    page = agent.get(f"/desk/cases/{case.number}/").content.decode()
    assert address(case, "reading_check") not in page
    assert address(case, "press_matter") in page
    assert agent.get(address(case, "reading_check")).status_code == 404


def test_topic_and_state_decide(client):
    other = make_case(topic="supply.no_gas", at=timezone.now())
    assert client.get(address(other, "reading_check")).status_code == 404
    assert client.get(address(other, "call_tomorrow")).status_code == 200
    actions.close_early(other, "withdrawn", by=None, at=timezone.now(), profile=published())
    assert client.get(address(other, "call_tomorrow")).status_code == 404
    assert client.get(address(other, "nothing_such")).status_code == 404


def test_the_preview_says_what_will_happen_and_does_nothing(case, client):
    before = types(case)
    page = client.get(address(case, "reading_check")).content.decode()
    assert "Meter photo on file" in page
    assert "Ask the unit “" in page
    assert f"{case.number[:3]}" in page
    assert "{{" not in page
    assert "Sayın Ayşe Yılmaz" in page  # in the applicant's language
    assert "The applicant will be sent" in page
    assert "ayse@ornek.example" not in page  # masked
    assert types(case) == before


def test_all_its_steps_are_done_each_with_its_event(case, client):
    before = types(case)
    answer = client.post(address(case, "reading_check"), {"version": case.version, **TEXTS})
    assert answer.status_code == 302
    assert types(case)[len(before) :] == ["tagged", "referred", "replied"]
    case.refresh_from_db()
    assert case.state == "referred"
    assert case.tasks.get().question == TEXTS["question"]
    assert case.replies.get().text == TEXTS["reply"]
    assert case.tags.get().tag == "meter_photo"


def test_a_tag_that_is_there_is_no_step(case, client):
    act = {"by": make_user("supervisor"), "at": timezone.now(), "profile": published()}
    actions.tag(case, "media", **act)
    page = client.get(address(case, "press_matter")).content.decode()
    assert "Put on the tag" not in page
    said = {"version": case.version, "note": "Dikkat."}
    assert client.post(address(case, "press_matter"), said).status_code == 302


def test_where_one_step_fails_none_is_done_and_it_is_named(case, client):
    """The clock of the case stands nearer than the macro would lay it aside."""
    macro = Macro.model_validate(
        {
            "label": {"tr": "Yanlış", "en": "Wrong", "de": "Falsch"},
            "tags": ["media"],
            "note": {"tr": "Not", "en": "Note", "de": "Notiz"},
            "snooze": "400 working days",
        }
    )
    published(preset().model_copy(update={"macros": {"wrong": macro}}))
    before, version = types(case), case.version
    answer = client.post(address(case, "wrong"), {"version": case.version, "note": "Not"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was done, because one step failed: Lay aside until" in said
    assert "Choose a day within the next 90." in said
    assert types(case) == before
    case.refresh_from_db()
    assert (case.version, case.tags.count(), case.notes.count()) == (version, 0, 0)


def test_words_are_needed_and_an_old_version_is_told(case, client):
    empty = {"version": case.version, "question": "", "reply": ""}
    assert client.post(address(case, "reading_check"), empty).status_code == 422
    old = client.post(address(case, "reading_check"), {"version": case.version - 1, **TEXTS})
    assert old.status_code == 409
    assert "Nothing was done." in old.content.decode()
    assert TEXTS["reply"] in old.content.decode()


def test_taking_promising_and_laying_aside_in_one(case, client):
    macro = Macro.model_validate(
        {
            "label": {"tr": "Sonra", "en": "Later", "de": "Später"},
            "take": True,
            "promise": "3 working days",
            "snooze": "1 working day",
            "snooze_reason": "appointment",
        }
    )
    published(preset().model_copy(update={"macros": {"later": macro}}))
    assert client.post(address(case, "later"), {"version": case.version}).status_code == 302
    case.refresh_from_db()
    assert case.owner_user is not None
    assert case.promised_at > case.snoozed_until
    assert types(case)[-3:] == ["taken", "promised", "snoozed"]
