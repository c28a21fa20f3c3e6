"""Files sent along with a report: what is taken, where it waits, what is said of the rest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from derman.cases.models import Case
from derman.portal import uploads
from tests.applicants import Applicant, file
from tests.factories import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A data folder of each test's own."""
    settings.DATA = tmp_path
    published()
    return tmp_path


@pytest.fixture
def applicant():
    return Applicant()


def test_files_come_with_the_case_and_leave_the_waiting_room(applicant, folder):
    applicant.walk(until="attachments")
    applicant.send(attachments=[file("bir.png"), file("iki.png")])
    applicant.walk()
    applicant.send()

    case = Case.objects.get()
    assert sorted(one.name for one in case.attachments.all()) == ["bir.png", "iki.png"]
    assert all(one.mime == "image/png" for one in case.attachments.all())
    assert not list((folder / "uploads").glob("*/*"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (file("virus.exe", b"MZ\x00\x00 not for us"), "virus.exe: Choose a PDF"),
        (file("page.png", b"<html><script>1</script></html>", "image/png"), "page.png: "),
        (file("empty.txt", b""), "empty.txt: "),
        (file("large.txt", b"x" * (10 * 1024 * 1024 + 1)), "large.txt: Choose a file of at most"),
        (file("foto.pdf"), "foto.pdf: The file is not what its name says."),
    ],
    ids=["program", "lying type", "empty", "large", "lying name"],
)
def test_a_file_that_is_not_taken_is_named_with_the_reason(applicant, sent, said):
    applicant.walk(until="attachments")
    applicant.send(attachments=[sent, file("good.png")])

    if sent.size:  # an empty part does not reach us as a file
        assert applicant.page.status_code == 422
        assert said in applicant.alerts
    assert "good.png" in applicant.text or applicant.path == "/report/contact/"


def test_more_than_five_files_are_too_many(applicant):
    applicant.walk(until="attachments")
    applicant.send(attachments=[file(f"{n}.png") for n in range(6)])

    assert applicant.page.status_code == 422
    assert "5.png: You can send at most 5 files." in applicant.alerts
    assert "4.png" in applicant.text


def test_a_file_can_be_taken_out_again(applicant, folder):
    applicant.walk(until="attachments")
    applicant.send(attachments=[file()], add="yes")
    name = applicant.text.partition('name="remove" value="')[2].partition('"')[0]
    applicant.send(remove=name)

    assert "foto.png" not in applicant.text
    assert not list((folder / "uploads").glob("*/*"))


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "a\u202egnp.png", "C:\\x\\foto.png"])
def test_a_dangerous_file_name_is_only_a_name(applicant, name, folder):
    applicant.walk(until="attachments")
    applicant.send(attachments=[file(name)], add="yes")

    kept = list((folder / "uploads").glob("*/*"))
    assert all(len(path.name) == 32 for path in kept)
    applicant.walk()
    applicant.send()
    assert "/" not in Case.objects.get().attachments.get().name


def test_waiting_files_are_swept_after_a_day(applicant):
    applicant.walk(until="attachments")
    applicant.send(attachments=[file()], add="yes")

    assert uploads.sweep(timezone.now(), 10) == 0
    assert uploads.sweep(timezone.now() + timedelta(hours=25), 10) == 1
    applicant.walk()
    applicant.send()

    assert applicant.page.status_code == 409
    assert "are gone" in applicant.alerts
    applicant.send()
    assert Case.objects.count() == 1


def test_a_file_without_the_forms_token_is_refused(applicant):
    applicant.walk(until="attachments")

    answer = applicant.client.post("/report/attachments/", {"attachments": [file()]})

    assert answer.status_code == 403
