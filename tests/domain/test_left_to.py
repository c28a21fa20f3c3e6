"""What the profile decides beyond roles: who refers, and whether units inform."""

import pytest

from derman.cases.permissions import is_left_to
from derman.words.life import Verb
from derman.words.rights import Role
from tests.factories import make_user, with_process

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("refers", "agent", "solution"),
    [("itself", True, True), ("front_line", True, True), ("solution", False, True)],
)
def test_the_front_line_refers_only_where_the_profile_says_so(refers, agent, solution):
    profile = with_process(refers=refers)
    assert is_left_to(make_user(Role.AGENT), Verb.REFER, profile) is agent
    assert is_left_to(make_user(Role.SOLUTION), Verb.REFER, profile) is solution


@pytest.mark.parametrize(("informs", "allowed"), [("unit", True), ("owner", False)])
@pytest.mark.parametrize("verb", [Verb.OUTCOME, Verb.CONTACT, Verb.REPLY, Verb.ASK])
def test_a_unit_informs_only_where_the_profile_says_so(verb, informs, allowed):
    profile = with_process(informs=informs)
    assert is_left_to(make_user(Role.UNIT, "metering"), verb, profile) is allowed
    assert is_left_to(make_user(Role.SOLUTION), verb, profile)
