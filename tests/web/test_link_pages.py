"""Linking and merging on the case page: suggestions, what will happen, the way back."""

from uuid import uuid4

import pytest
from django.utils import timezone

from derman.audit.models import AccessRecord
from derman.cases import actions
from derman.cases.models import Case, Link
from derman.desk.labels import Labels
from derman.desk.sections.links import LINKED
from derman.desk.verbs.form import Scene
from derman.visits import planning, reporting, slots
from derman.words.kinds import ClosingReason
from derman.words.life import State
from derman.words.loop import LinkKind
from derman.words.rights import Role
from tests.desk import Desk, work
from tests.factories import days, make_case, make_customer, preset, published

pytestmark = pytest.mark.django_db
SAID = "Sayaç yanlış okunmuş, faturadaki endeks gerçek değil."


@pytest.fixture
def at():
    published()
    return timezone.now()


@pytest.fixture
def desk(at):
    return Desk(Role.SOLUTION, "solution")


@pytest.fixture
def two(at):
    customer = make_customer()
    first = make_case(customer=customer, description=SAID, at=at - days(3))
    return first, make_case(customer=customer, description=SAID, at=at - days(1))


def form(desk, case, noun):
    return desk.page(f"/desk/cases/{case.number}/{noun}/")


def test_likely_duplicates_are_offered_with_the_reasons(desk, two):
    first, again = two
    make_case(description="Başka bir konu.", at=timezone.now())

    shown = form(desk, again, "merger")

    assert f'value="{first.number}"' in shown
    assert "same customer, same topic, similar words" in shown
    assert shown.count('name="suggested"') == 2  # the other one, and “another”


def test_an_open_case_is_not_suggested_to_go_on_in_a_closed_one(desk, two, at):
    first, again = two
    given = {"by": desk.user, "at": at, "profile": published()}
    actions.close_early(first, ClosingReason.INVALID, **given)
    assert first.number not in form(desk, again, "merger")
    assert first.number in form(desk, again, "links")  # linked they may be
    assert again.number in form(desk, first, "merger")  # and the other way round it goes


def test_where_nothing_is_alike_the_number_is_asked_for(desk, at):
    case = make_case(at=at)
    assert 'name="suggested"' not in form(desk, case, "links")


def test_what_will_happen_is_said_and_what_will_be_sent_is_shown(desk, two):
    first, again = two
    desk.do(again, "referrals", unit="metering")

    answer = desk.client.post(
        f"/desk/cases/{again.number}/merger/",
        {"version": again.version, "do": "preview", "suggested": first.number},
    )

    shown = answer.content.decode()
    assert "Tasks that end" in shown
    assert "The date promised to its applicant" in shown
    assert 'class="sent-as"' in shown
    again.refresh_from_db()
    assert again.state == State.REFERRED


def test_of_a_closed_case_nothing_is_sent_and_nothing_is_said_of_contacts(desk, two, at):
    given = {"by": desk.user, "at": at, "profile": published()}
    actions.close_early(two[1], ClosingReason.INVALID, **given)

    shown = form(desk, two[1], "merger")

    assert "leads to the other from now on" in shown
    assert "Nothing is sent" not in shown
    assert 'value="preview"' not in shown


