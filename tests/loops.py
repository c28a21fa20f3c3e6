"""Random lives with all that may follow an answer: actions, offers, approvals, surveys, visits.

What the worker does belongs to it: time passes, and clocks, offers and silence are settled.
"""

from datetime import timedelta
from decimal import Decimal as Amount
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from derman.cases import acting, actions, due, lapsing, reminding, silence
from derman.cases.actions import FollowUpResult, Plan
from derman.cases.models import Action, Case, Link, Offer
from derman.cases.proof import has_been_told
from derman.quality import answering, following
from derman.quality.answering import Given
from derman.quality.models import FollowUp
from derman.visits import planning, reporting, slots
from derman.visits.models import FieldVisit
from derman.words.events import EventType
from derman.words.kinds import Channel, ClosingReason, ContactOutcome, Decision
from derman.words.life import OPEN_STATES, State
from derman.words.loop import (
    ActionKind,
    ActionState,
    ApprovalState,
    Effect,
    FollowUpState,
    LinkKind,
    OfferState,
    VisitState,
)
from tests.factories import MONDAY, make_case, make_user
from tests.lives import DECISIONS, Life

WORDS = st.sampled_from(["Sayaç değişti.", "sayaç  DEĞİŞTİ", "Fark iade edildi.", "Ekip eğitildi."])
NEXT_CYCLE = (EventType.REOPENED, EventType.OFFER_REFUSED, EventType.FOLLOWED_UP)


