"""What a process remembers stays remembered for as long as a test takes."""

import math

import pytest

from derman.accounts import absence, tokens
from derman.profile import publishing


@pytest.fixture(autouse=True)
def remembered(monkeypatch):
    """Profile, tokens and absences are not asked for again after two seconds of a slow machine.

    Queries are counted here; what changes any of the three drops what is remembered of it.
    """
    for module in (publishing, tokens, absence):
        monkeypatch.setattr(module, "LOOK_AGAIN", math.inf)
