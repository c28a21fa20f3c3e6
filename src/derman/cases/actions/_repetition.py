"""What did not satisfy once is not tried again: no action or offer of an earlier cycle returns."""

from django.utils.translation import gettext as _

from derman.cases.actions._core import CannotDo
from derman.cases.models import Action, Case, Offer
from derman.lib import turkish
from derman.words.loop import Effect


def check_differs(case: Case, text: str, *, field: str = "text") -> None:
    """Refuse the words of an action or offer of an earlier cycle, or of one without effect."""
    if wording(text) in _tried(case):
        raise CannotDo(
            _("This was tried before and did not settle it. Plan or offer something else."),
            code="same_as_before",
            field=field,
        )


def wording(text: str) -> str:
    """A text without case, marks and spaces that make no difference."""
    return " ".join(turkish.fold(token) for token in turkish.tokens(text))


def _tried(case: Case) -> set[str]:
    earlier = Action.objects.filter(case=case, cycle__lt=case.cycle)
    without_effect = Action.objects.filter(case=case, effect=Effect.NOT_EFFECTIVE)
    offered = Offer.objects.filter(case=case, cycle__lt=case.cycle)
    said = (rows.values_list("text", flat=True) for rows in (earlier, without_effect, offered))
    return {wording(text) for texts in said for text in texts}
