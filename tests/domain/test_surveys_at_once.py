"""Two workers come to two cases of one person at the same moment: the person is asked once."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection

from derman.cases import actions
from derman.quality import asking
from derman.quality.models import Survey
from derman.words.kinds import Decision
from derman.words.loop import SkipReason, SurveyState
from tests.factories import MONDAY, days, make_case, make_customer, make_user, preset, published

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = MONDAY + days(2)


def concluded(applicant, act):
    case = make_case(customer=applicant, profile=act["profile"])
    actions.take(case, **act)
    actions.outcome(case, Decision.JUSTIFIED, "Düzeltildi.", **act)
    actions.contact(case, channel="phone", outcome="reached", **act)
    asking.plan(case.events.filter(type="resolved"), profile=act["profile"])
    return case


def test_one_person_with_two_rows_is_asked_once(monkeypatch):
    profile = published(preset())
    act = {"by": make_user("solution"), "at": MONDAY, "profile": profile}
    one, other = make_customer(), make_customer("Ayşe Yılmaz", phone="+905321234568")
    for applicant in (one, other):
        concluded(applicant, act)
    boss = make_user("supervisor", name="boss")
    actions.merge_people(
        one, other, reason="Aynı kişi.", by=boss, at=MONDAY + days(1), profile=profile
    )
    surveys = list(Survey.objects.select_related("case__applicant"))
    together, real = Barrier(2), asking._was_asked_lately

    def both_look_before_either_asks(case, since):
        found = real(case, since)
        with suppress(BrokenBarrierError):
            together.wait(0.5)  # who holds the person waits here in vain
        return found

    monkeypatch.setattr(asking, "_was_asked_lately", both_look_before_either_asks)

    def settle(survey) -> None:
        try:
            asking._settle(survey, ASKED, profile)
        finally:
            connection.close()

    threads = [Thread(target=settle, args=[survey]) for survey in surveys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    found = sorted(Survey.objects.values_list("state", "reason"))
    assert found == [(SurveyState.ASKED, ""), (SurveyState.SKIPPED, SkipReason.TOO_OFTEN)]
