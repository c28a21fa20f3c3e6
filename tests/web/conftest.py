"""Pages count their queries: what a process remembers stays remembered for a whole test."""

import pytest


@pytest.fixture(autouse=True)
def _queries_are_counted(remembered):
    """However long the test takes."""
