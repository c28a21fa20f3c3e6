"""One task of a unit, to start, answer or send back.

The page stands alone and is short, so that a field team can use it on a phone.
"""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.models import Case, Task
from derman.cases.permissions import files_of, find_task
from derman.desk.case.part_page import PartPage
from derman.desk.chips import Chips
from derman.desk.frame import DeskRequest
from derman.desk.labels import word
from derman.desk.shown_people import Applicant
from derman.desk.verbs.form import PartForm, Scene, long_text
from derman.words.kinds import TaskState
from derman.words.life import Verb


class TaskForm(PartForm[Task]):
    """A verb of one task."""

    part_name = "task"

    @classmethod
    def suits(cls, part: Task) -> bool:
        """Whether the question still waits for its answer."""
        return part.is_open


class StartForm(TaskForm):
    noun, verb = "start", Verb.START_TASK
    title, button = gettext_lazy("Start"), gettext_lazy("Start the work")
    icon, key, done = "play", "s", gettext_lazy("The work has begun.")

    @classmethod
    def suits(cls, part: Task) -> bool:
        return part.state == TaskState.OPEN

    def do(self, data: dict[str, Any]) -> object:
        return actions.start_task(self.part, **self.scene.given)


class AnswerTaskForm(TaskForm):
    noun, verb = "answer", Verb.ANSWER_TASK
    title, button = gettext_lazy("Answer"), gettext_lazy("Send the answer")
    icon, key, done = "message-circle-reply", "e", gettext_lazy("The question is answered.")

    text = long_text(gettext_lazy("The answer"))

    def do(self, data: dict[str, Any]) -> object:
        return actions.answer_task(self.part, data["text"], **self.scene.given)


class SendBackForm(TaskForm):
    noun, verb = "return", Verb.SEND_BACK
    title, button = gettext_lazy("Send back"), gettext_lazy("Send the question back")
    icon, done = "undo-2", gettext_lazy("The question was sent back.")

    reason = long_text(gettext_lazy("Why it is not ours"), rows=3)

    def do(self, data: dict[str, Any]) -> object:
        return actions.send_back(self.part, data["reason"], **self.scene.given)


TASK_FORMS: dict[str, type[PartForm[Task]]] = {
    form.noun: form for form in (StartForm, AnswerTaskForm, SendBackForm)
}


class TaskPage(PartPage[Task]):
    """The question, the facts, the due time, and what can be done."""

    name, template = "task", "desk/task/page.html"

    def find(self, user: User, case: Case, key: UUID, verb: Verb) -> Task:
        return find_task(user, case, key, verb=verb)

    def context(self, request: DeskRequest, scene: Scene, part: Task) -> dict[str, Any]:
        case, labels = scene.case, scene.labels
        applicant = Applicant(case, request.user)
        return {
            "applicant": applicant,
            "topic": labels.topic(case.topic),
            "region": labels.region(case.region),
            "unit": labels.unit(part.unit),
            "account_label": labels.account_number,
            "state": word(TaskState, part.state),
            "chip": Chips(request.profile.profile, request.at).of_task(part),
            "description": applicant.readable(case.description),
            "question": applicant.readable(part.question),
            "answer": applicant.readable(part.answer),
            "attachments": files_of(case, request.user),
            "current": "tasks",
        }

    def after(self, form: PartForm[Task]) -> str:
        return self.address(form.part) if form.noun == "start" else reverse("desk:tasks")


PAGE = TaskPage(TASK_FORMS)
task = PAGE.view()
TASK_VIEWS = PAGE.verb_views()
