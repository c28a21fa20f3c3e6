"""Every verb of the case page, and which of them a person is offered on a case as it stands.

The next one is filled and first; one that the rights or the state forbid is not shown.
"""

from dataclasses import dataclass

from derman.accounts import rights
from derman.cases.models import Case, Task
from derman.cases.permissions import is_left_to
from derman.desk.verbs.acting import PlanActionForm
from derman.desk.verbs.approving import WAITS, ApprovalForm
from derman.desk.verbs.attachments import AttachForm
from derman.desk.verbs.concluding import AnswerForm, OutcomeForm
from derman.desk.verbs.deciding import (
    AssignmentForm,
    ClosureForm,
    EarlyClosureForm,
    ReferralForm,
    ReopeningForm,
    TakeBackForm,
    TakeForm,
    TopicForm,
)
from derman.desk.verbs.following import FollowUpForm, SurveyForm
from derman.desk.verbs.form import Scene, VerbForm
from derman.desk.verbs.linking import LinkForm, MergeForm, PartForm, UnlinkForm
from derman.desk.verbs.offering import (
    ACCEPTED_OFFER,
    LAPSED_OFFER,
    OPEN_OFFER,
    AcceptanceForm,
    ExternalReferralForm,
    OfferForm,
    RefusalForm,
    WithdrawalForm,
)
from derman.desk.verbs.snooze import SnoozeForm, WakeForm
from derman.desk.verbs.tagging import TagsForm
from derman.desk.verbs.talking import (
    AskForm,
    ContactForm,
    HearingForm,
    NoteForm,
    PromiseForm,
    ReplyForm,
)
from derman.desk.verbs.visiting import CancelVisitForm, MoveVisitForm, PlanVisitForm
from derman.words.kinds import TaskState
from derman.words.life import State, Verb, is_possible

# In the order in which they stand on the page.
FORMS: dict[str, type[VerbForm]] = {
    form.noun: form
    for form in (
        ApprovalForm,
        FollowUpForm,
        ContactForm,
        ReferralForm,
        AnswerForm,
        OutcomeForm,
        AskForm,
        HearingForm,
        OfferForm,
        AcceptanceForm,
        RefusalForm,
        WithdrawalForm,
        ExternalReferralForm,
        PlanActionForm,
        ClosureForm,
        ReopeningForm,
        SurveyForm,
        TakeForm,
        PromiseForm,
        AssignmentForm,
        TopicForm,
        TakeBackForm,
        TagsForm,
        PlanVisitForm,
        MoveVisitForm,
        CancelVisitForm,
        SnoozeForm,
        WakeForm,
        AttachForm,
        LinkForm,
        UnlinkForm,
        MergeForm,
        PartForm,
        EarlyClosureForm,
        ReplyForm,
        NoteForm,
    )
}
COMPOSERS = ("replies", "notes")
BESIDE = ("outcome", "closure", "referrals", "answer", "contacts", "questions", "reopening")
# What comes next in each state; the first that is offered is the one that is filled.
NEXT = {
    State.RECEIVED: ("referrals", "answer", "ownership"),
    State.IN_REVIEW: ("referrals", "answer"),
    State.REFERRED: (),
    State.ANSWERED: ("contacts", "outcome"),
    State.AWAITING_APPLICANT: ("hearing",),
    State.RESOLVED: ("follow-up", "closure", "contacts"),
    State.CLOSED: ("follow-up",),
}


@dataclass(frozen=True)
class Offered:
    """The verbs of a case for one person: the next, those beside it, the rest."""

    next: type[VerbForm] | None
    beside: list[type[VerbForm]]
    more: list[type[VerbForm]]
    composers: frozenset[str]
    task: Task | None = None  # the own unit's task that comes next


def offered(scene: Scene) -> Offered:
    """What this person may do to this case now."""
    allowed = [form for form in FORMS.values() if is_offered(form, scene)]
    by_noun = {form.noun: form for form in allowed}
    task = next_task(scene)
    first = None if task else next((by_noun[n] for n in _next(scene) if n in by_noun), None)
    rest = [form for form in allowed if form is not first and form.noun not in COMPOSERS]
    return Offered(
        next=first,
        beside=[by_noun[noun] for noun in BESIDE if noun in by_noun and by_noun[noun] in rest],
        more=[form for form in rest if form.noun not in BESIDE],
        composers=frozenset(noun for noun in COMPOSERS if noun in by_noun),
        task=task,
    )


