"""What did not satisfy once is not tried again: no action or offer of an earlier cycle returns."""

from decimal import Decimal as Amount

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from derman.cases import unsettled
from derman.cases.actions._core import CannotDo
from derman.cases.models import Action, Case, Offer
from derman.lib import turkish
from derman.words.kinds import Decision
from derman.words.loop import Effect


def check_differs(case: Case, text: str, *, field: str = "text") -> None:
    """Refuse the words of an action or offer of an earlier cycle, or of one without effect."""
    _refuse_tried(case, text, Offer.objects.filter(case=case, cycle__lt=case.cycle), field)


def check_offer_differs(case: Case, text: str, compensation: Amount | None) -> None:
    """The same of an offer; with another amount the words of an earlier offer say something new."""
    earlier = Offer.objects.filter(case=case, cycle__lt=case.cycle, compensation=compensation)
    _refuse_tried(case, text, earlier, "text")


def _refuse_tried(case: Case, text: str, offered: QuerySet[Offer], field: str) -> None:
    earlier = Action.objects.filter(case=case, cycle__lt=case.cycle)
    without_effect = Action.objects.filter(case=case, effect=Effect.NOT_EFFECTIVE)
    rows = earlier.values_list("text"), without_effect.values_list("text")
    tried = {wording(said) for (said,) in offered.values_list("text").union(*rows)}
    if wording(text) in tried:
        raise CannotDo(
            _("This was tried before and did not settle it. Plan or offer something else."),
            code="same_as_before",
            field=field,
        )


def check_something_new(case: Case, decision: str, *, is_planned: bool = False) -> None:
    """Refuse to find a complaint justified again with nothing new (row C11).

    While the applicant is not satisfied, an action or offer of this cycle has to stand;
    `is_planned` says that one comes with the decision.
    """
    if is_planned or decision not in (Decision.JUSTIFIED, Decision.PARTLY):
        return
    if unsettled.owes_something_new(case):
        raise CannotDo(
            _("Plan another action or offer something else first: the applicant is not satisfied."),
            code="nothing_new",
            field="action_text",
        )


def wording(text: str) -> str:
    """A text without case, marks and spaces that make no difference."""
    return " ".join(turkish.fold(token) for token in turkish.tokens(text))
