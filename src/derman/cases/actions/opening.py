"""Opening a case: from what somebody said to a number, an owner and running clocks."""

import secrets
from datetime import datetime
from random import Random
from typing import NamedTuple, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from derman.accounts import rights
from derman.accounts.models import User
from derman.cases import authority, clocks, levels
from derman.cases.actions import concluding, referring
from derman.cases.actions._core import Act, CannotDo, check_text, record
from derman.cases.actions._rows import insert
from derman.cases.actions._ruling import Grounds, Ruling
from derman.cases.actions._waiting import wait
from derman.cases.models import Case, Clock, SearchEntry
from derman.cases.submissions import Submission
from derman.lib import identifiers, turkish
from derman.people import matching, merging
from derman.people.models import Account, Customer
from derman.people.on_file import look_up
from derman.profile.publishing import Published
from derman.profile.schema import Topic
from derman.words.events import EventType
from derman.words.kinds import ClockKind, Decision, NoReceipt, Priority, Relation
from derman.words.life import State, Verb

# Nine digits while they last: three collisions in a row mean that they run short (`design.md` §3).
TRIES_WITH_NINE_DIGITS = 3


class Opened(NamedTuple):
    """A case and the rows that were written with it, so that nobody has to read them again."""

    case: Case
    rows: list[Model]


def open_case(
    submission: Submission,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    random: Random | None = None,
) -> Case:
    """Give what was said a number, an owner and its clocks; refer it where the profile says so.

    `random` makes number and follow key repeatable, for the demo; else nobody can guess them.
    """
    return register(submission, by=by, at=at, profile=profile, random=random).case


def register(
    submission: Submission,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    random: Random | None = None,
) -> Opened:
    """The same as `open_case`, for callers that show everything at once."""
    rows: list[Model] = []
    act = Act(by, at, profile, rows)
    return Opened(_open(submission, act, random, first_contact=False), rows)


@transaction.atomic
def open_and_answer(
    submission: Submission,
    decision: Decision,
    text: str,
    *,
    by: User | None,
    at: datetime,
    profile: Published,
    random: Random | None = None,
    **more: Unpack[Grounds],
) -> Case:
    """Record a call that was answered while it lasted (rows G14, E14): one message says both.

    An answer above the person's authority waits for approval; its receipt is confirmed meanwhile.
    """
    about = Case(topic=submission.topic, taken_by=by, office=rights.office_of(by) if by else "")
    is_allowed = (
        authority.check(by, about, decision, more.get("compensation"), profile.profile) is None
    )
    opening = Act(by, at, profile, [])
    case = _open(submission, opening, random, first_contact=is_allowed, sends_on=False)
    act = Act(by, at, profile)
    ruling = Ruling.of(decision, text, more)
    ruling.check(case, act)
    if not wait(case, Verb.ANSWER_AT_ONCE, ruling, act, channel=submission.channel):
        concluding.conclude_at_once(case, ruling, act, channel=submission.channel)
    return case


def _open(
    submission: Submission,
    act: Act,
    random: Random | None,
    *,
    first_contact: bool,
    sends_on: bool = True,
) -> Case:
    check_text(submission.description, field="description")
    if submission.proposal:
        check_text(submission.proposal, field="proposal")
    topic = _topic(submission, act)
    case = _build(submission, topic, act, first_contact=first_contact)
    if sends_on:
        _send_on(case, topic, act)
    _insert_with_new_number(case, act, random or secrets.SystemRandom())
    return case


def _insert_with_new_number(case: Case, act: Act, random: Random) -> None:
    for attempt in range(TRIES_WITH_NINE_DIGITS * 2):
        digits = 9 if attempt < TRIES_WITH_NINE_DIGITS else 12
        case.number = identifiers.new_number(random, digits)
        case.follow_key = identifiers.new_follow_key(random)
        try:
            return insert(act.rows or [])
        except IntegrityError:
            if not Case.objects.filter(number=case.number).exists():
                raise
    raise CannotDo(_("No number is free. Try again."), code="no_number")


def _topic(submission: Submission, act: Act) -> Topic:
    topic = act.profile.profile.leaves().get(submission.topic)
    if topic is None or topic.retired:
        raise CannotDo(_("Choose a topic from the list."), code="unknown_topic", field="topic")
    return topic


