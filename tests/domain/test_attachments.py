"""Files of a case: kept by content, refused with a reason."""

from io import BytesIO

import pytest

from derman.cases import actions, files
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
