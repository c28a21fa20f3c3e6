"""What is measured, in the order in which it is measured; `design.md` §11 says what is allowed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from derman.bench import client
from derman.bench.client import Load, Request, Result
from derman.bench.stage import Stage, registrations
from derman.bench.texts import COMMON_WORD, RARE_WORD

CONCURRENCY = 16
WARM_UP = 48  # requests before the clock runs: both processes have imported and prepared all
LONGEST = 12.0  # seconds of one run
READS = 400
TRACKS = 6_000
CREATES = 6_000
CREATE = "create"


@dataclass(frozen=True)
class Run:
    """One kind of request, repeated."""

    name: str
    concurrency: int
    n: int
    make: Callable[[int], Request]


def runs(stage: Stage) -> Iterator[Run]:
    """All of them; what changes the database comes last."""
    desk = {"Cookie": stage.cookie}
    api = {"Authorization": f"Bearer {stage.token}"}
    deep = f"page {stage.deep_page}"

    def page(name: str, path: str, headers: dict[str, str]) -> Run:
        return Run(name, 1, READS, lambda _: client.get(path, headers))

    yield page("workbench, first page", "/desk/?view=all", desk)
    yield page(f"workbench, {deep}", f"/desk/?view=all&after={quote(stage.deep_key)}", desk)
    yield page("workbench, my unit", "/desk/?view=unit", desk)
    yield page("workbench, filtered", "/desk/?view=all&topic=metering&channel=web", desk)
    yield page("workbench, rare word", f"/desk/?view=all&q={quote(RARE_WORD)}", desk)
    yield page("workbench, common word", f"/desk/?view=all&q={quote(COMMON_WORD)}", desk)
    yield Run("case page", 1, READS, lambda n: client.get(_case(stage, n, "/desk/cases/"), desk))
    yield page("API list, first page", "/api/v1/cases", api)
    yield page(f"API list, {deep}", f"/api/v1/cases?cursor={quote(stage.deep_cursor)}", api)
    yield page("API search, rare word", f"/api/v1/cases?q={quote(RARE_WORD)}", api)
    yield page("API search, common word", f"/api/v1/cases?q={quote(COMMON_WORD)}", api)
    yield Run(
        "API case", 1, READS, lambda n: client.get(_case(stage, n, "/api/v1/cases/", ""), api)
    )
    yield Run("tracking page", CONCURRENCY, TRACKS, lambda n: _track(stage, n))
    bodies = registrations(CREATES + WARM_UP, stage.size)
    yield Run(
        CREATE, CONCURRENCY, CREATES,
        lambda n: client.post("/api/v1/cases", bodies[n % len(bodies)], api),
    )  # fmt: skip


def measure(run: Run, port: int) -> Result:
    """The run, after a warm-up."""
    warm = Load(port, run.make, WARM_UP, max(run.concurrency, 8), LONGEST)
    client.run(warm)
    return client.run(Load(port, lambda n: run.make(n + WARM_UP), run.n, run.concurrency, LONGEST))


def _case(stage: Stage, n: int, place: str, end: str = "/") -> str:
    return f"{place}{stage.numbers[n % len(stage.numbers)]}{end}"


def _track(stage: Stage, n: int) -> Request:
    followed = stage.tracked[n % len(stage.tracked)]
    return client.get(f"/track/{followed.number}/", {"Cookie": followed.cookie})
