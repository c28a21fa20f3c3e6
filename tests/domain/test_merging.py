"""Two rows that are one person: joined, found again by either name, and parted exactly."""

import random
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from derman.cases import actions
from derman.cases.models import Case, Event, SearchEntry
from derman.people import corrections, matching, merging
from derman.people.known import Known
from derman.people.models import (
    Account,
    ContactPoint,
    Correction,
    Customer,
    Holding,
    Merge,
)
from derman.people.on_file import look_up
from derman.words.kinds import Relation
from derman.words.rights import Role
from tests.factories import (
    MONDAY,
    TCKN,
    days,
    make_account,
    make_case,
    make_customer,
    make_user,
    published,
)

OTHER_TCKN = "10000000078"
# What stands in a row besides whose it is: a merge changes none of it.
PEOPLE = (Customer, ContactPoint, Holding, Correction)


def given_now():
    return {"by": make_user(Role.SUPERVISOR), "at": MONDAY + days(1), "profile": published()}


def merge(survivor, merged, act=None, **more):
    act = act or given_now()
    said = {"reason": "Same person, called twice.", **more}
    return actions.merge_people(survivor, merged, **said, **act)


def picture() -> dict:
    """Everything on file as it can be compared; versions of cases only ever rise."""
    rows = {
        model.__name__: sorted(
            tuple(str(getattr(row, f.attname)) for f in model._meta.concrete_fields)
            for row in model.objects.all()
        )
        for model in PEOPLE
    }
    rows["cases"] = sorted(
        (case.number, str(case.applicant_id), str(case.customer_id)) for case in Case.objects.all()
    )
    rows["words"] = sorted(SearchEntry.objects.values_list("case__number", "words"))
    return rows


