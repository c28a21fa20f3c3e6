"""What applicants do on their case: add, answer, refuse, accept, withdraw, take their files."""

from datetime import timedelta

import pytest
from django.utils import timezone

from derman.audit.models import AccessRecord
from derman.cases import access_codes, actions
from derman.cases.models import Case, Reply
from derman.people.models import ContactPoint
from derman.words.kinds import ClosingReason, Decision
from derman.words.life import State
from derman.words.rights import Role
from tests.applicants import Applicant, file
from tests.factories import make_case, make_customer, make_user, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def profile():
    return published()


@pytest.fixture
def at():
    return timezone.now() - timedelta(hours=1)


@pytest.fixture
def case(profile, at):
    return make_case(customer=make_customer(), at=at - timedelta(days=1))


@pytest.fixture
def agent():
    return make_user(Role.SOLUTION)


def opened(case):
    """An applicant who came by a link."""
    applicant = Applicant()
    point = case.applicant.contact_points.first()
    applicant.get(f"/track/{access_codes.make_link(case, point, timezone.now())}/")
    applicant.send()
    assert applicant.path == f"/track/{case.number}/"
    return applicant


def conclude(case, agent, at, profile):
    actions.take(case, by=agent, at=at, profile=profile)
    actions.outcome(
        case, Decision.JUSTIFIED, "Fatura düzeltildi.", by=agent, at=at, profile=profile
    )


def test_information_and_files_are_added(case):
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/information/")
    applicant.send(text="Bir de bu var.", attachments=[file("foto.png")])

    assert applicant.path == f"/track/{case.number}/"
    assert "We have added what you wrote." in applicant.text
    reply = Reply.objects.get()
    assert (reply.text, reply.from_applicant, reply.by) == ("Bir de bu var.", True, None)
    assert case.attachments.get().name == "foto.png"
    assert "Bir de bu var." in applicant.text


def test_the_answer_to_our_question_lets_the_case_go_on(case, agent, at, profile):
    actions.ask(case, "Sayacın fotoğrafını gönderir misiniz?", by=agent, at=at, profile=profile)
    applicant = opened(case)
    assert "What we need from you" in applicant.text
    assert "Sayacın fotoğrafını gönderir misiniz?" in applicant.text
    applicant.get(f"/track/{case.number}/information/")
    assert "Sayacın fotoğrafını gönderir misiniz?" in applicant.text

    applicant.send(text="Ekte.")

    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
    assert case.events.last().type == "applicant_answered"


def test_sending_the_same_form_twice_adds_it_once(case):
    applicant = opened(case)
    for _ in range(2):
        applicant.get(f"/track/{case.number}/information/")
        applicant.send(text="Bir kez.", nonce="the same form")

    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([file("a.exe", b"MZ\x00\x00")], "a.exe: Choose a PDF"),
        ([file("b.txt", b"x" * (10 * 1024 * 1024 + 1))], "b.txt: Choose a file of at most"),
        ([file(f"{n}.png") for n in range(6)], "at most 5 files"),
    ],
    ids=["type", "size", "number"],
)
def test_when_a_file_is_refused_nothing_is_taken_and_the_text_stays(case, sent, said):
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/information/")
    applicant.send(text="Uzun bir açıklama.", attachments=sent)

    assert applicant.page.status_code == 422
    assert said in applicant.alerts
    assert "Uzun bir açıklama." in applicant.text
    assert not Reply.objects.exists()


def test_sensitive_data_is_noticed_here_too(case):
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/information/")
    applicant.send(text="Ben kanser hastasıyım.")
    assert applicant.page.status_code == 422

    applicant.send(text="Ben kanser hastasıyım.")
    assert Reply.objects.count() == 1


def test_number_and_key_alone_add_nothing(case):
    applicant = Applicant()
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/information/")

    assert applicant.path == f"/track/{case.number}/code/"


def test_who_has_no_contact_may_add_with_the_receipts_key(case):
    ContactPoint.objects.all().delete()
    applicant = Applicant()
    applicant.track(case.number, case.follow_key)
    applicant.get(f"/track/{case.number}/information/")
    applicant.send(text="Telefonum yok.")

    assert Reply.objects.get().text == "Telefonum yok."
    assert "Telefonum yok." not in applicant.text