def _build(submission: Submission, topic: Topic, act: Act, *, first_contact: bool) -> Case:
    """The case and all that belongs to it, waiting in the act to be written."""
    people = _people(submission, act)
    case = _case(submission, topic, people, act)
    case.first_contact = first_contact
    running = _clocks(case, act, tells=people.is_reachable and not first_contact)
    for row in (case, *running, SearchEntry(case=case, words=words_of(case))):
        act.add(row)
    record(
        case,
        EventType.OPENED,
        act,
        channel=case.channel,
        kind=case.kind,
        topic=case.topic,
        unit=case.unit,
        first_contact=first_contact,
        **({"read_back": True} if submission.read_back else {}),
    )
    if not first_contact and act.profile.profile.clocks.acknowledge and not people.is_reachable:
        record(case, EventType.NOT_ACKNOWLEDGED, act, reason=NoReceipt.NO_CONTACT)
    return case


def _case(submission: Submission, topic: Topic, people: "_People", act: Act) -> Case:
    profile, account = act.profile.profile, people.account
    region = submission.region or (account.region if account else "")
    return Case(
        profile_id=act.profile.version_id,
        kind=submission.kind or topic.kind,
        channel=submission.channel,
        main_topic=submission.topic.split(".")[0],
        topic=submission.topic,
        region=region if region in profile.organisation.regions else "",
        place=submission.place[:400],
        description=submission.description,
        proposal=submission.proposal,
        language=submission.language,
        applicant=people.applicant,
        relation=submission.applicant.relation,
        customer=people.customer,
        account=account,
        account_number=submission.account_number.strip()[:40],
        reply_channel=submission.reply_channel,
        secret_reporter=submission.secret_reporter and topic.secret_reporter,
        notice_id=submission.notice_id,
        state_since=act.at,
        watch_at=levels.watch_from(State.RECEIVED, act.at, profile),
        priority=Priority.EMERGENCY if topic.emergency else Priority.NORMAL,
        unit=topic.unit_for(region) or "",
        owner_unit=profile.process.owner,
        taken_by=act.by,
        office=rights.office_of(act.by) if act.by else "",
        received_at=act.at,
    )


def _clocks(case: Case, act: Act, *, tells: bool) -> list[Clock]:
    """The clocks that run from the start; the case carries their dates.

    Those of what is told on the way run only where somebody can be told.
    """
    profile = act.profile.profile
    budget = clocks.resolve_budget(case.topic, profile)
    running = [clocks.build(case, ClockKind.RESOLVE, budget, start=act.at, profile=profile)]
    case.due_at = running[0].due_at
    if tells and (within := profile.clocks.acknowledge):
        receipt = clocks.build(case, ClockKind.ACKNOWLEDGE, within, start=act.at, profile=profile)
        running.append(receipt)
        case.acknowledge_due_at = receipt.due_at
    if tells and (interim := clocks.build_interim(case, start=act.at, profile=profile)):
        running.append(interim)
    return running


def _send_on(case: Case, topic: Topic, act: Act) -> None:
    process = act.profile.profile.process
    if topic.emergency:
        unit = case.unit or process.emergency_unit
        referring.refer_now(case, unit, act, question="", due_at=None)
        record(case, EventType.ALERTED, act, unit=unit)
    elif process.refers == "itself" and case.unit:
        referring.refer_now(case, case.unit, act, question="", due_at=None)


class _People(NamedTuple):
    """Who speaks, whose matter it is, the account, and whether the speaker can be reached."""

    applicant: Customer
    customer: Customer
    account: Account | None
    is_reachable: bool


def _people(submission: Submission, act: Act) -> _People:
    said = submission.applicant
    speaker = matching.speaker(said.name, said.phone, said.email, said.tckn)
    found = look_up(submission.account_number, speaker)
    customer = _picked(submission.customer_id) or found.holder
    if customer is None and said.relation in ("", Relation.HOLDER):
        customer = matching.find_by_tckn(speaker.tckn)
    picked = _picked(submission.applicant_id)
    applicant = picked or found.speaker
    if applicant is None:
        applicant, points = matching.new_customer(speaker, language=submission.language, at=act.at)
        for row in (applicant, *points):
            act.add(row)
        return _People(applicant, customer or applicant, found.account, bool(points))
    reachable = (picked is None and found.is_reachable) or matching.has_contact(applicant)
    return _People(applicant, customer or applicant, found.account, reachable)


def _picked(customer_id: UUID | None) -> Customer | None:
    return merging.standing(customer_id) if customer_id else None


def words_of(case: Case) -> str:
    """The words in which the case can be found: names, account, what was said."""
    said = [case.applicant.name, case.customer.name, case.account_number]
    said += [case.description, case.proposal, case.place]
    return " ".join(dict.fromkeys(turkish.words(" ".join(said))))
