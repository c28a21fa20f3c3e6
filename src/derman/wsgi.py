"""What the web server loads."""

import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

POOL = {"min_size": 1, "max_size": 8, "timeout": 10}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "derman.settings")
database = settings.DATABASES["default"]
if database["ENGINE"].endswith("postgresql"):
    # For the threads of the web only. It opens with the first query, so after any fork.
    database["OPTIONS"]["pool"] = POOL
_django = get_wsgi_application()


def _set_aside() -> None:
    """Load what all pages need, and let no later collection of garbage walk through it.

    A walk through everything stops the process for some tens of milliseconds, and by default every
    700 new objects may bring one on: a page makes thousands.
    """
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


_set_aside()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, without the server's own name in its answers."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, ("Server", "Derman")], *rest)

    answer: Iterable[bytes] = _django(environ, start)
    return answer
