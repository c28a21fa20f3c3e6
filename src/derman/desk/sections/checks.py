"""How the case kept to the rules when it was closed: ticks, or reasons why not (row E12)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from derman.cases.models import Check
from derman.desk.labels import word
from derman.desk.sections.section import Section
from derman.desk.verbs.form import Scene
from derman.words.compliance import Rule, Shortfall


@dataclass(frozen=True)
class Tick:
    """One rule; `reason` is empty where it was kept."""

    rule: str
    label: str
    reason: str


def ticks(check: Check) -> list[Tick]:
    """What was asked of the cycle, in the order of the rules."""
    return [
        Tick(rule, word(Rule, rule), word(Shortfall, check.findings[rule]))
        for rule in Rule
        if rule in check.findings
    ]


def _last(scene: Scene) -> dict[str, object]:
    check = Check.objects.filter(case=scene.case).order_by("-cycle").first()
    if check is None:
        return {}
    return {"check": check, "ticks": ticks(check), "is_of_before": check.cycle < scene.case.cycle}


CHECKED = Section(
    key="checked",
    template="desk/case/checked.html",
    exists=lambda: Exists(Check.objects.filter(case=OuterRef("pk"))),
    load=_last,
)
