"""Writing a table that people open in office programs: CSV or XLSX, in which no cell is a formula.

Whatever begins like a formula gets an apostrophe before it, full-width signs included, because an
office program would run it (threats §3, row 11). A workbook holds its cells as texts anyway.
"""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

STARTERS = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫")
BEFORE = " \"'\u00a0\u200b\ufeff"  # what programs skip when they look for a formula
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\r\n"}


def plain(cell: str) -> str:
    """The cell as a text that no program takes for a formula; control characters are dropped."""
    text = cell.translate(CONTROLS)
    start = text.lstrip(BEFORE)[:1]
    return f"'{text}" if start in STARTERS and start else text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark of byte order, so that Excel reads the Turkish letters."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    for row in (header, *rows):
        writer.writerow([plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet of texts, its header fixed and filterable."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        last = 0
        for last, row in enumerate((header, *rows)):
            for column, cell in enumerate(row):
                sheet.write_string(last, column, plain(cell), None if last else bold)
        sheet.freeze_panes(1, 0)
        if header:
            sheet.autofilter(0, 0, last, len(header) - 1)
            sheet.set_column(0, len(header) - 1, 18)
    return out.getvalue()
