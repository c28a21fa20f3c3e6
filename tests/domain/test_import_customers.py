"""`derman import customers`: whole lines or none, nobody twice, nobody told."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from derman.cases.models import Dispatch
from derman.cli import derman
from derman.people import matching
from derman.people.bulk import Rows
from derman.people.models import Account, ContactPoint, Customer, Holding
from derman.words.kinds import Relation
from tests import factories

HEADER = "reference;name;tckn;vkn;phone;email;address;account_number;region;relation;since"
AYSE = (
    "M-1;Ayşe Yılmaz;10000000146;;0532 123 45 67;ayse@example.com;Çınar Sk. 4;10442817;Merkez;;"
    "01.05.2020"
)


@pytest.fixture(autouse=True)
def organisation(db: None) -> None:
    factories.published()


def give(folder: Path, *lines: str, header: str = HEADER, more: tuple[str, ...] = ()) -> Result:
    path = folder / "customers.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return CliRunner().invoke(derman, ["import", "customers", str(path), *more])


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Customer, ContactPoint, Account, Holding))


def test_a_customer_comes_with_contacts_and_account(tmp_path):
    result = give(tmp_path, AYSE)

    assert result.exit_code == 0, result.output
    holding = Holding.objects.get()
    assert (holding.relation, str(holding.starts_on)) == (Relation.HOLDER, "2020-05-01")
    assert (holding.account.number, holding.account.region) == ("10442817", "merkez")
    assert holding.customer == matching.find_by_tckn("10000000146")
    ways = {point.kind: point.value or point.address for point in ContactPoint.objects.all()}
    assert ways == {
        "phone": "+905321234567",
        "email": "ayse@example.com",
        "address": "Çınar Sk. 4",
    }
    assert not Dispatch.objects.exists()


def test_giving_the_file_again_changes_nothing(tmp_path):
    give(tmp_path, AYSE)
    before = counts()

    result = give(tmp_path, AYSE)

    assert "0 customers and accounts added, 1 known already" in result.output
    assert counts() == before


def test_of_two_imports_at_once_the_second_writes_nothing_and_says_so(tmp_path, monkeypatch):
    write = Rows.write

    def late(rows: Rows) -> None:
        somebody = factories.make_customer("Ayşe Yılmaz")  # since the plan was made
        Customer.objects.filter(pk=somebody.pk).update(reference="M-1")
        write(rows)

    monkeypatch.setattr(Rows, "write", late)
    result = give(tmp_path, "M-2;Can Öz;;;;;;;;;", AYSE)

    assert result.exit_code == 1
    assert "give the file again" in result.output
    assert not Customer.objects.filter(reference="M-2").exists()


def test_a_second_account_is_a_second_line(tmp_path):
    give(tmp_path, AYSE, AYSE.replace("10442817", "10442818"))

    assert counts() == (1, 3, 2, 2)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("M-2;;;;;;;;;;", "name"),
        ("M-2;Ali;10000000147;;;;;;;;", "tckn"),
        ("M-2;Ali;;1234567891;;;;;;;", "vkn"),
        ("M-2;Ali;;;telefonsuz;;;;;;", "phone"),
        ("M-2;Ali;;;;ali at example;;;;;", "email"),
        ("M-2;Ali;;;;;;;Atlantis;;", "region"),
        ("M-2;Ali;;;;;;;;cousin;", "relation"),
        ("M-2;Ali;;;;;;1;;;yesterday", "since"),
        (";Ali;;;;;;;;;", "reference"),
        ("M-2;Ali;;;;;;10442817;;;", "account_number"),
        ("M-2;" + "A" * 201 + ";;;;;;;;;", "name"),
    ],
)
def test_a_line_is_refused_as_a_whole_and_the_others_are_taken(tmp_path, line, column):
    report = tmp_path / "refused.csv"

    result = give(tmp_path, AYSE, line, more=("--report", str(report)))

    assert result.exit_code == 1
    assert counts() == (1, 3, 1, 1)
    with report.open(encoding="utf-8-sig") as rows:
        _, refused = csv.reader(rows, delimiter=";")
    assert refused[:2] == ["3", column]
    assert len(refused[2]) > 10


def test_json_says_what_was_refused(tmp_path):
    result = give(tmp_path, AYSE, "M-2;;;;;;;;;;", more=("--json",))

    found = json.loads(result.stdout)
    assert (found["added"], found["known"]) == (1, 0)
    assert found["refused"][0]["line"] == 3


def test_checking_writes_nothing(tmp_path):
    assert (
        "1 customers and accounts would be added" in give(tmp_path, AYSE, more=("--check",)).output
    )
    assert counts() == (0, 0, 0, 0)


def test_somebody_on_file_without_a_reference_is_known_by_number_or_contact(tmp_path):
    factories.make_customer("Ayşe Yılmaz", phone="+905321234567")
    factories.make_customer("Fatma Şahin", phone="", tckn="10000000146")

    result = give(
        tmp_path, ";AYŞE YILMAZ;;;0532 123 45 67;;;;;;", ";Fatma Hanım;10000000146;;;;;;;;"
    )

    assert "0 customers and accounts added, 2 known already" in result.output


def test_another_name_with_the_same_phone_is_somebody_else(tmp_path):
    factories.make_customer("Ayşe Yılmaz", phone="+905321234567")

    give(tmp_path, ";Ali Yılmaz;;;0532 123 45 67;;;;;;")

    assert Customer.objects.count() == 2


def test_an_account_on_file_is_given_to_a_tenant(tmp_path):
    give(tmp_path, AYSE)

    give(tmp_path, "M-9;Can Kaya;;;;;;10442817;;tenant;")

    assert Account.objects.count() == 1
    assert set(Holding.objects.values_list("relation", flat=True)) == {"holder", "tenant"}


def test_an_unknown_column_stops_everything(tmp_path):
    result = give(tmp_path, "A;b", header="name;favourite colour")

    assert result.exit_code == 1
    assert "favourite colour" in result.output


def test_many_lines_take_few_questions(tmp_path, django_assert_max_num_queries):
    lines = [f"M-{n};Kişi {n};;;0532 000 {n:04};;;{30_000_000 + n};Merkez;;" for n in range(1_200)]

    with django_assert_max_num_queries(40):
        result = give(tmp_path, *lines)

    assert result.exit_code == 0, result.output
    assert counts() == (1_200, 1_200, 1_200, 1_200)
