"""What follows an answer in a demo's history: actions, offers, visits, surveys, follow-ups."""

from datetime import datetime, timedelta
from uuid import uuid5

from derman.accounts.models import User
from derman.cases import actions, escalating
from derman.cases.actions import CannotDo, FollowUpResult
from derman.cases.models import Action, Offer
from derman.cases.proof import has_been_told
from derman.demo.teller import Teller
from derman.quality import answering, asking, following
from derman.quality.answering import Given
from derman.quality.models import FollowUp, Survey
from derman.visits import planning, reporting, slots
from derman.visits.models import FieldVisit
from derman.words.events import EventType
from derman.words.kinds import Channel
from derman.words.life import State
from derman.words.loop import (
    ActionKind,
    ActionState,
    Effect,
    FollowUpState,
    OfferState,
    SurveyState,
    VisitState,
)
from derman.words.rights import Role

A_WEEK = timedelta(days=7)
CALLED = 0.9  # the share of people who were called a week after they were not satisfied
LEFT_UNCHECKED = 0.3  # of the actions whose effect could be looked at
SEEN = 0.95  # the share of older escalations that somebody has looked at
ANSWERS = 0.6  # the share of people who answer a survey
SATISFIED = 0.85  # of those


class Solving(Teller):
    """The part of a story in which something is done, and somebody says whether it helped."""

    # Actions

    def check_effects(self) -> None:
        """Of what was done long ago, most helped."""
        done = Action.objects.filter(case=self.case, state=ActionState.DONE, effect="")
        for action in done.exclude(kind=ActionKind.REMEDY).order_by("planned_at", "text"):
            action.case = self.case
            self._check(action)

    def _check(self, action: Action) -> None:
        if action.check_at is None or action.check_at >= self.world.hours.end:
            return
        if self.random.random() < LEFT_UNCHECKED:
            return
        self.pass_until(action.check_at)
        helped = self.random.random() < 0.9
        actions.check_action(
            action,
            Effect.EFFECTIVE if helped else Effect.NOT_EFFECTIVE,
            self._internal("effects" if helped else "no_effects"),
            by=self._pick(Role.QUALITY),
            at=action.check_at,
            profile=self._profile,
        )

    def _doer(self, unit: str) -> User:
        crew = [p for p in self.world.cast.posts if p.role == Role.UNIT and p.unit == unit]
        return self.random.choice(crew).user if crew else self._owner()

    # Offers

    def offer_by_call(self) -> None:
        self._offer("phone")

    def offer_by_link(self) -> None:
        """By a link where there is an address for it, else on the phone."""
        try:
            self._offer("")
        except CannotDo:
            self._offer("phone")

    def _offer(self, channel: str) -> None:
        text = self.world.texts.outward("offers", self.case.language, self.turn + self.case.cycle)
        actions.offer(
            self.case,
            text,
            by=self._owner(),
            at=self._later(0.2, 2),
            profile=self._profile,
            channel=channel,
        )

    def accept(self) -> None:
        offer = self._waiting_offer()
        actions.accept(offer, by=None, at=self._later(1, 8), profile=self._profile)

    def refuse(self) -> None:
        """With a word why: the next cycle begins."""
        offer, by = self._waiting_offer(), self._pick(Role.AGENT)
        reason = self._outward("offers_refused")
        actions.refuse(offer, reason, by=by, at=self._later(1, 8), profile=self._profile)

    def _waiting_offer(self) -> Offer:
        offer = Offer.objects.get(case=self.case, state=OfferState.OPEN)
        offer.case = self.case
        return offer

    # On site

    def plan_visit(self) -> None:
        """In the first slot that has a place, where the organisation sends teams."""
        profile = self._profile.profile
        at = self._later(0.1, 1)
        free = [slot for slot in slots.offered(profile, at) if slot.free]
        own = [slot for slot in free if slot.unit == self.case.unit]
        if free:
            planning.plan(
                self.case,
                (own or free)[0].key,
                address=self.case.place or self._address(),
                purpose=self._internal("visit_purposes"),
                by=self._owner(),
                at=at,
                profile=self._profile,
            )

    def _address(self) -> str:
        account, places = self.case.account, self.world.texts.people["addresses"]
        return account.address if account else f"{places['streets'][0]} 7, {places['city']}"

    def visit(self) -> None:
        """The team was there: its finding answers the task where it has one."""
        found = FieldVisit.objects.filter(case=self.case, state=VisitState.PLANNED).first()
        if found is None or found.ends_at >= self.world.hours.end:
            return
        found.case = self.case
        self._reach(found.begins_at + timedelta(minutes=40))
        by = self._doer(found.unit)
        mark = reporting.Report(
            mark=uuid5(found.pk, "report"), found=True, finding=self._internal("findings")
        )
        reporting.report(found, mark, by=by, at=self.at, profile=self._profile)
        self.case.refresh_from_db()

    # Satisfaction

    def plan_survey(self) -> None:
        """What the worker would have planned when the case was resolved."""
        resolved = self.case.events.filter(type=EventType.RESOLVED).order_by("id").last()
        if resolved:
            resolved.case = self.case
            asking.plan([resolved], profile=self._profile)

    def rate(self) -> None:
        """Some answer the survey; few of them are not satisfied, and are called."""
        if self.random.random() < ANSWERS:
            self._answer(satisfied=self.random.random() < SATISFIED)

    def rate_badly(self) -> None:
        self._answer(satisfied=False)

    def _answer(self, *, satisfied: bool) -> None:
        survey = self._asked()
        if survey is None or survey.asked_at is None:
            return
        at = survey.asked_at + timedelta(hours=self.random.uniform(0.5, 40))
        if at >= self.world.hours.end:
            return
        survey.case = self.case
        self.at = max(at, self.at)
        best, worst = (5, 4) if satisfied else (2, 1)
        process, action = self.random.randint(worst, best), self.random.randint(worst, best)
        text = self._outward("survey_good" if satisfied else "survey_bad")
        given = Given(process, action, *self._more(satisfied=satisfied), text=text)
        answering.answer(survey, given, via=Channel.WEB, at=self.at, profile=self._profile)

    def _more(self, *, satisfied: bool) -> tuple[int | None, int | None]:
        """How gladly they recommend us, and how easy it was, where that is asked."""
        rules = self._profile.profile.survey
        nps = self.random.randint(8, 10) if satisfied else self.random.randint(1, 6)
        ces = self.random.randint(5, 7) if satisfied else self.random.randint(1, 4)
        return (nps if rules.nps else None), (ces if rules.ces else None)

    def _asked(self) -> Survey | None:
        """The survey of this cycle, once it was sent."""
        if self.case.state != State.RESOLVED or not has_been_told(self.case, self._profile.profile):
            return None
        wait = timedelta(hours=self._profile.profile.survey.wait_hours)
        self.pass_until(min(self.at + wait, self.world.hours.end))
        rows = Survey.objects.filter(case=self.case, cycle=self.case.cycle)
        return rows.filter(state=SurveyState.ASKED).first()

    def follow_up(self) -> None:
        """The results are shared, and that is enough."""
        self._follow_up(FollowUpState.SATISFIED, "follow_up_good")

    def follow_up_in_vain(self) -> None:
        """Sharing the results is not enough: the next cycle has a named owner."""
        self._follow_up(FollowUpState.DISSATISFIED, "follow_up_bad")

    def call_the_dissatisfied(self) -> None:
        """Whoever was not satisfied a week ago has mostly been called since."""
        waits = FollowUp.objects.filter(case=self.case, state=FollowUpState.OPEN).exists()
        is_old = self.world.hours.end - self.at > A_WEEK
        if waits and is_old and self.random.random() < CALLED:
            self.follow_up()

    def _follow_up(self, state: FollowUpState, words: str) -> None:
        waiting = FollowUp.objects.filter(case=self.case, state=FollowUpState.OPEN).first()
        if waiting is None:
            return
        waiting.case = self.case
        result = FollowUpResult(state, "phone", self._internal(words), self._owner())
        following.finish(
            waiting, result, by=self._owner(), at=self._later(1, 8), profile=self._profile
        )

    # Looking after it

    def look_at_escalations(self) -> None:
        """What was raised before yesterday has mostly been seen."""
        seen_before = self.world.hours.end - timedelta(days=1)
        unseen = self.case.escalations.filter(seen_at=None, at__lt=seen_before)
        for one in unseen.order_by("at", "level", "clock__kind", "clock__started_at"):
            if self.random.random() < SEEN:
                one.case = self.case
                at = one.at + timedelta(hours=self.random.uniform(0.2, 5))
                at = max(at, self._last_event_at())
                by = self._pick(Role.SUPERVISOR)
                escalating.see(one, by=by, at=at, profile=self._profile)

    def _last_event_at(self) -> datetime:
        """History is told in order: what comes to be known late happened no earlier."""
        return self.case.events.order_by("-id").values_list("at", flat=True)[0]
