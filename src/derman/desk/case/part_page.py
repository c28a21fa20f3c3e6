"""The page of one part of a case, a task or an action: what may be done with it, and doing it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Generic
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from derman.accounts.models import User
from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_case
from derman.desk import frame
from derman.desk.case.cases import CONFLICT, INVALID
from derman.desk.frame import DeskRequest, go
from derman.desk.verbs import drafts
from derman.desk.verbs.form import Part, PartForm, Scene
from derman.desk.verbs.offered import may_on
from derman.words.life import State, Verb, is_possible
from derman.workplace.drafts import of_case

View = Callable[..., HttpResponse]


Forms = dict[str, PartForm[Part]]  # by noun: the verbs that somebody may use on the part now


class PartPage(ABC, Generic[Part]):
    """How one kind of part is found and drawn, and where its verbs lead."""

    name: ClassVar[str]  # of its addresses: `desk:<name>` with `<name>_id`, `desk:<name>_<noun>`
    template: ClassVar[str]

    def __init__(self, forms: dict[str, type[PartForm[Part]]]):
        self._forms: dict[str, type[PartForm[Part]]] = forms

    @abstractmethod
    def find(self, user: User, case: Case, key: UUID, verb: Verb) -> Part:
        """The part, if this person may use the verb on it."""

    def may(self, scene: Scene, part: Part, verb: Verb) -> bool:
        """Whether this person may use the verb on it, as far as rights go."""
        return may_on(scene, verb)

    @abstractmethod
    def context(self, request: DeskRequest, scene: Scene, part: Part) -> dict[str, Any]:
        """What its template shows beside the forms."""

    def after(self, form: PartForm[Part]) -> str:
        """The address of what follows a verb that was carried out."""
        return self.address(form.part)

    def address(self, part: Part) -> str:
        """Where its page lies."""
        return reverse(f"desk:{self.name}", args=[part.case.number, part.pk])

    # Views

    def view(self) -> View:
        """The part, and what this person may do with it."""

        @never_cache
        @require_GET
        @frame.page(verb=Verb.READ)
        def shown(request: DeskRequest, number: str, **key: UUID) -> HttpResponse:
            scene, part = self._find(request, number, key, Verb.READ)
            return self._draw(request, scene, part, self._offered(scene, part))

        return shown

    def verb_views(self) -> dict[str, View]:
        """The views of its verbs, by noun."""
        return {noun: self._verb_view(form_class) for noun, form_class in self._forms.items()}

    def _verb_view(self, form_class: type[PartForm[Part]]) -> View:
        @never_cache
        @require_http_methods(["GET", "POST"])
        @frame.page(verb=form_class.verb)
        def used(request: DeskRequest, number: str, **key: UUID) -> HttpResponse:
            scene, part = self._find(request, number, key, form_class.verb)
            forms = self._offered(scene, part)
            if request.method == "GET":
                return self._draw(request, scene, part, forms)
            form = form_class(request.POST, scene=scene)
            form.part = part
            forms[form.noun] = form
            if drafts.is_meant(request, form):
                return drafts.answer(request, form, self.address(part))
            return self._use(request, form, forms)

        return used

    def _find(
        self, request: DeskRequest, number: str, key: dict[str, UUID], verb: Verb
    ) -> tuple[Scene, Part]:
        case = find_case(request.user, number, verb=verb, what=self.name, at=request.at)
        part = self.find(request.user, case, key[f"{self.name}_id"], verb)
        return Scene.of(request, case), part

    def _offered(self, scene: Scene, part: Part) -> Forms[Part]:
        """The forms as they are first shown, with what was kept of them."""
        fitting = [one for one in self._forms.values() if self._fits(one, scene, part)]
        kept = of_case(scene.user, scene.case.pk) if fitting else {}
        forms = {}
        for form_class in fitting:
            form = form_class(scene=scene, initial={"version": scene.case.version})
            form.part = part
            form.kept = kept.get(form.draft_name)
            form.initial.update(drafts.initial(form.kept))
            forms[form.noun] = form
        return forms

    def _fits(self, form_class: type[PartForm[Part]], scene: Scene, part: Part) -> bool:
        verb = form_class.verb
        is_due = form_class.suits(part) and is_possible(verb, State(scene.case.state))
        return is_due and self.may(scene, part, verb)

    def _use(self, request: DeskRequest, form: PartForm[Part], forms: Forms[Part]) -> HttpResponse:
        scene, part = form.scene, form.part
        if not form.is_valid():
            return self._draw(request, scene, part, forms, status=INVALID)
        data = dict(form.cleaned_data)
        version, _seen = data.pop("version"), data.pop("seen")
        try:
            if version != scene.case.version:
                raise actions.OldVersion(_("Somebody else has just changed this case."))
            form.do(data)
        except actions.OldVersion as reason:
            form.add_error(None, str(reason))
            return self._draw(request, scene, part, forms, status=CONFLICT)
        except actions.CannotDo as reason:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
            part.refresh_from_db()
            return self._draw(request, scene, part, forms, status=INVALID)
        drafts.forget(form)
        messages.success(request, str(form.done))
        return go(request, self.after(form))

    def _draw(
        self,
        request: DeskRequest,
        scene: Scene,
        part: Part,
        forms: Forms[Part],
        *,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "case": scene.case,
            self.name: part,
            "forms": {noun: forms[noun] for noun in self._forms if noun in forms},
            "form": next((form for form in forms.values() if form.is_bound), None),
            "latest": scene.case.version,
            "is_conflict": status == CONFLICT,
            **self.context(request, scene, part),
        }
        return frame.render(request, self.template, context, status)
