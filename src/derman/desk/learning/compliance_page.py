"""Which rules concluded cases did not keep to, the most frequent first; every number leads on."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from derman.cases import checked
from derman.desk import frame
from derman.desk.frame import DeskRequest, page
from derman.desk.labels import word
from derman.words.compliance import Rule
from derman.words.rights import Place

SPANS = (7, 30, 90, 365)
USUAL = 30


@dataclass(frozen=True)
class Line:
    """One rule: of how many cases it was asked, and how many fell short."""

    rule: str
    label: str
    asked: int
    failed: int
    url: str

    @property
    def share(self) -> float:
        """How many of a hundred fell short."""
        return 100 * self.failed / self.asked if self.asked else 0.0


@never_cache
@require_GET
@page(place=Place.LEARNING)
def compliance(request: DeskRequest) -> HttpResponse:
    """The checks of the last days, rule by rule."""
    said = request.GET.get("days", "")
    days = int(said) if said in map(str, SPANS) else USUAL
    start = timezone.localtime(request.at).replace(hour=0, minute=0, second=0, microsecond=0)
    start -= timedelta(days=days - 1)
    found = checked.tally(start)
    since = start.date().isoformat()
    lines = [
        Line(
            rule,
            word(Rule, rule),
            found.asked_by_rule[rule],
            found.failed_by_rule[rule],
            _cases(rule, since),
        )
        for rule in Rule
        if found.asked_by_rule[rule]
    ]
    lines.sort(key=lambda line: (-line.failed, -line.share))
    context = {
        "lines": lines,
        "tally": found,
        "failed": found.checked - found.passed,
        "passed_url": _cases(checked.PASSED, since),
        "failed_url": _cases(checked.FAILED, since),
        "days": days,
        "spans": SPANS,
        "current": "compliance",
    }
    return frame.render(request, "desk/compliance.html", context)


def _cases(result: str, since: str) -> str:
    said = {"view": "all", "compliance": result, "checked_from": since}
    return f"{reverse('desk:workbench')}?{urlencode(said)}"