@pytest.mark.django_db
class TestMerging:
    def test_all_that_the_merged_row_has_comes_to_the_survivor(self):
        survivor = make_customer("Ayşe Yılmaz", tckn=TCKN)
        merged = make_customer(
            "Ayse Yilmaz Kaya", phone="+905339876543", email="ayse@ornek.example"
        )
        account = make_account(merged)
        case = make_case(customer=merged, account=account)
        corrections.apply(merged, {"address": "Çınar Sokak 3"}, by=None, at=MONDAY)

        merge(survivor, merged)

        survivor.refresh_from_db()
        assert {p.value for p in survivor.contact_points.all()} == {
            "+905321234567", "+905339876543", "ayse@ornek.example", "",
        }  # fmt: skip
        assert survivor.holdings.get().account == account
        assert survivor.corrections.get().field == "address"
        moved = Case.objects.get(pk=case.pk)
        assert (moved.applicant, moved.customer) == (survivor, survivor)
        assert moved.version == case.version + 1
        assert "kaya" not in SearchEntry.objects.get(case=case).words
        assert not merged.contact_points.exists()

    def test_each_case_that_moves_gets_one_fact_with_keys_only(self):
        survivor, merged = make_customer(), make_customer(phone="+905339876543")
        cases = [make_case(customer=merged), make_case(customer=merged)]
        other = make_case(customer=survivor)

        done = merge(survivor, merged)

        for case in cases:
            assert case.events.last().type == "people_merged"
            assert case.events.last().details == {"merge": done.pk}
        assert other.events.last().type == "opened"

    def test_a_case_in_which_one_speaks_for_the_other_keeps_both_roles(self):
        speaker, owner = make_customer("Can Demir", phone="+905339876543"), make_customer()
        case = make_case(applicant_id=speaker.pk, customer_id=owner.pk)
        survivor = make_customer("Can Demir", phone="+905351112233")

        merge(survivor, speaker)

        case = Case.objects.get(pk=case.pk)
        assert (case.applicant, case.customer) == (survivor, owner)

    def test_gaps_are_filled_and_what_both_say_is_the_survivors(self):
        survivor = make_customer("Ayşe Yılmaz", phone="")
        merged = make_customer("Ayşe Y.", tckn=TCKN, phone="")

        done = merge(survivor, merged)

        survivor.refresh_from_db()
        assert (survivor.name, survivor.tckn) == ("Ayşe Yılmaz", TCKN)
        assert done.moved["filled"] == ["tckn"]

    def test_two_identity_numbers_are_merged_only_by_somebody_who_saw_both(self):
        survivor, merged = make_customer(tckn=TCKN), make_customer(tckn=OTHER_TCKN)
        assert merging.conflicts(survivor, merged) == ["tckn"]
        act = given_now()

        with pytest.raises(merging.CannotMerge):
            merge(survivor, merged, act)
        merge(survivor, merged, act, accepted=["tckn"])

        survivor.refresh_from_db()
        assert survivor.tckn == TCKN
        assert matching.find_by_tckn(OTHER_TCKN) == survivor

    @pytest.mark.parametrize("reason", ["", "  ", "\x00"])
    def test_a_reason_is_needed(self, reason):
        survivor, merged = make_customer(), make_customer()
        with pytest.raises(merging.CannotMerge):
            merge(survivor, merged, reason=reason)
        merged.refresh_from_db()
        assert merged.merged_into is None

    def test_nobody_is_merged_with_themselves_or_twice(self):
        survivor, merged, other = (make_customer() for _ in range(3))
        act = given_now()
        with pytest.raises(merging.CannotMerge):
            merge(survivor, survivor, act)
        merge(survivor, merged, act)
        for left, right in ((other, merged), (merged, other), (survivor, merged)):
            with pytest.raises(merging.CannotMerge):
                merge(left, right, act)

    def test_the_database_refuses_a_second_merge_of_a_row(self):
        survivor, merged = make_customer(), make_customer()
        done = merge(survivor, merged)
        with pytest.raises(IntegrityError), transaction.atomic():
            Merge.objects.create(survivor=survivor, merged=merged, reason="x", at=MONDAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Merge.objects.filter(pk=done.pk).update(merged=survivor)


@pytest.mark.django_db
class TestFindingTheSurvivor:
    def test_a_caller_by_the_old_name_and_the_old_phone(self):
        survivor = make_customer("Ayşe Yılmaz")
        merged = make_customer("Ayşe Kaya", phone="+905339876543")
        merge(survivor, merged)

        for name in ("Ayşe Kaya", "AYŞE YILMAZ"):
            for phone in ("0533 987 65 43", "0532 123 45 67"):
                found = look_up("", matching.speaker(name, phone, "", ""))
                assert found.speaker == survivor
                assert found.speaker.name == "Ayşe Yılmaz"
        assert look_up("", matching.speaker("Veli Kaya", "0533 987 65 43", "", "")).speaker is None

    def test_a_case_opened_with_a_link_from_before(self):
        survivor, merged = make_customer(), make_customer(phone="+905339876543")
        merge(survivor, merged)

        case = make_case(customer=merged)

        assert (case.applicant, case.customer) == (survivor, survivor)

    def test_a_case_that_was_being_opened_during_the_merge(self):
        survivor, merged = make_customer(), make_customer(phone="+905339876543")
        late = make_case(customer=merged)
        act = given_now()
        done = merge(survivor, merged, act)
        Case.objects.filter(pk=late.pk).update(applicant=merged, customer=merged)

        assert actions.follow_merges(act["at"], 100, profile=act["profile"]) == 1
        assert actions.follow_merges(act["at"], 100, profile=act["profile"]) == 0

        late = Case.objects.get(pk=late.pk)
        assert (late.applicant, late.customer) == (survivor, survivor)
        assert late.events.last().details == {"merge": done.pk}

    def test_the_holder_of_an_account_that_both_held(self):
        survivor, merged = make_customer(), make_customer(phone="+905339876543")
        account = make_account(survivor)
        Holding.objects.create(customer=merged, account=account, relation=Relation.HOLDER)

        merge(survivor, merged)

        assert look_up(account.number, matching.speaker("", "", "", "")).holder == survivor

    def test_of_two_holdings_the_one_in_force_counts(self):
        survivor, merged = make_customer(), make_customer(phone="+905339876543")
        account = make_account(survivor)
        Holding.objects.update(ends_on=date(2025, 1, 31), proof="old lease")
        Holding.objects.create(
            customer=merged, account=account, relation=Relation.HOLDER, proof="new lease"
        )

        done = merge(survivor, merged)

        held = survivor.holdings.get()
        assert (held.proof, held.ends_on) == ("new lease", None)
        actions.undo_merge(
            done, reason="Two people.", by=done.by, at=MONDAY + days(2), profile=published()
        )
        assert survivor.holdings.get().proof == "old lease"
        assert merged.holdings.get().proof == "new lease"

    def test_a_chain_leads_to_its_end_in_one_step(self):
        first, second, third = (make_customer(f"Ayşe {n}") for n in ("Bir", "İki", "Üç"))
        act = given_now()
        merge(second, first, act)
        merge(third, second, act)

        assert merging.standing(first.pk) == third
        assert set(merging.family(third)) == {first.pk, second.pk, third.pk}

    def test_an_import_knows_the_merged_row_by_whatever_it_was_known_by(self):
        survivor = make_customer("Ayşe Yılmaz", tckn=TCKN)
        merged = make_customer("Ayşe Kaya", phone="+905339876543", tckn=OTHER_TCKN)
        Customer.objects.filter(pk=merged.pk).update(reference="SAP-7")
        merge(survivor, merged, accepted=["tckn"])
        said = {"name": "Ayşe Kaya", "reference": "", "tckn": "", "vkn": ""}
        said |= {"account_number": "", "contacts": ()}

        for known_by in (
            {"reference": "SAP-7"},
            {"tckn": OTHER_TCKN},
            {"contacts": ("+905339876543",)},
            {"contacts": ("+905321234567",)},
        ):
            somebody = SimpleNamespace(**{**said, **known_by})
            assert Known.about([somebody]).find(somebody) == survivor.pk, known_by


@pytest.mark.django_db
class TestUndoing:
    def test_what_came_since_stays_with_the_survivor(self):
        survivor, merged = make_customer(), make_customer("Ali Can", phone="+905339876543")
        old = make_case(customer=merged)
        act = given_now()
        done = merge(survivor, merged, act)
        new = make_case(customer=merged, at=MONDAY + days(2))

        actions.undo_merge(done, reason="Brothers.", **act)

        assert Case.objects.get(pk=old.pk).applicant == merged
        assert Case.objects.get(pk=new.pk).applicant == survivor
        assert old.events.last().type == "people_parted"
        assert (done.survivor, Merge.objects.get().undone_reason) == (survivor, "Brothers.")

    def test_a_number_corrected_since_is_not_taken_away(self):
        survivor, merged = make_customer(tckn=""), make_customer(tckn=TCKN)
        act = given_now()
        done = merge(survivor, merged, act)
        survivor.refresh_from_db()
        corrections.apply(survivor, {"tckn": OTHER_TCKN}, by=None, at=MONDAY)

        actions.undo_merge(done, reason="Two people.", **act)

        survivor.refresh_from_db()
        assert survivor.tckn == OTHER_TCKN

    def test_the_later_merge_is_undone_first_and_each_only_once(self):
        first, second, third = make_customer(), make_customer(), make_customer()
        act = given_now()
        early, late = merge(second, first, act), merge(third, second, act)

        with pytest.raises(merging.CannotMerge):
            actions.undo_merge(early, reason="Wrong.", **act)
        actions.undo_merge(late, reason="Wrong.", **act)
        actions.undo_merge(early, reason="Wrong.", **act)
        with pytest.raises(merging.CannotMerge):
            actions.undo_merge(early, reason="Wrong.", **act)
        assert not Customer.objects.exclude(merged_into=None).exists()

    def test_a_failure_half_way_changes_nothing(self, monkeypatch):
        survivor, merged = make_customer(), make_customer("Ali Can", phone="+905339876543")
        make_case(customer=merged)
        act = given_now()
        before = picture()
        monkeypatch.setattr("derman.cases.actions.merging.file_again", lambda _: 1 / 0)

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            merge(survivor, merged, act)

        assert picture() == before
        assert not Event.objects.filter(type="people_merged").exists()


class TestAnyMerges(TestCase):
    """Whatever is merged in whatever order, undoing it restores every row."""

    @settings(max_examples=25)
    @given(seed=st.integers(0, 10**9), steps=st.integers(1, 8))
    def test_random_merges_and_undos_restore_everything(self, seed, steps):
        chance = random.Random(seed)
        act = given_now()
        people = _crowd(chance)
        before, standing = picture(), []
        for _ in range(steps):
            if standing and chance.random() < 0.3:
                _undo_one(standing, chance, act)
                continue
            rows = list(Customer.objects.filter(merged_into=None))
            if len(rows) < 2:
                continue
            survivor, merged = chance.sample(rows, 2)
            standing.append(merge(survivor, merged, act, accepted=merging.CONFLICTING))
            assert all(merging.standing(row.pk).merged_into_id is None for row in people)
        while standing:
            _undo_one(standing, chance, act)

        assert picture() == before


def _undo_one(standing, chance, act):
    free = [done for done in standing if merging.blocking(done) is None]
    done = chance.choice(free)
    actions.undo_merge(done, reason="Two people.", **act)
    standing.remove(done)


def _crowd(chance):
    names, phones = ("Ayşe Yılmaz", "Ali Can", ""), ("+905321234567", "+905339876543", "")
    people = [
        make_customer(
            chance.choice(names),
            phone=chance.choice(phones),
            tckn=chance.choice((TCKN, OTHER_TCKN, "")),
            email=chance.choice(("", f"kisi{n}@ornek.example")),
        )
        for n in range(5)
    ]
    accounts = [Account.objects.create(number=str(70_000_000 + n)) for n in range(3)]
    for person in people:
        for account in chance.sample(accounts, chance.randint(0, 2)):
            Holding.objects.create(
                customer=person,
                account=account,
                relation=chance.choice((Relation.HOLDER, Relation.TENANT)),
                proof=f"{person.name} {account}",
                ends_on=chance.choice((None, date(2025, 5, 5))),
            )
        if chance.random() < 0.7:
            other = chance.choice(people)
            make_case(applicant_id=person.pk, customer_id=other.pk)
    return people


def test_every_table_that_names_a_customer_is_moved_or_stays_on_purpose():
    moved = {"ContactPoint", "Holding", "Correction", "Case"}
    stays = {"Merge", "Customer"}  # the merge itself, and where a merged row leads
    naming = {relation.related_model.__name__ for relation in Customer._meta.related_objects}
    assert naming == moved | stays
