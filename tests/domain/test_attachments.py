"""Files of a case: kept by content, refused with a reason."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django.utils import timezone

from derman.cases import actions, files
from derman.worker import reconcilers
from tests.factories import MONDAY, make_case, published

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def attach(case, data, name):
    return actions.attach(case, BytesIO(data), name=name, by=None, at=MONDAY, profile=published())


def test_a_file_is_kept_under_a_random_name_outside_the_web_root():
    case = make_case()
    kept = attach(case, PDF, "../../Fatura \u202emart.pdf")
    path = files.path_of(kept.pk)
    with files.open_file(kept.pk) as file:
        assert file.read() == PDF
    assert kept.name.endswith(".pdf")
    assert "/" not in kept.name
    assert "\u202e" not in kept.name
    assert path.name == kept.pk.hex
    assert kept.mime == "application/pdf"
    assert case.events.last().details == {"attachment": str(kept.pk)}


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (b"<html><script>alert(1)</script>", "a.html", "not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "not_allowed"),
        (PDF, "a.jpg", "wrong_extension"),
        (b"x" * (files.LARGEST + 1), "a.txt", "too_large"),
    ],
)
def test_a_lying_or_unwanted_file_is_refused_with_its_reason(data, name, code):
    case = make_case()
    with pytest.raises(actions.CannotDo) as refusal:
        attach(case, data, name)
    assert (refusal.value.code, refusal.value.field) == (code, "attachments")
    assert not case.attachments.exists()
    assert case.events.get().type == "opened"


@transaction.atomic
def attach_all(case, sent):
    """All or none, as a form sends them."""
    for name, data in sent.items():
        attach(case, data, name)


def on_disk():
    return set(files._root().glob("??/*"))


def sweep(*, hours):
    runs = [one.run for one in reconcilers() if one.name == "files without a case"]
    return [run(timezone.now() + timedelta(hours=hours), 100) for run in runs]


@pytest.fixture
def clean():
    """What other tests left behind is gone."""
    while sweep(hours=2) != [0]:
        pass


def test_a_file_whose_row_was_never_committed_does_not_stay(clean):
    case = make_case()
    kept = attach(case, PDF, "kalan.pdf")
    before = on_disk()
    with pytest.raises(actions.CannotDo):
        attach_all(case, {"fatura.pdf": PDF, "sayac.jpg": b"MZ"})
    assert len(on_disk() - before) == 1

    assert sweep(hours=0) == [0]  # whoever is slow to commit loses nothing
    assert sweep(hours=2) == [2]
    assert on_disk() == before
    with files.open_file(kept.pk) as file:
        assert file.read() == PDF
    assert sweep(hours=2) == [0]


def test_what_a_full_disk_broke_off_does_not_stay(clean, monkeypatch):
    case = make_case()
    before = on_disk()

    def full(_file):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        with pytest.raises(OSError, match="No space"), transaction.atomic():
            attach(case, PDF, "fatura.pdf")
    assert len(on_disk() - before) == 1

    sweep(hours=2)
    assert on_disk() == before
    assert not case.attachments.exists()


@pytest.mark.django_db(transaction=True)
def test_a_committed_file_waits_for_nothing(clean):
    kept = attach(make_case(), PDF, "fatura.pdf")
    assert not (files._waiting() / kept.pk.hex).exists()
    assert files.path_of(kept.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_mark_that_cannot_be_taken_away_breaks_nothing(clean, monkeypatch):
    case = make_case()

    def refused(_path, missing_ok=False):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(files.Path, "unlink", refused)
        with transaction.atomic():
            kept = attach(case, PDF, "fatura.pdf")
    assert sweep(hours=2) == [1]
    assert files.path_of(kept.pk).exists()


def test_what_somebody_else_put_beside_the_marks_is_left_alone(clean):
    attach(make_case(), PDF, "fatura.pdf")
    other = files._waiting() / ".nfs0001"
    other.touch()
    assert sweep(hours=2) == [1]
    assert other.exists()
    other.unlink()
