"""Two customers side by side, masked: what each says, what would move, what they disagree on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from derman.cases import actions
from derman.desk.customers.lookup import Candidate
from derman.desk.labels import word
from derman.desk.shown_people import masked_point
from derman.lib import masks
from derman.people import merging
from derman.people.models import ContactKind, Customer, CustomerKind
from derman.words.kinds import ContactState, Language, Relation

KINDS = {
    CustomerKind.PERSON: gettext_lazy("Person"),
    CustomerKind.ORGANISATION: gettext_lazy("Organisation"),
}
FILLED = {
    "name": gettext_lazy("name"),
    "tckn": gettext_lazy("identity number"),
    "vkn": gettext_lazy("tax number"),
    "language": gettext_lazy("language"),
}


@dataclass(frozen=True)
class Line:
    """One thing that is on file about both; `differs` where only one can be true."""

    label: str
    kept: list[str]
    other: list[str]
    differs: bool = False


class Comparison:
    """What merging `other` into `kept` would mean; nothing is written."""

    def __init__(self, kept: Candidate, other: Candidate) -> None:
        self.kept, self.other = kept.customer, other.customer

    @cached_property
    def moved(self) -> merging.Moved:
        return merging.plan(self.kept, self.other)

    @cached_property
    def conflicts(self) -> list[str]:
        return merging.conflicts(self.kept, self.other)

    @property
    def lines(self) -> list[Line]:
        """Everything that is compared, in the order in which people are recognised."""
        shown: list[tuple[str, str, Callable[[Customer], list[str]]]] = [
            ("name", _("Name"), lambda one: [one.name]),
            ("kind", _("Kind"), lambda one: [str(KINDS[CustomerKind(one.kind)])]),
            ("tckn", _("Identity number (TCKN)"), lambda one: [masks.mask_tckn(one.tckn or "")]),
            ("vkn", _("Tax number (VKN)"), lambda one: [masks.mask_tckn(one.vkn or "")]),
            ("reference", _("Number in another system"), lambda one: [one.reference or ""]),
            ("language", _("Language"), lambda one: [word(Language, one.language)]),
            ("phone", _("Phone"), lambda one: _points(one, ContactKind.PHONE)),
            ("email", _("E-mail"), lambda one: _points(one, ContactKind.EMAIL)),
            ("address", _("Address"), lambda one: _points(one, ContactKind.ADDRESS)),
            ("accounts", _("Accounts"), _accounts),
            ("cases", _("Cases"), lambda one: [str(self._cases(one))]),
        ]
        lines = [
            Line(label, _some(read(self.kept)), _some(read(self.other)), key in self.conflicts)
            for key, label, read in shown
        ]
        return [line for line in lines if line.kept or line.other]

    @property
    def consequences(self) -> list[str]:
        """What will happen, in sentences."""
        cases, moved = self._cases(self.other), self.moved
        counted = [
            (cases, ngettext("%(n)d case moves.", "%(n)d cases move.", cases)),
            (
                len(moved.points),
                ngettext("%(n)d contact moves.", "%(n)d contacts move.", len(moved.points)),
            ),
            (
                len(moved.holdings),
                ngettext("%(n)d account moves.", "%(n)d accounts move.", len(moved.holdings)),
            ),
        ]
        said = [sentence % {"n": n} for n, sentence in counted if n]
        filled = [str(FILLED[name]) for name in moved.filled]
        if filled:
            said.append(_("Filled in from the other row: %(what)s.") % {"what": ", ".join(filled)})
        return said

    def _cases(self, customer: Customer) -> int:
        return len({key for keys in actions.cases_of(customer).values() for key in keys})


def _some(values: list[str]) -> list[str]:
    return [value for value in values if value]


def _points(customer: Customer, kind: ContactKind) -> list[str]:
    points = [point for point in customer.contact_points.all() if point.kind == kind]
    return [f"{masked_point(point)} · {word(ContactState, point.state)}" for point in points]


def _accounts(customer: Customer) -> list[str]:
    ended = _("ended")
    return [
        f"{one.account.number} · {word(Relation, one.relation)}"
        + (f" · {ended}" if one.ends_on else "")
        for one in customer.holdings.all()
    ]
