"""Files for office programs: no cell is taken for a formula, and every letter arrives."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from derman.lib import sheets

TRIGGERS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦"]
BEFORE = ["", " ", '"', "'", "\u00a0", "\ufeff", ' "', "\x00", "\x00\x01"]


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("before", BEFORE)
def test_what_begins_like_a_formula_gets_an_apostrophe(trigger, before):
    said = sheets.plain(f"{before}{trigger}cmd|' /C calc'!A0")
    assert said.startswith("'")
    assert "\x00" not in said


@pytest.mark.parametrize("text", ["", "Ayşe", "264839172", "a=b", "3-4", "İğneada ＋", "  x", "'"])
def test_anything_else_stays_as_it_is(text):
    assert sheets.plain(text) == text


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_csv_is_read_back_as_it_was_written(trigger):
    cell = f'{trigger}1+1, "şey"; İ'
    made = sheets.to_csv(["Konu", "Söz"], [["ı", cell]])
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert rows == [["Konu", "Söz"], ["ı", f"'{cell}"]]


def test_a_workbook_holds_texts_alone():
    rows = [[f"{trigger}SUM(A1)", "0012", "https://example.org"] for trigger in TRIGGERS]
    made = sheets.to_xlsx(["a", "b", "c"], rows)
    read = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert read[0] == ["a", "b", "c"]
    assert read[1] == ["'=SUM(A1)", "0012", "https://example.org"]
    assert all(isinstance(cell, str) for row in read for cell in row)


def test_a_workbook_has_no_formula_cell():
    import zipfile

    made = sheets.to_xlsx(["a"], [["=1+1"]])
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_an_empty_list_is_a_file_with_its_header():
    assert sheets.to_csv(["a", "b"], []).decode("utf-8-sig").strip() == '"a","b"'
    assert sheets.to_xlsx(["a"], [])[:2] == b"PK"
