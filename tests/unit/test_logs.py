"""A log line for machines is one JSON object, whatever was logged."""

import json
import logging
import sys

from derman.lib.logs import JsonLines


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
