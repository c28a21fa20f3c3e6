"""The case page: its verbs with right and wrong input, by the right and the wrong person."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import derman.desk
from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case, Dispatch, Task
from derman.desk.verbs.offered import FORMS
from derman.portal import following
from derman.words.events import EventType
from derman.words.kinds import ClosingReason, Decision
from tests.factories import (
    make_account,
    make_case,
    make_customer,
    make_user,
    published,
    with_process,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile():
    return published()


@pytest.fixture
def solution(profile):
    return make_user("solution", "solution")


@pytest.fixture
def unit(profile):
    return make_user("unit", "metering")


@pytest.fixture
def act(solution, profile):
    """Who, when and under which profile; now, so that due dates lie ahead."""
    return {"by": solution, "at": timezone.now(), "profile": profile}


@pytest.fixture
def case(act):
    return make_case(
        customer=make_customer("Ayşe Yılmaz", email="ayse@ornek.example"), at=act["at"]
    )


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user, case, noun, **data):
    """Use a verb as its form does, with the version that the case has now."""
    data.setdefault("version", Case.objects.get(pk=case.pk).version)
    return sign_in(user).post(f"/desk/cases/{case.number}/{noun}/", data)


def look(user, case) -> str:
    return sign_in(user).get(f"/desk/cases/{case.number}/").content.decode()


def answered(case, act):
    task = actions.refer(case, "metering", **act)
    actions.answer_task(task, "Yanlış okunmuş.", **act)
    case.refresh_from_db()
    return case


# Reading


def test_the_page_shows_who_what_and_until_when(case, solution):
    page = look(solution, case)
    assert "Ayşe Yılmaz" in page
    assert "Sayaç yanlış okunmuş" in page
    assert "0532 ••• •• 67" in page
    assert "0532 123 45 67" not in page
    assert "a•••@ornek.example" in page
    assert "working days are allowed" in page
    assert AccessRecord.objects.filter(what="case", about=case.number, by=solution).exists()


def test_it_takes_at_most_twenty_queries(case, act, solution, django_assert_max_num_queries):
    answered(case, act)
    actions.contact(case, channel="phone", outcome="reached", **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    actions.assign(make_case(), None, **act)
    client = sign_in(solution)
    client.get("/desk/")
    with django_assert_max_num_queries(20):
        client.get(f"/desk/cases/{case.number}/?view=all")


def test_numbers_in_the_text_are_masked(act, solution):
    case = make_case(description="TCKN 10000000146, IBAN TR330006100519786457841326", at=act["at"])
    page = look(solution, case)
    assert "10000000146" not in page
    assert "TR330006100519786457841326" not in page


def test_sensitive_words_are_pointed_out(act, solution):
    case = make_case(description="Annem diyaliz hastası, gaz kesildi.", at=act["at"])
    assert "may tell something sensitive" in look(solution, case)


def test_a_secret_reporter_is_shown_to_nobody_without_the_right(act, solution):
    customer = make_customer("Gizli Kişi", email="gizli@ornek.example")
    case = make_case(
        customer=customer, account=make_account(customer, "77001122"), at=act["at"],
        topic="illegal_use.report", secret_reporter=True,
    )  # fmt: skip
    page = look(solution, case)
    for told in ("Gizli", "ornek.example", "0532 ", "77001122"):
        assert told not in page
    form = sign_in(solution).get(f"/desk/cases/{case.number}/contacts/").content.decode()
    assert "0532 " not in form
    data = {"do": "preview", "text": "Bakıldı.", "decision": "justified"}
    assert "Gizli" not in send(solution, case, "answer", **data).content.decode()
    assert "Gizli" in look(make_user("supervisor"), case)


def test_another_unit_finds_no_such_case(case, profile):
    other = make_user("unit", "billing", name="other")
    assert sign_in(other).get(f"/desk/cases/{case.number}/").status_code == 404


@pytest.mark.parametrize("kind", EventType)
def test_every_event_has_its_lines(kind):
    folder = Path(derman.desk.__file__).parent / "templates" / "desk" / "events"
    assert (folder / f"{kind}.html").is_file()


def test_every_event_of_a_long_life_is_shown(case, act, solution, unit):
    actions.take(case, **act)
    actions.assign(case, unit, **act)
    actions.assign(case, None, **act)
    actions.promise(case, act["at"] + timedelta(days=3), **act)
    actions.note(case, "Dikkat.", **act)
    task = actions.refer(case, "metering", question="Endeks kaç?", **act)
    actions.start_task(task, **act)
    actions.send_back(task, "Bizde değil.", **act)
    case.refresh_from_db()
    actions.reclassify(case, "billing.invoice_objection", **act)
    actions.ask(case, "Fotoğraf var mı?", **act)
    actions.hear(case, "Ekte.", **act)
    actions.hear(case, "Bir şey daha.", **act)
    actions.refer(case, "billing", **act)
    actions.take_back(case, **act)
    answered(case, act)
    actions.contact(case, channel="phone", outcome="reached", note="Konuşuldu.", **act)
    actions.reply(case, "Bilginize.", **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    actions.close(case, **act)
    actions.reopen(case, "Kabul etmedi.", **act)
    actions.close_early(case, ClosingReason.WITHDRAWN, **act)
    page = look(solution, case)
    for said in ("Dikkat.", "Endeks kaç?", "Bizde değil.", "Ekte.", "Konuşuldu.", "Bilginize."):
        assert said in page
    for event in case.events.all():
        assert f'data-event="{event.type}"' in page


# Verbs


def test_refer_asks_the_unit_that_the_topic_names(case, solution):
    form = sign_in(solution).get(f"/desk/cases/{case.number}/referrals/").content.decode()
    assert '<option value="metering" selected>' in form
    answer = send(solution, case, "referrals", unit="metering", question="Endeks kaç?")
    assert answer.status_code == 302
    assert Task.objects.get(case=case).question == "Endeks kaç?"


def test_take_assign_promise_and_topic(case, solution):
    send(solution, case, "ownership")
    case.refresh_from_db()
    assert case.owner_user == solution
    send(solution, case, "assignment", owner_user="")
    soon = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    send(solution, case, "promise", due_at=soon)
    send(solution, case, "topic", topic="billing.invoice_objection", kind="")
    case.refresh_from_db()
    assert case.owner_user is None
    assert case.promised_at is not None
    assert case.topic == "billing.invoice_objection"
    moved = send(solution, case, "promise", due_at=soon, reason="")
    assert moved.status_code == 422


def test_the_call_shows_the_number_and_leads_to_the_outcome(case, act, solution, profile):
    published(with_process(informs="owner"))
    act["profile"] = published(with_process(informs="owner"))
    answered(case, act)
    desk = sign_in(solution)
    form = desk.get(f"/desk/cases/{case.number}/contacts/").content.decode()
    assert "0532 ••• •• 67" in form
    assert "tel:+905321234567" not in form
    asked = desk.post(f"/desk/cases/{case.number}/numbers/").content.decode()
    assert "tel:+905321234567" in asked
    logged = send(solution, case, "contacts", channel="phone", outcome="reached", note="Tamam.")
    assert logged.url.endswith("do=outcome")
    done = send(solution, case, "outcome", decision="justified", text="Fatura düzeltildi.")
    assert done.status_code == 302
    send(solution, case, "closure", reason="resolved")
    case.refresh_from_db()
    assert (case.state, case.decision) == ("closed", "justified")
    send(solution, case, "reopening", reason="Kabul etmiyor.")
    case.refresh_from_db()
    assert (case.state, case.cycle) == ("in_review", 2)


def test_the_outcome_is_previewed_as_it_will_be_sent(case, act, solution):
    answered(case, act)
    before = case.version
    data = {"do": "preview", "decision": "justified", "text": "Fatura düzeltildi."}
    page = send(solution, case, "outcome", **data).content.decode()
    assert "data-parts=" in page or "Fatura düzeltildi." in page
    case.refresh_from_db()
    assert (case.state, case.version) == ("answered", before)


def test_ask_says_until_when_and_hearing_ends_the_wait(case, solution):
    form = sign_in(solution).get(f"/desk/cases/{case.number}/questions/").content.decode()
    assert "10 days" in form
    send(solution, case, "questions", text="Fotoğraf gönderir misiniz?")
    page = look(solution, case)
    assert 'data-clock="paused"' in page
    send(solution, case, "hearing", text="Ekte.")
    case.refresh_from_db()
    assert case.state == "in_review"


def test_answer_at_once_concludes(case, solution):
    answer = send(
        solution, case, "answer", decision="justified", text="Anlatıldı.", channel="phone"
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"


def test_take_back_and_close_early(case, act, solution):
    actions.refer(case, "metering", **act)
    send(solution, case, "return")
    send(solution, case, "early-closure", reason="withdrawn", text="")
    case.refresh_from_db()
    assert case.closing_reason == "withdrawn"


def test_a_note_and_a_file(case, solution):
    send(solution, case, "notes", text="Bakılacak.")
    data = {"attachments": SimpleUploadedFile("okuma.txt", b"4812"), "version": case.version + 1}
    sign_in(solution).post(f"/desk/cases/{case.number}/attachments/", data)
    file = case.attachments.get()
    got = sign_in(solution).get(f"/desk/cases/{case.number}/attachments/{file.pk}/")
    assert b"".join(got.streaming_content) == b"4812"
    assert got["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got["Content-Security-Policy"]
    lying = SimpleUploadedFile("foto.png", b"MZ\x00\x01binary")
    refused = send(solution, case, "attachments", attachments=lying)
    assert refused.status_code == 422


def test_a_reply_can_be_called_back_and_its_words_return(case, solution):
    send(solution, case, "replies", text="Sayın Ayşe Yılmaz, bakıyoruz.", channel="email")
    page = look(solution, case)
    assert 'class="undo"' in page
    reply = case.replies.get()
    client = sign_in(solution)
    back = client.post(f"/desk/cases/{case.number}/replies/{reply.pk}/undo/")
    assert back.status_code == 302
    dispatch = Dispatch.objects.get(event__type="replied")
    assert dispatch.done_at < dispatch.not_before
    shown = following.look_into(case, what="track", at=timezone.now() + timedelta(minutes=5))
    assert shown.replies == []
    again = client.get(back.url).content.decode()
    assert "called back before it left" in again
    assert again.count("Sayın Ayşe Yılmaz, bakıyoruz.") == 2  # in the timeline and in the composer
    assert 'data-event="reply_withdrawn"' in again


def test_reply_texts_are_filled_for_this_case(case, solution):
    page = look(solution, case)
    assert "data-starters" in page
    assert "Sayın Ayşe Yılmaz" in page


WRONG = {
    "contacts": {"channel": "phone", "outcome": "perhaps"},
    "referrals": {"unit": "nobody"},
    "answer": {"decision": "justified", "text": "  ", "channel": "phone"},
    "questions": {"text": ""},
    "hearing": {"text": "\n"},
    "replies": {"text": " "},
    "notes": {"text": ""},
    "promise": {"due_at": "2020-01-01T10:00"},
    "topic": {"topic": "nothing.known"},
    "assignment": {"owner_user": "999999"},
    "early-closure": {"reason": "resolved"},
    "attachments": {},
}


@pytest.mark.parametrize("noun", WRONG)
def test_wrong_input_is_said_at_its_field_and_changes_nothing(case, noun):
    boss = make_user("supervisor")
    version = case.version
    answer = send(boss, case, noun, **WRONG[noun])
    assert answer.status_code == 422
    assert "data-invalid" in answer.content.decode() or "error-summary" in answer.content.decode()
    case.refresh_from_db()
    assert case.version == version


@pytest.mark.parametrize("noun", FORMS)
def test_whoever_may_only_read_is_offered_and_allowed_nothing(case, noun):
    reader = make_user("privacy")
    assert send(reader, case, noun).status_code == 403
    page = look(reader, case)
    assert f'data-verb="{noun}"' not in page
    assert "composer" not in page


@pytest.mark.parametrize("noun", ["referrals", "closure", "assignment", "promise", "topic"])
def test_a_unit_does_not_decide_what_is_the_owners(case, act, unit, noun):
    actions.refer(case, "metering", **act)
    assert send(unit, case, noun).status_code == 403
    assert f'data-verb="{noun}"' not in look(unit, case)


def test_the_front_line_does_not_refer_where_the_solution_group_does(case, profile):
    agent = make_user("agent", "call_centre")
    assert 'data-verb="referrals"' not in look(agent, case)
    assert send(agent, case, "referrals", unit="metering").status_code == 403
    published(with_process(refers="front_line"))
    assert 'data-verb="referrals"' in look(agent, case)
    assert send(agent, case, "referrals", unit="metering").status_code == 302


def test_a_unit_informs_only_where_the_profile_says_so(case, act, unit):
    answered(case, act)
    assert 'data-verb="contacts"' in look(unit, case)
    published(with_process(informs="owner"))
    assert 'data-verb="contacts"' not in look(unit, case)
    assert send(unit, case, "contacts", channel="phone", outcome="reached").status_code == 403


def test_a_verb_that_the_state_forbids_is_not_offered_and_refused(case, solution):
    assert 'data-verb="reopening"' not in look(solution, case)
    answer = send(solution, case, "reopening", reason="Yine.")
    assert answer.status_code == 422
    assert "not possible" in answer.content.decode()


# Two people at once


def test_the_second_of_two_people_is_told_and_loses_no_word(case, act, solution):
    seen = case.version
    last = case.events.last().pk
    actions.note(case, "Ben bakıyorum.", **act)
    answer = send(
        solution, case, "referrals", unit="metering", question="Uzun bir soru.",
        version=seen, seen=last,
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Uzun bir soru." in page
    assert "Somebody else has changed" in page
    assert "Internal note" in page
    assert f'name="version" value="{case.version}"' in page
    assert not Task.objects.exists()


def test_a_partial_update_gets_only_the_form(case, act, solution):
    client = sign_in(solution)
    headers = {"HX-Request": "true"}
    form = client.get(f"/desk/cases/{case.number}/referrals/", headers=headers).content.decode()
    assert "<form" in form
    assert "<html" not in form
    data = {"unit": "metering", "version": case.version}
    done = client.post(f"/desk/cases/{case.number}/referrals/", data, headers=headers)
    assert done["HX-Redirect"].startswith(f"/desk/cases/{case.number}/")


@pytest.mark.parametrize(("choice", "leads"), [("stay", "cases/"), ("back", "?view=all")])
def test_after_a_verb_comes_what_the_person_chose(case, solution, choice, leads):
    solution.after_verb = choice
    solution.save()
    data = {"unit": "metering", "version": case.version}
    done = sign_in(solution).post(f"/desk/cases/{case.number}/referrals/?view=all", data)
    assert leads in done.url


def test_the_next_case_of_the_list_follows(case, act, solution):
    second = make_case(at=act["at"] + timedelta(minutes=1))
    solution.after_verb = "next"
    solution.save()
    data = {"unit": "metering", "version": case.version}
    done = sign_in(solution).post(f"/desk/cases/{case.number}/referrals/?view=new", data)
    assert second.number in done.url
