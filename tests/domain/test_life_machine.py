"""Whatever people do in whatever order, no invariant of `design.md` §4 breaks, in any preset."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from derman.profile import presets
from tests.lives import Life
from tests.loops import Loop


@pytest.mark.django_db
def test_no_sequence_of_verbs_breaks_an_invariant():
    run_state_machine_as_test(
        Life, settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", presets.names())
def test_no_sequence_of_verbs_after_the_answer_breaks_an_invariant(name):
    machine = type("Loop", (Loop,), {"preset": name})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=6, stateful_step_count=35, deadline=None)
    )
