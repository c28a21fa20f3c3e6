"""What somebody began to write: kept for them alone, sealed, and not for ever."""

from datetime import timedelta

import pytest
from django.db import connection

from derman.cases.models import Case
from derman.worker import reconcilers, run_round
from derman.workplace import drafts
from derman.workplace.models import Draft
from tests.factories import MONDAY, make_case, make_user, published

pytestmark = pytest.mark.django_db
SAID = {"text": "TC 10000000146", "channel": "sms"}


@pytest.fixture
def user():
    published()
    return make_user("agent")


def test_it_is_kept_once_a_form_and_the_last_words_count(user):
    case = make_case()
    drafts.keep(user, case.pk, "replies", {"text": "İlk"}, at=MONDAY)
    drafts.keep(user, case.pk, "notes", {"text": "Not"}, at=MONDAY)
    drafts.keep(user, case.pk, "replies", SAID, at=MONDAY + timedelta(minutes=1))
    drafts.keep(user, None, "register", {"name": "Ayşe"}, at=MONDAY)
    drafts.keep(user, None, "register", {"name": "Fatma"}, at=MONDAY)
    kept = drafts.of_case(user, case.pk)
    assert {form: drafts.words_of(one)["text"] for form, one in kept.items()} == {
        "replies": SAID["text"],
        "notes": "Not",
    }
    assert drafts.words_of(drafts.find(user, None, "register")) == {"name": "Fatma"}
    assert Draft.objects.count() == 3


def test_nobody_else_has_it(user):
    case, other = make_case(), make_user("supervisor")
    drafts.keep(user, case.pk, "replies", SAID, at=MONDAY)
    assert drafts.of_case(other, case.pk) == {}
    assert drafts.find(other, case.pk, "replies") is None
    drafts.discard(other, case.pk, "replies")
    assert drafts.find(user, case.pk, "replies")
    assert drafts.mark(Case.objects.all(), user).get().has_draft
    assert not drafts.mark(Case.objects.all(), other).get().has_draft


def test_it_lies_sealed(user):
    drafts.keep(user, make_case().pk, "replies", SAID, at=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM workplace_draft")
        (stored,) = cursor.fetchone()
    assert "10000000146" not in stored


def test_a_book_is_not_kept(user):
    words = {"text": "x" * (drafts.LONGEST + 1)}
    assert drafts.keep(user, make_case().pk, "notes", words, at=MONDAY) is None
    assert not Draft.objects.exists()


def test_the_worker_forgets_it_after_a_month(user):
    case = make_case()
    drafts.keep(user, case.pk, "notes", SAID, at=MONDAY)
    drafts.keep(user, case.pk, "replies", SAID, at=MONDAY + timedelta(days=1))
    run_round(reconcilers(), MONDAY + timedelta(days=30))
    assert list(drafts.of_case(user, case.pk)) == ["replies"]
