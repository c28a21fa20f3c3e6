"""What is decided on a case, and whether it can be decided so."""

from dataclasses import dataclass
from decimal import Decimal as Amount
from typing import Literal, TypedDict

from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.actions._core import Act, CannotDo, check_text
from derman.cases.actions.remedies import Plan
from derman.cases.models import Case
from derman.words.kinds import Decision, Kind

LARGEST = Amount(10) ** 10  # the column holds twelve digits, two of them after the point
SMALLEST = Amount("0.01")


class Why(TypedDict, total=False):
    """Why it was decided so, and what that rests on."""

    reason_code: str
    evidence: str


class Grounds(Why, total=False):
    """What may stand beside a decision: why, what is paid, what is done first."""

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

    def check(self, case: Case, act: Act) -> None:
        """Refuse what cannot be written or does not fit together."""
        check_text(self.text)
        if self.evidence:
            check_text(self.evidence, field="evidence")
        if fault := self.fault(case, act):
            raise fault
        check_amount(self.compensation)

    def fault(self, case: Case, act: Act) -> CannotDo | None:
        """What is wrong with the grounds by the profile, or missing there.

        Another system may leave the reason out: it knows no keys of ours (`design.md` §9).
        """
        said = act.profile.profile.decisions
        fitting = said.fitting(self.decision, case.topic)
        if self.reason_code and self.reason_code not in fitting:
            message = _("Choose a reason that fits the decision.")
            return CannotDo(message, code="unknown_reason", field="reason_code")
        if self.reason_code and fitting[self.reason_code].needs_evidence:
            if not self.evidence.strip():
                message = _("Write what the decision rests on: this reason needs it.")
                return CannotDo(message, code="no_evidence", field="evidence")
        elif said.asks_reason and fitting and self._is_owed_a_reason(case, act.by):
            message = _("Choose why it was decided so.")
            return CannotDo(message, code="no_reason", field="reason_code")
        return None

    def _is_owed_a_reason(self, case: Case, by: User | None) -> bool:
        is_judged = self.decision not in ("", Decision.NOT_APPLICABLE)
        is_staff = by is not None and not by.is_service
        return is_judged and is_staff and case.kind == Kind.COMPLAINT and not self.reason_code


def check_amount(amount: Amount | None) -> None:
    """Refuse an amount that is no money: under a hundredth, or more than the books hold."""
    if amount is None:
        return
    is_money = amount.is_finite() and SMALLEST <= amount < LARGEST
    if not is_money or amount != round(amount, 2):
        raise CannotDo(
            _("Enter an amount with at most two decimals."), code="amount", field="compensation"
        )
