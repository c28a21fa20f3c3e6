"""Two people reach for the last place of a slot at the same moment: one of them has it."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from derman.cases.actions import CannotDo
from derman.cases.models import Case
from derman.profile.visits import Team
from derman.visits import planning, slots
from derman.visits.models import FieldVisit, TakenPlace
from tests.factories import MONDAY, make_case, make_user, preset, published

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


def test_the_last_place_is_taken_once():
    profile = preset()
    teams = {"metering": Team(at_once=2)}
    profile = profile.model_copy(
        update={"visits": profile.visits.model_copy(update={"teams": teams})}
    )
    act = {"by": make_user("supervisor"), "at": MONDAY, "profile": published(profile)}
    cases = [make_case(profile=act["profile"]).pk for _turn in range(PEOPLE)]
    key = slots.offered(profile, MONDAY)[0].key
    together, refused = Barrier(PEOPLE), []

    def plan(case_id) -> None:
        try:
            case = Case.objects.get(pk=case_id)
            together.wait(10)
            planning.plan(case, key, address="Gül Sokak 1", purpose="Mühür?", **act)
        except CannotDo as reason:
            refused.append(reason.code)
        finally:
            connection.close()

    threads = [Thread(target=plan, args=[case_id]) for case_id in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert refused == ["full"] * (PEOPLE - 2)
    assert FieldVisit.objects.count() == TakenPlace.objects.count() == 2
    assert set(TakenPlace.objects.values_list("place", flat=True)) == {0, 1}
