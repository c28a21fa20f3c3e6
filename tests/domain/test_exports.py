"""Exports: sealed on disk, without personal data in them, gone after a day."""

import csv
import io
import os
from datetime import timedelta

import pytest

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.profile import publishing
from derman.words.kinds import Language
from derman.workplace import bulk, exports, running
from derman.workplace.models.bulk import BulkVerb, RunState
from tests.factories import (
    MONDAY,
    make_account,
    make_case,
    make_customer,
    make_user,
    preset,
    published,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path / "exports"


@pytest.fixture
def boss():
    published()
    return make_user("supervisor", name="boss")


def export(cases, by, form="csv"):
    seen = [(case.pk, case.version) for case in cases]
    run = bulk.draft(BulkVerb.EXPORT, seen, by=by, at=MONDAY, details={"format": form})
    bulk.order(run, at=MONDAY)
    running.settle(LATER, 100, profile=publishing.current())
    run.refresh_from_db()
    return run


def rows_of(run):
    text = exports.read(run).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_says_what_the_cases_are_and_nobody_who_the_applicants_are(boss):
    customer = make_customer("Ayşe Yılmaz", phone="+905321234567", tckn="10000000146")
    case = make_case(customer=customer, account=make_account(customer, "10442816"))
    actions.tag(case, "media", by=boss, at=MONDAY, profile=published())
    run = export([case], boss)
    row = rows_of(run)[0]
    assert run.state == RunState.DONE
    assert (row["Number"], row["State"], row["Tags"]) == (case.number, "Received", "In the media")
    assert (row["Applicant"], row["Account"]) == ("A. Y.", "…2816")
    whole = exports.read(run).decode("utf-8-sig")
    for said in ("Yılmaz", "5321234567", "10000000146", "10442816", case.description):
        assert said not in whole


def test_no_name_of_the_profile_becomes_a_formula(boss):
    tag = preset().tags["media"].model_copy(update={"label": dict.fromkeys(Language, "＝1")})
    case = make_case(customer=make_customer("=cmd|calc"))
    published(preset().model_copy(update={"tags": {**preset().tags, "media": tag}}))
    actions.tag(case, "media", by=boss, at=MONDAY, profile=publishing.current())
    row = rows_of(export([case], boss))[0]
    assert row["Tags"] == "'＝1"
    assert row["Applicant"] == "'=."


def test_it_lies_sealed_under_a_name_that_says_nothing(boss, folder):
    case = make_case()
    run = export([case], boss, "xlsx")
    (path,) = folder.iterdir()
    assert path.name == f"{run.pk}.sealed"
    assert case.number.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert exports.read(run)[:2] == b"PK"
    path.write_text(path.read_text()[:-4] + "AAAA")
    with pytest.raises(exports.Gone):
        exports.read(run)


def test_it_is_recorded_as_a_list_that_was_seen(boss):
    export([make_case(), make_case()], boss)
    assert AccessRecord.objects.get(what="export").by == boss


def test_it_is_gone_after_a_day(boss, folder):
    run = export([make_case()], boss)
    os.utime(exports.path_of(run), (LATER.timestamp(), LATER.timestamp()))
    running.sweep(LATER + timedelta(hours=23), 100)
    assert exports.read(run)
    running.sweep(LATER + timedelta(hours=25), 100)
    with pytest.raises(exports.Gone):
        exports.read(run)
    assert not list(folder.iterdir())


def test_who_lost_the_right_gets_an_empty_file(boss):
    case = make_case()
    run = bulk.draft(BulkVerb.EXPORT, [(case.pk, 1)], by=boss, at=MONDAY, details={"format": "csv"})
    bulk.order(run, at=MONDAY)
    boss.memberships.all().delete()
    running.settle(LATER, 100, profile=published())
    assert rows_of(run) == []


def test_many_cases_take_the_same_queries(boss, remembered, django_assert_max_num_queries):
    cases = [make_case() for _ in range(30)]
    run = bulk.draft(
        BulkVerb.EXPORT, [(c.pk, 1) for c in cases], by=boss, at=MONDAY, details={"format": "csv"}
    )
    with django_assert_max_num_queries(12):
        exports.write(run, at=LATER, profile=published())
    assert [row["Number"] for row in rows_of(run)] == [case.number for case in cases]
