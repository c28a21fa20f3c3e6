"""Many at once: one case a key, one winner a version, no number twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections

from derman.cases import actions
from derman.cases.actions import opening
from derman.cases.models import Case, Event
from derman.lib import identifiers
from derman.words.events import EventType
from derman.words.rights import Role
from tests.factories import MONDAY, make_case, make_user, published
from tests.systems import OPENING, System

MANY = 8


def at_once(work):
    """What `work(number)` gives in as many threads as there are, begun together."""
    gate = Barrier(MANY)

    def one(number):
        gate.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_makes_one_case_and_gives_one_answer():
    published()
    api = System()
    answers = at_once(lambda _: api.post("cases", OPENING, **{"idempotency-key": "once"}))

    assert Counter(answer.status_code for answer in answers) == {201: MANY}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    assert (Case.objects.count(), Event.objects.count()) == (1, 1)

    other = {**OPENING, "description": "Başka."}
    mixed = at_once(
        lambda number: api.post(
            "cases", OPENING if number % 2 else other, **{"idempotency-key": "two"}
        )
    )
    assert Counter(answer.status_code for answer in mixed) == {201: MANY // 2, 422: MANY // 2}
    assert Case.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_who_act_on_one_version_one_wins():
    profile = published()
    case = make_case(profile=profile)
    people = [make_user(Role.SOLUTION, name=f"s{number}") for number in range(MANY)]

    def take(number):
        mine = Case.objects.get(pk=case.pk)
        mine.version = case.version
        try:
            actions.take(mine, by=people[number], at=MONDAY, profile=profile)
        except actions.CannotDo:
            return None
        return number

    [winner] = [number for number in at_once(take) if number is not None]
    case.refresh_from_db()
    assert case.owner_user == people[winner]
    assert case.events.filter(type=EventType.TAKEN).count() == 1

    api = System()
    answers = at_once(lambda _: api.call("outcome", case))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: MANY - 1}
    assert case.events.filter(type=EventType.RESOLVED).count() == 1
    assert case.outcomes.count() == 1


@pytest.mark.django_db
def test_a_number_that_is_taken_is_drawn_again(monkeypatch):
    published()
    taken = make_case().number
    free = iter([taken, taken, taken, "264839172000"])
    lengths = []

    def drawn(random, digits):
        lengths.append(digits)
        return next(free)

    monkeypatch.setattr(opening.identifiers, "new_number", drawn)
    assert make_case().number == "264839172000"
    assert lengths == [9, 9, 9, 12]


@pytest.mark.django_db
def test_when_no_number_is_free_nothing_is_left_behind(monkeypatch):
    published()
    taken = make_case().number
    monkeypatch.setattr(opening.identifiers, "new_number", lambda *_: taken)
    with pytest.raises(actions.CannotDo) as refusal:
        make_case()
    assert refusal.value.code == "no_number"
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_another_fault_is_not_taken_for_a_taken_number(monkeypatch):
    published()
    number = identifiers.new_number(Random(1), 9)
    monkeypatch.setattr(opening.identifiers, "new_number", lambda *_: number)

    def broken(*_, **__):
        raise IntegrityError("another constraint")

    monkeypatch.setattr(opening, "record", broken)
    with pytest.raises(IntegrityError, match="another"):
        make_case()
    assert not Case.objects.exists()
    assert connection.is_usable()
