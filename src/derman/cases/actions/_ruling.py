"""What is decided on a case, and whether it can be decided so."""

from dataclasses import dataclass
from decimal import Decimal as Amount
from typing import Literal, TypedDict

from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.actions._core import CannotDo, check_text
from derman.cases.actions.remedies import Plan
from derman.cases.models import Case
from derman.profile.schema import Profile
from derman.words.kinds import Decision

LARGEST = Amount(10) ** 10  # the column holds twelve digits, two of them after the point
SMALLEST = Amount("0.01")


class Grounds(TypedDict, total=False):
    """What may stand beside a decision: why, on what it rests, what is paid, what is done first."""

    reason_code: str
    evidence: str
    compensation: Amount | None
    plan: Plan | None


@dataclass(frozen=True)
class Ruling:
    """A decision with its reasons; `text` is what the applicant reads, `evidence` only staff."""

    decision: Decision | Literal[""]  # "" for an offer, which decides nothing yet
    text: str
    reason_code: str = ""
    evidence: str = ""
    compensation: Amount | None = None
    approved_by: User | None = None

    @classmethod
    def of(cls, decision: Decision, text: str, more: Grounds) -> "Ruling":
        """The decision with its grounds, without what is planned beside it."""
        return cls(
            decision,
            text,
            more.get("reason_code", ""),
            more.get("evidence", ""),
            more.get("compensation"),
        )

    def check(self, case: Case, profile: Profile) -> None:
        """Refuse what cannot be written or does not fit together."""
        check_text(self.text)
        if self.evidence:
            check_text(self.evidence, field="evidence")
        if self.reason_code and not self._reason_fits(case, profile):
            raise CannotDo(
                _("Choose a reason that fits the decision."),
                code="unknown_reason",
                field="reason_code",
            )
        check_amount(self.compensation)

    def _reason_fits(self, case: Case, profile: Profile) -> bool:
        reason = profile.decisions.reasons.get(self.reason_code)
        return reason is not None and reason.fits(self.decision, case.topic)


def check_amount(amount: Amount | None) -> None:
    """Refuse an amount that is no money: under a hundredth, or more than the books hold."""
    if amount is None:
        return
    is_money = amount.is_finite() and SMALLEST <= amount < LARGEST
    if not is_money or amount != round(amount, 2):
        raise CannotDo(
            _("Enter an amount with at most two decimals."), code="amount", field="compensation"
        )
