"""The chart of a bench: who holds the budget, who misses it, drawn to one scale."""

from xml.etree import ElementTree

from derman.bench import chart
from derman.bench.table import Line, Report


def line(name: str, *, rps: float = 1.0, p95: float = 1.0) -> Line:
    return Line(name, 1, 10, 0, rps, 1.0, p95)


def test_a_time_uses_its_share_of_the_budget_and_a_rate_the_other_way_round():
    assert chart.used(line("case page", p95=20.0)) == 0.5
    assert chart.used(line("tracking page", rps=250.0)) == 2.0
    assert chart.used(line("API case")) is None
    assert chart.used(line("bulk load", rps=0.0)) is None


def test_it_draws_a_bar_for_every_row_with_a_budget():
    report = Report("two <cores>", "PostgreSQL 15", 1_000)
    report.runs.extend([line("case page", p95=20.0), line("API case"), line("create", p95=600.0)])
    drawn = ElementTree.fromstring(chart.draw(report))
    bars = drawn.findall("{http://www.w3.org/2000/svg}rect")
    assert [bar.get("class") for bar in bars] == ["held", "missed"]
    assert float(bars[1].get("width", 0)) == chart.BARS
    assert "two <cores>" in "".join(drawn.itertext())
