"""Reading the tables that other systems export."""

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from derman.lib.tables import UnreadableTable, read

COLUMNS = {"name": ("ad soyad",), "phone": ("telefon",), "since": ()}


def write(folder: Path, content: bytes, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254"])
def test_every_dialect_of_csv_is_read(tmp_path, delimiter, encoding):
    text = f"Ad Soyad{delimiter}Telefon\r\nIşıl Öğütçü{delimiter}0532 123 45 67\r\n"

    (line,) = read(write(tmp_path, text.encode(encoding)), COLUMNS)

    assert (line.number, dict(line.cells)) == (
        2,
        {"name": "Işıl Öğütçü", "phone": "0532 123 45 67"},
    )


def test_a_line_is_named_by_where_it_begins(tmp_path):
    path = write(tmp_path, 'name;phone\n"Ayşe\nYılmaz";1\n\nMehmet;2\n'.encode())

    assert [(line.number, line.get("name")) for line in read(path, COLUMNS)] == [
        (2, "Ayşe\nYılmaz"),
        (5, "Mehmet"),
    ]


def test_a_workbook_gives_what_people_see(tmp_path):
    path = tmp_path / "customers.XLSX"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["NAME", "Telefon", "since"])
        sheet.write_row(1, 0, ["Ayşe Yılmaz", 5321234567])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, 2, datetime(2024, 5, 1), day)

    (line,) = read(path, COLUMNS)

    assert line.number == 2
    assert line.get("phone") == "5321234567"
    assert line.get("since").startswith("2024-05-01")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"name;colour\nA;red\n", "Unknown columns: colour"),
        (b"name;ad soyad\nA;B\n", "named twice: name"),
        (b'name;phone\n"A;1\n', "no readable CSV"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, content, said):
    with pytest.raises(UnreadableTable, match=said):
        read(write(tmp_path, content), COLUMNS)


def test_a_workbook_that_is_none_is_refused(tmp_path):
    with pytest.raises(UnreadableTable, match="no readable workbook"):
        read(write(tmp_path, b"PK no", "customers.xlsx"), COLUMNS)
