"""What a log line looks like, and that it names nobody.

Libraries put values into their errors: PostgreSQL repeats the row that it refused, pydantic the
input. Those parts are left out, and what can be recognised as a person's is masked.
"""

import json
import logging
import re
from datetime import UTC, datetime

from derman.lib.masks import mask_email, mask_in_text

WITHHELD = "(withheld)"
# What follows them is a row, a key's value or the input as it came.
TELLING = re.compile(r"\b(DETAIL:|CONTEXT:|input_value=)[^\n]*")
# Bearer tokens, and the links that stand for a one-time code.
SECRET = re.compile(
    r"\bderman_[A-Za-z0-9_-]{20,}"
    r"|(?:(?<=/track/)|(?<=/offer/)|(?<=/survey/)|(?<=/not-mine/))[A-Za-z0-9_-]{16,}"
)
EMAIL = re.compile(r"[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


def scrub(text: str) -> str:
    """The text without the values that errors carry, and with numbers and addresses masked."""
    text = TELLING.sub(rf"\1 {WITHHELD}", text)
    text = SECRET.sub(WITHHELD, text)
    text = EMAIL.sub(lambda found: mask_email(found[0]), text)
    return mask_in_text(text)


class ByPattern(logging.Filter):
    """Names a request by its pattern where Django names it by its path, which may hold a link.

    Django's lines about requests end with the path, and carry the request.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", "").encode("unicode_escape").decode("ascii")
        said = record.getMessage()
        if path and said.endswith(path):
            match = getattr(request, "resolver_match", None)
            record.msg = said.removesuffix(path) + (match.route if match else "none")
            record.args = ()
        return True


class WithoutTrace(logging.Filter):
    """A refusal (403, 404) is one line: only what failed needs to say where."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.request" and record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True


class Lines(logging.Formatter):
    """Lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines (DERMAN_LOG_FORMAT=json).

    Time, level, logger, message and, where there are, the traceback and the facts: keys and
    numbers that the code names one by one, never what people said.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub(record.getMessage()),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
