"""The letter that names where to turn outside: what it says of a case, in the applicant's language.

The words that staff and applicant wrote stand in it as they were written.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from derman.cases.models import Case, Offer
from derman.lib.identifiers import group_number
from derman.lib.letterpress import LetterText, Paragraphs, Place, Section, Sender, paragraphs
from derman.people.models import ContactKind, Customer
from derman.profile.external import Body
from derman.profile.parts import Text
from derman.profile.schema import Profile
from derman.words.kinds import ContactState, Language
from derman.words.loop import OfferState

DAY = {Language.TURKISH: "j F Y", Language.ENGLISH: "j F Y", Language.GERMAN: "j. F Y"}
TURNED_DOWN = (OfferState.REFUSED, OfferState.LAPSED)


def written(
    case: Case,
    text: str,
    bodies: Collection[str],
    offers: Iterable[Offer],
    *,
    at: datetime,
    profile: Profile,
) -> LetterText:
    """The letter to the applicant of a case; `text` is what was examined, in staff's words."""
    language = _language(case, profile)
    with translation.override(language):
        return _Writer(case, profile, language).letter(text, bodies, offers, at)


def right_bodies(case: Case, profile: Profile) -> list[str]:
    """The keys of the outside bodies that a case like this may go to."""
    return profile.external.right_for(kind=case.kind, topic=case.topic, region=case.region)


def postal_address(person: Customer) -> str:
    """Where a letter can be sent; empty where nothing that is on file holds."""
    addresses = [
        point.address
        for point in person.contact_points.all()
        if point.kind == ContactKind.ADDRESS
        and point.ended_at is None
        and point.state != ContactState.DISPUTED
    ]
    return addresses[-1] if addresses else ""


def _language(case: Case, profile: Profile) -> Language:
    spoken = profile.organisation.languages
    return Language(case.language) if case.language in spoken else profile.organisation.language


class _Writer:
    """One letter in one language; to be called while that language is active."""

    def __init__(self, case: Case, profile: Profile, language: Language) -> None:
        self.case = case
        self.profile = profile
        self.language = language
        self.zone = ZoneInfo(profile.organisation.timezone)

    def letter(
        self, text: str, bodies: Collection[str], offers: Iterable[Offer], at: datetime
    ) -> LetterText:
        organisation, external = self.profile.organisation, self.profile.external
        named = [body for key, body in external.bodies.items() if key in bodies]
        name = self._text(organisation.name)
        return LetterText(
            language=self.language,
            title=self._title(),
            sender=Sender(name, self._text(organisation.address).splitlines()),
            to=self._to(),
            date=self._day(at.astimezone(self.zone)),
            reference=_("Number: {number}").format(number=group_number(self.case.number)),
            greeting=_("Dear {name},").format(name=self.case.applicant.name or _("applicant")),
            opening=self._opening(external.opening),
            parts=self._parts(text, offers),
            bodies_heading=_("Where you can turn now"),
            bodies=[self._place(body) for body in named],
            closing=self._closing(external.closing),
            regards=_("Kind regards"),
            signed=name,
            footer=self._footer(),
            page=_("Page {page} of {pages}"),
        )

    def _title(self) -> str:
        topic = self.profile.topic(self.case.topic)
        about = self._text(topic.label) if topic else ""
        on = self._day(self.case.received_at.astimezone(self.zone))
        return _("Your case of {date}: {topic}").format(date=on, topic=about)

    def _to(self) -> list[str]:
        return [self.case.applicant.name, *postal_address(self.case.applicant).splitlines()]

    def _opening(self, own: Text | None) -> Paragraphs:
        if own:
            return paragraphs(self._text(own))
        said = _("We examined your case and could not find a solution that suits you.")
        return [[said]]

    def _closing(self, own: Text | None) -> Paragraphs:
        if own:
            return paragraphs(self._text(own))
        return [[_("Whether you turn to one of them is your own choice. It costs you no right.")]]

    def _parts(self, text: str, offers: Iterable[Offer]) -> list[Section]:
        parts = [
            Section(_("What you told us"), paragraphs(self.case.description)),
            Section(_("What we examined"), paragraphs(text)),
        ]
        offered = [paragraph for one in offers for paragraph in self._offered(one)]
        if offered:
            parts.append(Section(_("What we offered"), offered))
        return parts

    def _offered(self, offer: Offer) -> Paragraphs:
        """Its words as they were told, under their day; then what came of it."""
        day = self._day(offer.made_at.astimezone(self.zone))
        first, *others = paragraphs(offer.text) or [[]]
        said = [[f"{day}:", *first], *others]
        if offer.compensation is not None:
            amount = number_format(offer.compensation, 2, force_grouping=True)
            currency = self.profile.authority.currency
            said[-1].append(_("Amount: {amount}").format(amount=f"{amount} {currency}"))
        if offer.state == OfferState.REFUSED:
            why = " ".join(offer.reason.split())
            said[-1].append(_("You did not accept it: {reason}").format(reason=why))
        return said

    def _place(self, body: Body) -> Place:
        facts = [
            (_("Limits"), self._text(body.limits) if body.limits else ""),
            (_("Address"), self._text(body.address) if body.address else ""),
            (_("Phone"), body.phone),
            (_("Web"), body.url or ""),
            (_("As of"), self._day(body.as_of)),
        ]
        known = [(name, " ".join(value.split())) for name, value in facts if value]
        return Place(self._text(body.label), self._text(body.decides), known)

    def _footer(self) -> str:
        organisation = self.profile.organisation
        line = next(line for line in organisation.lines.values() if not line.emergency)
        return f"{self._text(organisation.short_name)} · {line.number} · {organisation.email}"

    def _text(self, text: Text) -> str:
        return self.profile.text(text, self.language)

    def _day(self, day: date) -> str:
        return format_date(day, DAY[self.language])
