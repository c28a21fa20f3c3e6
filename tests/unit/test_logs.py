"""A log line for machines is one JSON object, whatever was logged."""

import json
import logging
import sys

import pytest

from derman.lib.logs import JsonLines, Lines, WithoutTrace, scrub


def test_a_record_is_one_line_of_json():
    record = logging.LogRecord("derman.x", logging.WARNING, "f", 1, "two\nlines %s", ("ışğ",), None)
    line = JsonLines().format(record)

    assert "\n" not in line
    found = json.loads(line)
    assert (found["level"], found["logger"]) == ("warning", "derman.x")
    assert found["message"] == "two\nlines ışğ"


def test_an_error_brings_its_traceback():
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    assert "ValueError: why" in json.loads(JsonLines().format(record))["trace"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            'duplicate key violates "x"\nDETAIL:  Key (name)=(Ayşe Yılmaz) already exists.\nat',
            'duplicate key violates "x"\nDETAIL: (withheld)\nat',
        ),
        (
            "  Input should be text [type=string, input_value='Ayşe Yılmaz', input_type=str]",
            "  Input should be text [type=string, input_value= (withheld)",
        ),
        ("no mail to ayse.yilmaz@ornek.example today", "no mail to a•••@ornek.example today"),
        ("call 0532 123 45 67 or 10000000146", "call 0532 ••• •• 67 or 100•••••46"),
        ("Not Found: /track/Zx8kQ0pL2mN4rT6v/", "Not Found: /track/(withheld)/"),
        ("Gone: /offer/Zx8kQ0pL2mN4rT6v/", "Gone: /offer/(withheld)/"),
        ("Gone: /survey/Zx8kQ0pL2mN4rT6v/", "Gone: /survey/(withheld)/"),
        ("Gone: /not-mine/Zx8kQ0pL2mN4rT6v/", "Gone: /not-mine/(withheld)/"),
        ("Not Found: /track/264839172/", "Not Found: /track/264839172/"),
        ("derman_" + "a1" * 20, "(withheld)"),
        ("2026-11-22 01:37:20 case 264 839 172 took 12345 ms", None),
    ],
)
def test_a_line_names_nobody(said, kept):
    assert scrub(said) == (said if kept is None else kept)


def test_both_formats_scrub_message_and_trace():
    try:
        raise ValueError("no such phone: 05321234567")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "failed for %s", ("a@ornek.example",), sys.exc_info()
        )
    for formatter in (Lines("{levelname} {message}", style="{"), JsonLines()):
        line = formatter.format(record)
        assert "1234567" not in line
        assert "a@ornek" not in line
        assert "ValueError" in line


@pytest.mark.parametrize(
    ("logger", "level", "tells"),
    [
        ("django.request", logging.WARNING, False),
        ("django.request", logging.ERROR, True),
        ("derman.worker", logging.WARNING, True),
    ],
)
def test_a_refusal_says_no_place_in_the_code(logger, level, tells):
    try:
        raise PermissionError("no")
    except PermissionError:
        record = logging.LogRecord(logger, level, "f", 1, "Forbidden", (), sys.exc_info())

    assert WithoutTrace().filter(record)

    assert ("Traceback" in Lines().format(record)) is tells
