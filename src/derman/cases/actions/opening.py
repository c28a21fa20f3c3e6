"""Opening a case: from what somebody said to a number, an owner and running clocks."""

import secrets
from datetime import datetime
from random import Random
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases import clocks
from derman.cases.actions import concluding, referring
from derman.cases.actions._core import Act, CannotDo, check_text, record
from derman.cases.models import Case, Clock, SearchEntry
from derman.cases.submissions import Submission
from derman.lib import identifiers, turkish
from derman.people import matching
from derman.people.models import Account, Customer
from derman.profile.publishing import Published
from derman.profile.schema import Topic
from derman.words.events import EventType
from derman.words.kinds import ClockKind, Decision, Priority, Relation

# Nine digits while they last: three collisions in a row mean that they run short (`design.md` §3).
TRIES_WITH_NINE_DIGITS = 3


class _Handle(NamedTuple):
    """What the applicant follows the case by."""

    number: str
    key: str


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
    act = Act(by, at, profile)
    return _with_new_number(submission, act, random, first_contact=False)


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
) -> Case:
    """Record a call that was answered while it lasted (rows G14, E14): one message says both."""
    act = Act(by, at, profile)
    case = _with_new_number(submission, act, random, first_contact=True)
    concluding.conclude_at_once(case, decision, text, act, channel=submission.channel)
    return case


def _with_new_number(
    submission: Submission, act: Act, random: Random | None, *, first_contact: bool
) -> Case:
    random = random or secrets.SystemRandom()
    check_text(submission.description, field="description")
    if submission.proposal:
        check_text(submission.proposal, field="proposal")
    topic = _topic(submission, act)
    for attempt in range(TRIES_WITH_NINE_DIGITS * 2):
        digits = 9 if attempt < TRIES_WITH_NINE_DIGITS else 12
        number = identifiers.new_number(random, digits)
        handle = _Handle(number, identifiers.new_follow_key(random))
        try:
            with transaction.atomic():
                return _open(submission, topic, handle, act, first_contact=first_contact)
        except IntegrityError:
            if not Case.objects.filter(number=number).exists():
                raise
    raise CannotDo(_("No number is free. Try again."), code="no_number")


def _topic(submission: Submission, act: Act) -> Topic:
    topic = act.profile.profile.leaves().get(submission.topic)
    if topic is None or topic.retired:
        raise CannotDo(_("Choose a topic from the list."), code="unknown_topic", field="topic")
    return topic


def _open(
    submission: Submission, topic: Topic, handle: _Handle, act: Act, *, first_contact: bool
) -> Case:
    profile = act.profile.profile
    account = matching.find_account(submission.account_number)
    applicant, customer = _people(submission, account, act)
    reachable = matching.has_contact(applicant)
    resolve = clocks.resolve_budget(submission.topic, profile)
    region = submission.region or (account.region if account else "")
    case = Case(
        number=handle.number,
        follow_key=handle.key,
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
        applicant=applicant,
        relation=submission.applicant.relation,
        customer=customer,
        account=account,
        account_number=submission.account_number.strip()[:40],
        reply_channel=submission.reply_channel,
        secret_reporter=submission.secret_reporter and topic.secret_reporter,
        notice_id=submission.notice_id,
        state_since=act.at,
        priority=Priority.EMERGENCY if topic.emergency else Priority.NORMAL,
        unit=topic.unit_for(region) or "",
        owner_unit=profile.process.owner,
        taken_by=act.by,
        received_at=act.at,
        first_contact=first_contact,
    )
    running = [clocks.build(case, ClockKind.RESOLVE, resolve, start=act.at, profile=profile)]
    case.due_at = running[0].due_at
    if profile.clocks.acknowledge and reachable and not first_contact:
        running.append(
            clocks.build(
                case,
                ClockKind.ACKNOWLEDGE,
                profile.clocks.acknowledge,
                start=act.at,
                profile=profile,
            )
        )
        case.acknowledge_due_at = running[1].due_at
    case.save(force_insert=True)
    Clock.objects.bulk_create(running)
    SearchEntry.objects.create(case=case, words=words_of(case))
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
    if not first_contact:
        _send_on(case, topic, act)
    return case


def _send_on(case: Case, topic: Topic, act: Act) -> None:
    process = act.profile.profile.process
    if topic.emergency:
        unit = case.unit or process.emergency_unit
        referring.refer_now(case, unit, act, question="", due_at=None)
        record(case, EventType.ALERTED, act, unit=unit)
    elif process.refers == "itself" and case.unit:
        referring.refer_now(case, case.unit, act, question="", due_at=None)


def _people(submission: Submission, account: Account | None, act: Act) -> tuple[Customer, Customer]:
    """Who speaks, and whose matter it is."""
    said = submission.applicant
    speaker = matching.speaker(said.name, said.phone, said.email, said.tckn)
    customer = _picked(submission.customer_id)
    if customer is None and account is not None:
        customer = matching.holder_of(account)
    if customer is None and said.relation in ("", Relation.HOLDER):
        customer = matching.find_by_tckn(speaker.tckn)
    applicant = _picked(submission.applicant_id) or matching.find_speaker(speaker)
    if applicant is None:
        applicant = matching.add_customer(speaker, language=submission.language, at=act.at)
    return applicant, customer or applicant


def _picked(customer_id: UUID | None) -> Customer | None:
    return Customer.objects.get(pk=customer_id) if customer_id else None


def words_of(case: Case) -> str:
    """The words in which the case can be found: names, account, what was said."""
    said = [case.applicant.name, case.customer.name, case.account_number]
    said += [case.description, case.proposal, case.place]
    return " ".join(dict.fromkeys(turkish.words(" ".join(said))))