class Loop(Life):
    """One case, a second one to merge it with, and everybody who may do something to it."""

    @initialize()
    def open(self):
        super().open()
        self.expert = make_user("solution", self.profile.profile.process.owner)
        self.approver = make_user("admin")
        self.other = make_case(at=MONDAY, topic=self.topics[0], profile=self.profile)

    def newest(self, model, **found):
        """The last row of the case that is like this, holding the case as it stands here."""
        row = model.objects.filter(case=self.case, **found).order_by("pk").last()
        if row:
            row.case = self.case
        return row

    def do_row(self, row, verb, *args, **more):
        """Try a verb on a row of the case, if there is such a row."""
        if row:
            self.do(lambda case, *a, **given: verb(row, *a, **given), *args, **more)

    def as_user(self, user, verb, *args, **more):
        usual, self.user = self.user, user
        try:
            self.do(verb, *args, **more)
        finally:
            self.user = usual

    # What is done about it

    @rule(kind=st.sampled_from(ActionKind), text=WORDS)
    def plan(self, kind, text):
        self.do(actions.plan_action, Plan(kind, text))

    @rule()
    def carry_out(self):
        self.do_row(self.newest(Action, state=ActionState.OPEN), actions.do_action, "Tutanak.")

    @rule(effect=st.sampled_from(Effect))
    def look_at_the_effect(self, effect):
        done = self.newest(Action, state=ActionState.DONE, effect="")
        self.do_row(done, actions.check_action, effect, "Ölçüldü.")

    @rule()
    def cancel_action(self):
        self.do_row(self.newest(Action, state=ActionState.OPEN), actions.cancel_action, "Gerek yok")

    # Offers

    @rule(text=WORDS, channel=st.sampled_from(["", "phone"]))
    def offer(self, text, channel):
        self.do(actions.offer, text, channel=channel)

    @rule(channel=st.sampled_from(["", "phone"]))
    def accept(self, channel):
        offer = self.newest(Offer, state=OfferState.OPEN)
        self.do_row(offer, actions.accept, channel=channel)

    @rule(channel=st.sampled_from(["", "phone"]))
    def refuse(self, channel):
        offer = self.newest(Offer, state=OfferState.OPEN)
        self.do_row(offer, actions.refuse, "Bana uymuyor.", channel=channel)

    @rule()
    def withdraw_offer(self):
        offer = self.newest(Offer, state=OfferState.OPEN)
        self.do_row(offer, actions.withdraw_offer, "Yanlıştı.")

    @rule()
    def fail_to_offer(self):
        offer = self.newest(Offer, state=OfferState.OPEN)
        self.do_row(offer, lambda row, by, **given: actions.fail_to_offer(row, **given))

    @rule()
    def refer_out(self):
        bodies = list(self.profile.profile.external.bodies)[:1]
        given = {"decision": Decision.NOT_JUSTIFIED, **self.why(Decision.NOT_JUSTIFIED)}
        said = {} if self.case.state == State.RESOLVED else given
        self.do(actions.refer_out, "Üç yol denendi.", bodies, **said)

    @rule()
    def close_as_referred(self):
        self.do(actions.close, reason=ClosingReason.REFERRED_EXTERNALLY)

    # A second pair of eyes

    @rule(decision=DECISIONS, amount=st.sampled_from([None, "5", "1000000"]))
    def decide_within_limits(self, decision, amount):
        compensation = Amount(amount) if amount else None
        more = {"compensation": compensation, **self.why(decision)}
        self.as_user(self.expert, actions.outcome, decision, "Karar.", **more)

    @rule()
    def offer_much(self):
        offer = actions.offer
        self.as_user(self.expert, offer, "Tazminat.", channel="phone", compensation=Amount(999_999))

    @rule(agrees=st.booleans(), themselves=st.booleans())
    def look_over(self, agrees, themselves):
        waiting = self.case.approvals.filter(state=ApprovalState.WAITING).first()
        if not waiting:
            return
        waiting.case = self.case
        given = {} if agrees else {"note": "Gerekçe eksik."}
        verb = actions.approve if agrees else actions.decline
        who = self.expert if themselves else self.approver
        self.as_user(who, lambda case, **more: verb(waiting, **given, **more))
        waiting.refresh_from_db()
        assert not (themselves and waiting.state in ("approved", "declined"))

    # Satisfaction

    @rule(process=st.integers(min_value=1, max_value=5), action=st.integers(1, 5))
    def answer_survey(self, process, action):
        given = Given(process, action)
        self.do(lambda case, **more: answering.answer_for(case, given, via=Channel.PHONE, **more))

    @rule(state=st.sampled_from([s for s in FollowUpState if s != FollowUpState.OPEN]))
    def follow_up(self, state):
        waiting = FollowUp.objects.filter(case=self.case, state=FollowUpState.OPEN).first()
        if not waiting:
            return
        waiting.case = self.case
        result = FollowUpResult(state, "phone", "Sonuç anlatıldı.", self.user)
        self.do(lambda case, **more: following.finish(waiting, result, **more))

    # On site

    @rule()
    def plan_visit(self):
        offered = slots.offered(self.profile.profile, self.at)
        if offered:
            where = {"address": "Çınar Sokak 12", "purpose": "Sayaca bakılacak."}
            self.do(planning.plan, offered[-1].key, **where, agreed=True)

    @rule(found=st.booleans())
    def report_visit(self, found):
        visit = self.newest(FieldVisit, state=VisitState.PLANNED)
        said = reporting.Report(mark=uuid4(), found=found, finding="Sayaç bozuk." if found else "")
        self.do_row(visit, reporting.report, said)

    @rule()
    def cancel_visit(self):
        self.do_row(self.newest(FieldVisit, state=VisitState.PLANNED), planning.cancel, "Yağmur.")

    # Other cases

    @rule(kind=st.sampled_from(LinkKind))
    def link(self, kind):
        self.do(actions.link, self.other, kind)

    @rule()
    def merge(self):
        self.do(actions.merge, self.other)

    @rule()
    def unmerge(self):
        self.do(actions.unmerge)

    # What else people and time do

    @rule(number=st.integers(min_value=0, max_value=3))
    def reclassify(self, number):
        self.do(actions.reclassify, self.topics[number % len(self.topics)])

    @rule(days=st.integers(min_value=1, max_value=9))
    def promise(self, days):
        self.do(actions.promise, self.at + timedelta(days=days), reason="Parça bekleniyor.")

    @rule()
    def told(self):
        if self.case.state == State.RESOLVED:
            self.do(lambda case, by, **more: actions.told(case, channel="sms", **more))

    @rule(days=st.integers(min_value=1, max_value=40))
    def time_passes(self, days):
        self.at += timedelta(days=days)
        for settle in (due.settle, lapsing.settle, silence.settle, reminding.settle):
            settle(self.at, 50, profile=self.profile)
        self.case = self.now()

    # What must hold

    def a_justified_complaint_is_not_closed_without_an_action(self):
        case = self.case
        if case.state == State.CLOSED and case.closing_reason == ClosingReason.RESOLVED:
            planned = Action.objects.filter(case=case, cycle=case.cycle)
            assert planned.exists() or not acting.is_needed(case, self.profile.profile)

    def who_was_referred_to_others_had_refused_something(self):
        case = self.case
        if case.closing_reason == ClosingReason.REFERRED_EXTERNALLY:
            refused = Offer.objects.filter(case=case, state=OfferState.REFUSED)
            assert case.cycle > 1 or refused.exists()
            assert has_been_told(case, self.profile.profile)
            assert case.attachments.filter(mime="application/pdf").exists()

    def a_cycle_repeats_nothing_of_an_earlier_one(self):
        for model in (Action, Offer):
            said = {}
            for row in model.objects.filter(case=self.case):
                words = "".join(c for c in row.text.lower() if c.isalnum())
                said.setdefault((words, getattr(row, "compensation", None)), set()).add(row.cycle)
            assert all(len(cycles) == 1 for cycles in said.values())

    def offers_wait_only_where_somebody_may_answer(self):
        case = self.case
        waiting = list(Offer.objects.filter(case=case, state=OfferState.OPEN))
        assert len(waiting) <= 1
        assert not waiting or case.state != State.CLOSED
        assert all(offer.cycle == case.cycle for offer in waiting)

    def nobody_approves_a_decision_of_their_own(self):
        for made in self.case.outcomes.all():
            assert made.approved_by_id is None or made.approved_by_id != made.by_id
        waiting = self.case.approvals.filter(state=ApprovalState.WAITING)
        assert not waiting.exists() or self.case.state != State.CLOSED

    def cycles_are_counted(self):
        case = self.case
        began = [
            event
            for event in case.events.filter(type__in=NEXT_CYCLE)
            if event.type != EventType.FOLLOWED_UP
            or event.details["result"] == FollowUpState.DISSATISFIED
        ]
        assert case.cycle == 1 + len(began)

    def a_merged_case_is_closed_and_leads_to_one_that_is_not_merged(self):
        case = self.case
        if case.merged_into_id:
            assert case.state == State.CLOSED
            assert not Case.objects.get(pk=case.merged_into_id).merged_into_id
            ways = Link.objects.filter(case=case, kind=LinkKind.DUPLICATE, ended_at=None)
            assert ways.count() == 1

    def every_closing_was_checked(self):
        is_checked = self.case.checks.filter(cycle=self.case.cycle).exists()
        assert is_checked == (self.case.state == State.CLOSED)

    def what_is_left_of_a_closed_case_looks_at_nothing(self):
        case = self.case
        if case.state not in OPEN_STATES:
            assert not case.clocks.filter(next_at__isnull=False).exists()
        if case.state == State.CLOSED:
            assert not case.contacts.filter(outcome=ContactOutcome.REACHED, cycle__gt=case.cycle)

    def must_hold(self):
        return [
            *super().must_hold(),
            self.a_justified_complaint_is_not_closed_without_an_action,
            self.who_was_referred_to_others_had_refused_something,
            self.a_cycle_repeats_nothing_of_an_earlier_one,
            self.offers_wait_only_where_somebody_may_answer,
            self.nobody_approves_a_decision_of_their_own,
            self.cycles_are_counted,
            self.a_merged_case_is_closed_and_leads_to_one_that_is_not_merged,
            self.every_closing_was_checked,
            self.what_is_left_of_a_closed_case_looks_at_nothing,
        ]