def test_another_case_is_named_by_its_number(desk, two):
    said = {"version": two[1].version, "suggested": "another", "number": ""}
    answer = desk.client.post(f"/desk/cases/{two[1].number}/merger/", said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["number"]


def test_a_case_is_merged_by_number_and_both_pages_lead_to_each_other(desk, two):
    first, again = two
    desk.do(again, "notes", text="Tutanak dolapta.")
    spaced = f"{first.number[:3]} {first.number[3:6]} {first.number[6:]}"
    desk.do(again, "merger", number=spaced)

    assert again.merged_into == first
    page = desk.page(f"/desk/cases/{again.number}/")
    assert f'data-merged-into="{first.number}"' in page
    assert "/reopening/" not in page
    target = desk.page(f"/desk/cases/{first.number}/")
    assert f'data-part="{again.number}"' in target
    assert "Tutanak dolapta." in target
    assert AccessRecord.objects.filter(what="case.parts").exists()

    desk.do(again, "merger-undo")
    assert again.merged_into is None
    assert again.state == State.RECEIVED
    assert 'data-part="' not in desk.page(f"/desk/cases/{first.number}/")


@pytest.mark.parametrize("typed", ["", "123456782", "abc"])
def test_a_number_that_is_none_is_said_at_its_field(desk, two, typed):
    _first, again = two
    answer = desk.client.post(
        f"/desk/cases/{again.number}/merger/", {"version": again.version, "number": typed}
    )
    assert answer.status_code == 422
    assert "No case with this number" in answer.content.decode()


def test_a_case_that_one_may_not_read_cannot_be_linked(two):
    first, _again = two
    unit = Desk(Role.QUALITY)
    stranger = make_case(at=timezone.now())
    unit.do(first, "links", number=stranger.number, kind="related")
    assert Link.objects.filter(kind="related").count() == 1


def test_a_link_is_shown_on_both_pages_and_taken_back(desk, two):
    first, again = two
    desk.do(again, "links", number=first.number, kind="related")
    assert f'data-link="{first.number}"' in desk.page(f"/desk/cases/{again.number}/")
    assert f'data-link="{again.number}"' in desk.page(f"/desk/cases/{first.number}/")

    desk.do(again, "link-removal", link=str(Link.objects.get().pk))

    assert "data-link=" not in desk.page(f"/desk/cases/{again.number}/")


def test_a_link_is_taken_back_only_where_it_was_made(desk, two):
    first, again = two
    desk.do(again, "links", number=first.number, kind="related")
    removal = f"/desk/cases/{first.number}/link-removal/"
    assert removal not in desk.page(f"/desk/cases/{first.number}/")
    assert removal.replace(first.number, again.number) in desk.page(f"/desk/cases/{again.number}/")


def test_a_closed_part_is_shown_once(desk, two, at):
    first, again = two
    third = make_case(description="Başka bir konu.", at=at)
    given = {"by": desk.user, "at": at, "profile": published()}
    actions.close_early(first, ClosingReason.INVALID, **given)
    actions.merge(first, again, **given)
    again.refresh_from_db()
    desk.do(again, "links", number=third.number, kind="related")
    page = desk.page(f"/desk/cases/{again.number}/")
    assert f'data-part="{first.number}"' in page
    assert f'data-link="{third.number}"' in page
    assert f'data-link="{first.number}"' not in page


def test_a_repeat_is_shown_with_its_reasons_and_found_by_a_filter(desk, two):
    first, again = two
    work()

    page = desk.page(f"/desk/cases/{again.number}/")
    assert "Repeat of" in page
    assert "same customer, same topic, similar words · 100 % alike" in page
    listed = desk.page("/desk/?view=all&repeat=yes")
    assert again.number in listed
    assert f'data-number="{first.number}"' not in listed


def test_the_parts_of_a_secret_reporter_keep_the_name(desk, two, at):
    first, again = two
    Case.objects.filter(pk=again.pk).update(secret_reporter=True)
    actions.merge(Case.objects.get(pk=again.pk), first, by=desk.user, at=at, profile=published())

    page = desk.page(f"/desk/cases/{first.number}/")

    assert "Name kept secret" in page


def test_a_visit_takes_place_all_the_same_and_its_finding_reaches_the_target(desk, two, at):
    first, again = two
    given = {"by": desk.user, "at": at, "profile": published()}
    slot = slots.offered(preset(), at)[0]
    where = {"address": "Çınar Sokak 12", "purpose": "Sayaca bakılacak."}
    visit = planning.plan(again, slot.key, **where, **given)
    assert "The visit that is planned takes place all the same." in form(desk, again, "merger")

    actions.merge(Case.objects.get(pk=again.pk), first, **given)
    said = reporting.Report(mark=uuid4(), found=True, finding="Mühür sağlam.")
    reporting.report(visit, said, **given)

    page = desk.page(f"/desk/cases/{first.number}/")
    assert "Finding of the visit" in page
    assert "Mühür sağlam." in page


def test_links_cost_two_queries(desk, two, at, django_assert_num_queries):
    first, again = two
    profile = published()
    actions.link(again, first, LinkKind.RELATED, by=desk.user, at=at, profile=profile)
    scene = Scene(again, desk.user, at, profile, Labels.for_reader(profile.profile), [])
    LINKED.load(scene)  # what the reader may do is known from now on

    with django_assert_num_queries(2):
        (shown,) = LINKED.load(scene)

    assert shown.case == first
