"""The bench as a picture: how much of its budget each row uses, as SVG without any library.

Beneath the line a row holds its budget; beyond it, it has missed it.
"""

from collections.abc import Iterator
from html import escape

from derman.bench.table import Line, Report

# `design.md` §11: milliseconds at most (p95), or how many a second at least.
MOST_MS = {
    "workbench, first page": 20,
    "workbench, rare word": 30,
    "workbench, common word": 30,
    "API search, rare word": 30,
    "API search, common word": 30,
    "case page": 40,
    "create": 60,
    "nothing due": 20,
}
LEAST_RPS = {"bulk load": 10_000, "tracking page": 500, "worker, messages": 300, "due rows": 500}

NAMES, BARS, ROW, TOP, END = 210, 420, 26, 54, 150  # pixels
MOST = 3.0  # budgets that the width shows; longer bars are cut
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2933}.quiet{fill:#5b6875}"
    ".held{fill:#2f7d4f}.missed{fill:#b4332a}line{stroke:#1f2933;stroke-dasharray:4 3}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e9ec}.quiet{fill:#a7b0b8}"
    ".held{fill:#63b883}.missed{fill:#e8776d}line{stroke:#e6e9ec}}"
)


def used(line: Line) -> float | None:
    """How much of its budget the row uses (1: all of it); None without a budget or an answer."""
    if line.name in MOST_MS:
        return line.p95_ms / MOST_MS[line.name] if line.p95_ms else None
    if line.name in LEAST_RPS:
        return LEAST_RPS[line.name] / line.rps if line.rps else None
    return None


def draw(report: Report) -> str:
    """The rows that have a budget, in the order of the report."""
    rows = [(line, share) for line in report.runs if (share := used(line)) is not None]
    width, height = NAMES + BARS + END, TOP + ROW * len(rows) + 12
    edge = NAMES + BARS / MOST
    title = escape(f"{report.size:,} cases: {report.machine}, {report.database}")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>How much of its budget each row uses; {title}</title>",
            f"<style>{STYLE}</style>",
            f'<text x="8" y="20" class="quiet">{title}</text>',
            f'<text x="{edge:.0f}" y="42" text-anchor="middle" class="quiet">budget</text>',
            *(text for place, row in enumerate(rows) for text in _row(place, *row)),
            f'<line x1="{edge:.0f}" y1="{TOP - 6}" x2="{edge:.0f}" y2="{height - 8}"/>',
            "</svg>\n",
        ]
    )


def _row(place: int, line: Line, share: float) -> Iterator[str]:
    y = TOP + ROW * place
    length = BARS * min(share, MOST) / MOST
    state = "held" if share <= 1 else "missed"
    figure = f"{line.rps:,.0f} a second" if line.name in LEAST_RPS else f"p95 {line.p95_ms:.0f} ms"
    yield f'<text x="8" y="{y + 14}">{escape(line.name)}</text>'
    yield f'<rect class="{state}" x="{NAMES}" y="{y}" width="{length:.0f}" height="18" rx="2"/>'
    yield f'<text x="{NAMES + length + 8:.0f}" y="{y + 14}">{figure}</text>'