def test_not_solved_opens_the_case_again(case, agent, at, profile):
    conclude(case, agent, at, profile)
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/refusal/")
    applicant.send(text="")
    assert "Write what is not solved" in applicant.alerts

    applicant.send(text="Fatura hâlâ aynı.")

    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.IN_REVIEW, 2)
    assert "opened your report again" in applicant.text


def test_accepting_closes_the_case_with_proof_that_it_was_read(case, agent, at, profile):
    conclude(case, agent, at, profile)
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/acceptance/")
    applicant.send()

    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.RESOLVED)
    contact = case.contacts.get()
    assert (contact.channel, contact.outcome, contact.concludes) == ("web", "reached", True)


def test_after_the_window_not_solved_is_no_longer_heard(case, agent, profile):
    long_ago = timezone.now() - timedelta(days=30)
    conclude(case, agent, long_ago, profile)
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/acceptance/")
    applicant.send()
    applicant.get(f"/track/{case.number}/refusal/")

    assert applicant.path == f"/track/{case.number}/"
    assert "It is not solved" not in applicant.text


def test_a_report_can_be_withdrawn(case):
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/withdrawal/")
    applicant.send()

    case.refresh_from_db()
    assert (case.state, case.closing_reason) == (State.CLOSED, ClosingReason.WITHDRAWN)
    assert "is withdrawn" in applicant.text
    assert "Withdrawn by the applicant" in applicant.text


def test_what_staff_did_meanwhile_does_not_refuse_the_applicant(case, agent, at, profile):
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/information/")
    actions.note(case, "Bakıyorum.", by=agent, at=at, profile=profile)
    applicant.send(text="Bir şey daha.")

    assert Reply.objects.get().text == "Bir şey daha."


@pytest.mark.parametrize("act", ["acceptance", "refusal"])
def test_what_is_not_possible_now_leads_back_to_the_case(case, act):
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/{act}/")

    assert applicant.path == f"/track/{case.number}/"


def test_what_became_impossible_meanwhile_is_said_and_the_text_stays(case, agent, at, profile):
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/withdrawal/")
    conclude(case, agent, at, profile)
    applicant.send()

    assert applicant.page.status_code == 409
    assert "not possible" in applicant.alerts


def test_a_file_comes_as_a_download_that_cannot_run(case, at, profile):
    kept = actions.attach(
        case, file("Fatura ığüşöç.png"), name="Fatura ığüşöç.png", by=None, at=at, profile=profile
    )
    applicant = opened(case)
    answer = applicant.client.get(f"/track/{case.number}/files/{kept.pk}/")

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Fatura%20")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert AccessRecord.objects.filter(what="track.file", about=case.number).count() == 1
    answer.close()


def test_a_file_needs_the_details_of_its_own_case(case, at, profile):
    kept = actions.attach(case, file(), name="foto.png", by=None, at=at, profile=profile)
    other = make_case(customer=make_customer("Can Er", phone="+905337654321"))
    path = f"/track/{case.number}/files/{kept.pk}/"

    assert Applicant().client.get(path).status_code == 302
    with_key = Applicant()
    with_key.track(case.number, case.follow_key)
    assert with_key.client.get(path).status_code == 302
    stranger = opened(other)
    assert stranger.client.get(path).status_code == 302
    theirs = f"/track/{other.number}/files/{kept.pk}/"
    assert stranger.client.get(theirs).status_code == 404


def test_files_of_staff_are_not_the_applicants(case, agent, at, profile):
    kept = actions.attach(case, file(), name="iç yazışma.png", by=agent, at=at, profile=profile)
    applicant = opened(case)

    assert "iç yazışma" not in applicant.text
    answer = applicant.client.get(f"/track/{case.number}/files/{kept.pk}/")
    assert answer.status_code == 404


def test_every_case_here_was_changed_by_the_applicant_alone(case):
    """by None is the applicant: no member of staff is named for it."""
    applicant = opened(case)
    applicant.get(f"/track/{case.number}/information/")
    applicant.send(text="Ek bilgi.")

    assert set(Case.objects.get(pk=case.pk).events.values_list("by", flat=True)) == {None}
