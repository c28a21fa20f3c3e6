"""Times of a profile that would tell an applicant something again and again."""

import pytest

from derman.lib.worktime import Budget
from derman.profile import presets
from derman.profile.checks import findings
from tests.factories import preset


def found(interim: str) -> list[tuple[str, ...]]:
    profile = preset()
    clocks = profile.clocks.model_copy(update={"interim": Budget.parse(interim)})
    changed = profile.model_copy(update={"clocks": clocks})
    return [tuple(map(str, finding.path)) for finding in findings(changed)]


@pytest.mark.parametrize(
    "interim", ["same day", "same calendar day", "10 minutes", "23 hours", "7.5 working hours"]
)
def test_interim_information_comes_no_oftener_than_once_a_day(interim):
    assert found(interim) == [("clocks", "interim")]


@pytest.mark.parametrize(
    "interim", ["1 working day", "1 calendar day", "24 hours", "1440 minutes", "8 working hours"]
)
def test_an_interval_of_a_day_or_more_is_taken(interim):
    assert found(interim) == []


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_keeps_to_it(name):
    assert findings(preset(name)) == []
