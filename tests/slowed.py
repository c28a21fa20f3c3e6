"""`pytest -p tests.slowed tests/browser`: the browser stands at a slow line.

Every answer takes a random while; scripts take the longest, and come anew for each page. What
fails here and passes without it takes for granted that a page is ready as soon as it is seen.
"""

import random
import time
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

SCRIPT_SECONDS, PAGE_SECONDS = 0.8, 0.3
answer = WSGIHandler.__call__


def answer_late(handler: WSGIHandler, environ: dict[str, Any], start_response: Any) -> Any:
    is_script = environ["PATH_INFO"].endswith(".js")

    def start_uncached(status: str, headers: list[tuple[str, str]]) -> Any:
        return start_response(status, [*headers, ("Cache-Control", "no-store")])

    time.sleep(random.uniform(0, SCRIPT_SECONDS if is_script else PAGE_SECONDS))
    return answer(handler, environ, start_uncached if is_script else start_response)


WSGIHandler.__call__ = answer_late
