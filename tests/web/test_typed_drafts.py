"""Drafts on the case page: kept by itself or by a button, there again, gone once sent."""

import pytest
from django.test import Client
from django.utils import timezone

from derman.cases import actions
from derman.cases.models import Note, Reply
from derman.workplace import drafts
from derman.workplace.models import Draft
from tests.desk import Desk
from tests.factories import make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db
WORDS = "Sayın Ayşe Yılmaz, yarın arıyoruz."


@pytest.fixture
def case():
    published()
    return make_case(customer=make_customer(email="ayse@ornek.example"), at=timezone.now())


@pytest.fixture
def agent(case):
    return make_user("agent", "call_centre")


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client, case, noun, *, by_itself="", **said):
    case.refresh_from_db()
    headers = {"HX-Request": "true", "HX-Target": by_itself} if by_itself else {}
    data = {"version": case.version, **said}
    return client.post(f"/desk/cases/{case.number}/{noun}/", data, headers=headers)


def look(client, case) -> str:
    return client.get(f"/desk/cases/{case.number}/").content.decode()


def test_the_page_keeps_what_is_typed_and_has_it_again(case, agent):
    client, version = sign_in(agent), case.version
    answer = post(client, case, "replies", by_itself="kept-replies", do="keep", text=WORDS)
    assert answer.content.decode().count("Kept") == 1
    assert "<form" not in answer.content.decode()
    page = look(client, case)
    assert WORDS in page
    assert 'value="discard"' in page
    case.refresh_from_db()
    assert case.version == version
    assert not Reply.objects.exists()


def test_the_button_keeps_without_scripts(case, agent):
    client = sign_in(agent)
    answer = post(client, case, "answer", do="keep", text=WORDS, decision="justified")
    assert answer.status_code == 302
    assert "Kept for you." in client.get(answer.url).content.decode()
    form = client.get(f"/desk/cases/{case.number}/answer/").content.decode()
    assert WORDS in form
    assert 'value="justified" required checked' in form or "checked" in form
    assert '<span class="badge">Draft</span>' in look(client, case)


def test_a_colleague_sees_nothing_of_it(case, agent):
    post(sign_in(agent), case, "notes", do="keep", text=WORDS)
    other = sign_in(make_user("supervisor"))
    assert WORDS not in look(other, case)
    assert "Draft" not in other.get("/desk/?view=all").content.decode()
    assert "Draft" in sign_in(agent).get("/desk/?view=all").content.decode()


@pytest.mark.parametrize("said", [{"do": "discard", "text": WORDS}, {"do": "keep", "text": " "}])
def test_it_is_discarded_by_the_button_or_with_its_last_word(case, agent, said):
    client = sign_in(agent)
    post(client, case, "notes", do="keep", text=WORDS)
    post(client, case, "notes", **said)
    assert not Draft.objects.exists()
    assert not Note.objects.exists()
    assert WORDS not in look(client, case)


def test_it_is_gone_once_sent_and_stays_where_sending_failed(case, agent):
    client = sign_in(agent)
    post(client, case, "notes", do="keep", text=WORDS)
    assert post(client, case, "notes", text="\x00").status_code == 422
    assert Draft.objects.count() == 1
    assert post(client, case, "notes", text=WORDS).status_code == 302
    assert not Draft.objects.exists()


def test_a_form_without_prose_keeps_nothing(case, agent):
    answer = post(sign_in(agent), case, "tags", do="keep", tags=["media"])
    assert answer.status_code == 302
    assert not Draft.objects.exists()


def test_whoever_may_not_use_the_form_keeps_nothing_in_it(case):
    reader = sign_in(make_user("manager"))
    assert post(reader, case, "notes", do="keep", text=WORDS).status_code == 403
    assert not Draft.objects.exists()


def test_the_words_of_a_reply_that_was_called_back_stand_in_the_form(case, agent):
    client = sign_in(agent)
    post(client, case, "replies", text=WORDS, channel="email")
    page = look(client, case)
    reply = case.replies.get()
    address = f"/desk/cases/{case.number}/replies/{reply.pk}/undo/"
    assert page.count(address) == 2  # the bar, and the entry of the timeline for those without it
    assert page.count("csrfmiddlewaretoken") >= 4
    client.post(address)
    kept = drafts.words_of(drafts.find(agent, case.pk, "replies"))
    assert kept == {"text": WORDS, "channel": "email"}
    assert address not in look(client, case)


def test_what_is_on_its_way_is_not_called_back_and_the_page_says_so(case, agent):
    client = sign_in(agent)
    post(client, case, "replies", text=WORDS, channel="email")
    reply = case.replies.get()
    case.events.get(type="replied").dispatch.__class__.objects.update(done_at=timezone.now())
    answer = client.post(f"/desk/cases/{case.number}/replies/{reply.pk}/undo/", follow=True)
    assert "It is too late: the message is on its way." in answer.content.decode()
    assert not Draft.objects.exists()


def test_the_answer_of_a_unit_is_kept_too(case, agent):
    act = {"by": agent, "at": timezone.now(), "profile": published()}
    task = actions.refer(case, "metering", question="Okuma?", **act)
    client = sign_in(make_user("unit", "metering"))
    address = f"/desk/cases/{case.number}/tasks/{task.pk}/answer/"
    page = f"/desk/cases/{case.number}/tasks/{task.pk}/"
    said = {"version": case.version, "text": WORDS}
    assert client.post(address, {**said, "do": "keep"}).status_code == 302
    shown = client.get(page).content.decode()
    assert WORDS in shown
    assert shown.count("<span>Kept <time") == 1
    case.refresh_from_db()
    client.post(address, {**said, "version": case.version})
    assert not Draft.objects.exists()
    task.refresh_from_db()
    assert task.answer == WORDS


CALL = {"name": "Fatma Şahin", "phone": "0532 111 22 33", "description": "Sayaç dönmüyor."}


def test_a_call_is_kept_and_gone_on_with(agent):
    client = sign_in(agent)
    kept = client.post("/desk/register/", {**CALL, "do": "keep"})
    assert kept.status_code == 302
    fresh = client.get("/desk/register/").content.decode()
    assert "A call that you began is kept" in fresh
    assert "Fatma Şahin" not in fresh  # the next caller is somebody else
    assert "Keep for later" not in fresh  # and does not write over it
    assert 'value="discard" form="discard-call"' in fresh  # so Enter in a field never means it
    again = client.get("/desk/register/?kept=1").content.decode()
    assert "Fatma Şahin" in again
    assert "Sayaç dönmüyor." in again
    client.post("/desk/register/", {"do": "discard"})
    assert not Draft.objects.exists()
    assert client.get("/desk/register/?kept=1").status_code == 302


def test_a_call_that_is_registered_takes_only_its_own_draft_with_it(agent):
    desk = Desk("clerk")
    said = desk.call(
        name="Fatma Şahin",
        phone="0532 111 22 33",
        description="Sayaç dönmüyor.",
        topic="metering.reading_disputed",
        region="merkez",
    )
    desk.client.post("/desk/register/", {**said, "do": "keep"})
    desk.register(**said | {"do": "register"})
    assert Draft.objects.count() == 1
    desk.register(**said | {"do": "register", "kept": "1", "nonce": "other"})
    assert not Draft.objects.exists()


def test_an_empty_call_is_not_kept(agent):
    sign_in(agent).post("/desk/register/", {"channel": "phone", "do": "keep"})
    assert not Draft.objects.exists()
