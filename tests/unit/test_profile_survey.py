"""What the profile says of the survey: whom it is for, and what is refused."""

import pytest

from derman.profile.checks import findings
from derman.profile.schema import Profile
from derman.profile.survey import Survey
from tests.factories import preset

PRESETS = ("gas", "electricity", "telecom", "consumer", "contact-centre")


def with_survey(**changes) -> Profile:
    profile = preset()
    rules = Survey(**{**profile.survey.model_dump(), **changes})
    return profile.model_copy(update={"survey": rules})


def found(profile: Profile) -> list[tuple[str, ...]]:
    return [tuple(map(str, finding.path)) for finding in findings(profile)]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_asks_and_says_so_in_order(name):
    profile = preset(name)
    assert profile.survey.asks
    assert not found(profile)


def test_an_old_document_without_a_survey_asks_nobody():
    document = preset().model_dump()
    del document["survey"]
    assert not Profile.model_validate(document).survey.asks


def test_an_empty_list_matches_all_and_a_filled_one_its_own():
    case = {"kind": "complaint", "decision": "justified", "channel": "phone"}
    assert Survey(asks=True).concerns(**case)
    assert not Survey().concerns(**case)
    assert Survey(asks=True, kinds=["complaint"], decisions=["partly", "justified"]).concerns(
        **case
    )
    for other in ({"kinds": ["request"]}, {"decisions": ["partly"]}, {"channels": ["web"]}):
        assert not Survey(asks=True, **other).concerns(**case)


def test_electricity_leaves_nobody_out():
    """E12: every concluded case is assessed."""
    rules = preset("electricity").survey
    assert (rules.kinds, rules.decisions, rules.channels, rules.pause_days) == ((), (), (), 0)


def test_a_case_that_closes_before_anybody_is_asked_is_refused():
    assert found(with_survey(wait_hours=7 * 24)) == [("survey", "wait_hours")]
    assert not found(with_survey(wait_hours=7 * 24 - 1))


def test_somebody_has_to_be_told_where_to_answer():
    profile = with_survey()
    silent = [notice for notice in profile.notices if notice.on != "survey_asked"]
    without = profile.model_copy(update={"notices": tuple(silent)})
    assert ("survey", "asks") in found(without)

    text = profile.messages["survey_sms"]
    blind = {key: one.model_copy(update={"text": "Memnun musunuz?"}) for key, one in text.items()}
    messages = {**profile.messages, "survey_sms": blind}
    assert any(
        path[-2:] == ("send", "sms")
        for path in found(profile.model_copy(update={"messages": messages}))
    )


def test_the_unit_that_follows_up_is_one_that_works_here():
    assert found(with_survey(called_by="nowhere")) == [("survey", "called_by")]
    assert not found(with_survey(called_by="customer_relations"))