def may_on(scene: Scene, verb: Verb) -> bool:
    """Whether the person may use the verb on this very case."""
    if rights.sees_all(scene.user, verb):
        return True
    case = scene.case
    if case.office in rights.offices_for(scene.user, verb):
        return True
    if case.owner_user_id in scene.user.stands_in_for and rights.may(scene.user, verb):
        return True
    units = rights.units_for(scene.user, verb)
    concerned = {case.owner_unit, case.inform_unit, case.unit}
    concerned |= {task.unit for task in scene.open_tasks}
    return "" in units or bool(units & (concerned - {""}))


def is_offered(form: type[VerbForm], scene: Scene) -> bool:
    """Whether rights, state and what has happened so far allow it."""
    if not may_on(scene, form.verb):
        return False
    if not is_left_to(scene.user, form.verb, scene.profile.profile) or not form.fits(scene):
        return False
    state = State(scene.case.state)
    if form.verb == Verb.HEAR:
        return state != State.CLOSED
    if not is_possible(form.verb, state):
        return False
    if form.verb == Verb.OUTCOME and state == State.REFERRED:
        return _informs_itself(scene)
    if form.verb in (Verb.SNOOZE, Verb.WAKE):
        return _is_asleep(scene) is (form.verb == Verb.WAKE)
    return True


def next_task(scene: Scene) -> Task | None:
    """A task that waits for the person's own unit."""
    own = rights.own_units(scene.user)
    if not rights.may(scene.user, Verb.ANSWER_TASK):
        return None
    return next((task for task in scene.open_tasks if task.unit in own), None)


def can_start(task: Task, scene: Scene) -> bool:
    """Whether work on it has yet to begin."""
    return task.state == TaskState.OPEN and may_on(scene, Verb.START_TASK)


def owes_call(case: Case) -> bool:
    """Whether somebody has to call because no message told what there is to tell."""
    return bool(case.inform_unit) and case.state != State.ANSWERED


def _informs_itself(scene: Scene) -> bool:
    """Where the unit informs, telling the result is its answer (row G17)."""
    waiting = scene.open_tasks
    own = rights.own_units(scene.user)
    if scene.profile.profile.process.informs != "unit" or len(waiting) != 1:
        return False
    return waiting[0].unit in own or rights.sees_all(scene.user, Verb.TAKE_BACK)


def _is_asleep(scene: Scene) -> bool:
    until = scene.case.snoozed_until
    return until is not None and until > scene.at


def _next(scene: Scene) -> tuple[str, ...]:
    case = scene.case
    order = NEXT[State(case.state)]
    if scene.has(WAITS):
        return ("approval", *order)
    reached = any(
        contact.outcome == "reached" and contact.concludes and contact.cycle == case.cycle
        for contact in case.contacts.all()
    )
    if PlanActionForm.is_owed(scene):
        return ("actions",)
    if owes_call(case):
        return ("contacts", *order)
    if case.state == State.ANSWERED and reached:
        return ("outcome",)
    if case.state in (State.RECEIVED, State.IN_REVIEW):
        return _next_in_review(scene, order)
    return order


def _next_in_review(scene: Scene, order: tuple[str, ...]) -> tuple[str, ...]:
    case = scene.case
    if scene.has(ACCEPTED_OFFER):
        return ("outcome",)
    if scene.has(OPEN_OFFER):
        return ()  # the applicant answers first
    if scene.has(LAPSED_OFFER):
        return ("contacts",)
    if any(t.state == TaskState.ANSWERED and t.cycle == case.cycle for t in scene.tasks):
        return ("outcome", "referrals")
    topic = scene.profile.profile.topic(case.topic)
    if topic and not topic.unit_for(case.region):
        return ("answer", "referrals", "ownership")
    return order
