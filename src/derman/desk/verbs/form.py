"""What the forms of all verbs share: the version that was seen, and one action to call.

A form is named by the noun in its address; `offered` lists them all.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal as Amount
from functools import cache, cached_property
from typing import Any, ClassVar, Generic, TypeVar, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from derman.accounts.models import User
from derman.cases import granted
from derman.cases.models import Action, Approval, Case, Task
from derman.desk.frame import DeskRequest
from derman.desk.labels import Labels
from derman.lib import special_categories
from derman.outbox.models import Message
from derman.profile.publishing import Published
from derman.statements import kept
from derman.words.life import Verb
from derman.words.loop import ApprovalState
from derman.workplace.models import Draft

Part = TypeVar("Part", Task, Action)

LONGEST = 100_000
FLAG = "has_"  # before the key of a section, on a case that was found with them
MOST_HINTS = 3
NO_CASE = "000000000"  # where the number stands in an address
WAITS_NOW = gettext_lazy("The decision waits for a second pair of eyes.")
MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def address_of(noun: str, number: str) -> str:
    """Where the form of a verb lies, for this case."""
    return _pattern(noun).replace(NO_CASE, number, 1)


@cache
def _pattern(noun: str) -> str:
    return reverse(f"desk:{noun}", args=[NO_CASE])


@dataclass
class Scene:
    """One case in the hands of one person at one moment."""

    case: Case
    user: User
    at: datetime
    profile: Published
    labels: Labels
    tasks: list[Task]

    @classmethod
    def of(cls, request: DeskRequest, case: Case) -> "Scene":
        tasks = _tasks(case.pk)
        for task in tasks:
            task.case = case
        labels = Labels.for_reader(request.profile.profile)
        return cls(case, request.user, request.at, request.profile, labels, tasks)

    @property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.is_open]

    def has(self, key: str) -> bool:
        """Whether the case, found with the flags of all sections, has what this one shows."""
        return bool(getattr(self.case, f"{FLAG}{key}", False))

    @cached_property
    def waiting(self) -> Approval | None:
        """The decision that waits for a second pair of eyes, with the people it names."""
        found = Approval.objects.filter(case=self.case, state=ApprovalState.WAITING)
        row = found.select_related("asked_by", "decided_by").first()
        if row:
            row.case = self.case
        return row

    @cached_property
    def in_all(self) -> Amount | None:
        """What the case costs once the decision that waits is granted."""
        row = self.waiting
        return granted.in_all(self.case, row.decision, row.compensation) if row else None

    @property
    def given(self) -> dict[str, Any]:
        """What every action is told: who, when, under which profile."""
        return {"by": self.user, "at": self.at, "profile": self.profile}


@kept
def _tasks(case: UUID) -> QuerySet[Task]:
    return Task.objects.filter(case=case).select_related("answered_by").order_by("asked_at")


def long_text(
    label: Any, *, rows: int = 5, required: bool = True, prompt: Any = "", **more: Any
) -> forms.CharField:
    """Prose that is kept as it was typed."""
    area = forms.Textarea({"rows": rows, **({"placeholder": prompt} if prompt else {})})
    return forms.CharField(
        label=label, max_length=LONGEST, strip=False, required=required, widget=area, **more
    )


class VerbForm(forms.Form):
    """A verb as a form. Subclasses say what they are and call their action in `do`."""

    do_not_call_in_templates: ClassVar[bool] = True  # links to a form show its class
    noun: ClassVar[str]
    verb: ClassVar[Verb]
    title: ClassVar[Any]
    label: ClassVar[Any] = ""  # on its button, where the title is too long
    button: ClassVar[Any] = gettext_lazy("Save")
    icon: ClassVar[str] = "check"
    key: ClassVar[str] = ""
    done: ClassVar[Any] = gettext_lazy("Saved.")
    composer: ClassVar[str] = ""  # to-applicant or internal-note, where the words are the point
    body: ClassVar[str] = ""  # a template of its fields, where they do not simply follow another
    has_preview: bool = False  # of what is sent; no class variable: some say it of their case
    is_short: ClassVar[bool] = False  # stands open on the page, so its label is not seen
    has_files: ClassVar[bool] = False
    is_danger: ClassVar[bool] = False
    from_address: ClassVar[tuple[str, ...]] = ()  # fields that a link to the form may fill
    is_kept: ClassVar[bool] = True  # its prose, where it has any, until it is sent

    kept: Draft | None = None  # what the person typed before and did not send

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, scene: Scene, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{self.noun}_%s"
        super().__init__(*args, **kwargs)
        self.scene = scene
        self.prepare()
        for field in self.fields.values():
            field.error_messages["required"] = _what_to_do(field)

    @classmethod
    def fits(cls, scene: Scene) -> bool:
        """Whether what there is on the case gives the verb something to do."""
        return True

    def prepare(self) -> None:
        """Choices and first values that depend on the case."""

    def offer(self, name: str, choices: Sequence[Any]) -> None:
        """Set what a field may be."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def do(self, data: dict[str, Any]) -> object:
        """Call the action of this verb."""
        raise TypeError(f"{type(self).__name__} says nothing of its action")

    @property
    def draft_name(self) -> str:
        """Under which its words are kept, among those of its case."""
        return self.noun

    def said(self, made: object) -> Any:
        """What is told once it is done; `made` is what `do` has returned."""
        return WAITS_NOW if isinstance(made, Approval) else self.done

    def intro(self) -> str:
        """What will happen, above the fields."""
        return ""

    def previews(self) -> list[Message]:
        """What would be sent with what the form holds now."""
        return []

    @property
    def is_ready(self) -> bool:
        """Whether enough is said for a preview to mean something."""
        return bool(self.typed("text").strip())

    @property
    def case(self) -> Case:
        return self.scene.case

    def typed(self, name: str) -> str:
        """What a field holds at the moment, checked or not."""
        value = (
            self.data.get(name)
            if self.is_bound
            else self.get_initial_for_field(self.fields[name], name)
        )
        return str(value or "")

    def chosen(self, name: str) -> str:
        """What a field of choices holds at the moment; "" where that is none of them."""
        typed = self.typed(name)
        return typed if cast("forms.ChoiceField", self.fields[name]).valid_value(typed) else ""

    @property
    def long_texts(self) -> list[str]:
        """The fields that hold prose."""
        fields = self.fields.items()
        return [name for name, field in fields if isinstance(field.widget, forms.Textarea)]

    @property
    def keeps_words(self) -> bool:
        """Whether what is typed is worth keeping until it is sent."""
        return self.is_kept and bool(self.long_texts) and not self.has_files

    def hints(self) -> list[str]:
        """Words that may tell something sensitive (threats P2): a reason to look again."""
        names = [name for name in ("text", "note", "question", "reason") if name in self.fields]
        return sensitive_words(" ".join(self.typed(name) for name in names), self.case.language)


class PartForm(VerbForm, Generic[Part]):
    """A verb of one part of a case, a task or an action; which one comes from the address."""

    part_name: ClassVar[str]
    part: Part

    @property
    def draft_name(self) -> str:
        """Under which its words are kept: a case may have several parts of a kind."""
        return f"{self.part_name}-{self.part.pk}-{self.noun}"

    @classmethod
    @abstractmethod
    def suits(cls, part: Part) -> bool:
        """Whether there is still something for the verb to do."""


def _what_to_do(field: forms.Field) -> str:
    if isinstance(field, forms.ChoiceField):
        return _("Choose one of these.")
    if isinstance(field, forms.FileField):
        return _("Choose a file.")
    if isinstance(field, forms.DateTimeField):
        return _("Enter a day and a time.")
    return _("Enter a text.")


def sensitive_words(text: str, language: str) -> list[str]:
    """The first few words of a text that may tell something sensitive, as they were written."""
    hits = special_categories.find(text, language)
    return list(dict.fromkeys(text[hit.start : hit.end] for hit in hits))[:MOST_HINTS]
