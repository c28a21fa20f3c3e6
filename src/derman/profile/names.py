"""The fixed lists of `{{ names }}` that a text of the profile may hold, with sample values.

An SMS may say only what anybody may read who picks up the phone (`SMS`); an e-mail to the applicant
may say more (`EMAIL`); a notice to staff names units and never the applicant (`STAFF`); a text that
staff start a reply from knows `TEMPLATE`; a notice that a contact was replaced knows `CHANGED`; the
messages `code_sms` and `code_email`, which every profile has, hold a one-time code and at most who
sends it (`CODE`). Whoever writes the message gives plain strings for these.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from derman.words.kinds import Language
from derman.words.marks import gettext_noop as _

TR, EN, DE = Language.TURKISH, Language.ENGLISH, Language.GERMAN


@dataclass(frozen=True)
class Name:
    """What a name stands for (shown in the reference), and what it looks like."""

    meaning: str
    sample: str | Mapping[Language, str]

    def in_language(self, language: Language) -> str:
        return self.sample if isinstance(self.sample, str) else self.sample[language]


NAMES: Mapping[str, Name] = {
    "number": Name(_("The case number, in threes."), "264 839 172"),
    "follow_key": Name(
        _("The four characters that open the tracking page with the number."), "7KQ4"
    ),
    "state": Name(
        _("The state of the case in the applicant's words."),
        {TR: "İnceleniyor", EN: "Being examined", DE: "Wird geprüft"},
    ),
    "outcome": Name(
        _("The result in one word; empty before there is one."),
        {TR: "Haklı bulundu", EN: "Justified", DE: "Berechtigt"},
    ),
    "next_date": Name(
        _("The date by which the applicant hears from us."),
        {
            TR: "26 Kasım 2026 Perşembe 14:20",
            EN: "26 November 2026, Thursday 14:20",
            DE: "Donnerstag, 26. November 2026, 14:20",
        },
    ),
    "visit_date": Name(
        _("The day and the time in which a visit begins and ends."),
        {
            TR: "26 Kasım 2026 Perşembe 09:00-12:00",
            EN: "26 November 2026, Thursday 09:00-12:00",
            DE: "Donnerstag, 26. November 2026, 09:00-12:00",
        },
    ),
    "steps": Name(
        _("What was done since the last information, in lines: only in interim information."),
        {
            TR: "- 24 Kasım: Sorumlu birime sorduk: Abone İşleri.",
            EN: "- 24 November: We asked the responsible unit: Accounts.",
            DE: "- 24. November: Wir haben die zuständige Stelle gefragt: Kundenservice.",
        },
    ),
    "link": Name(
        _("The page to go to: tracking, or the case for staff."), "https://example.org/t/7"
    ),
    "contact": Name(_("How to reach us: the number of the first public line."), "0212 000 00 00"),
    "organisation": Name(_("The organisation's short name."), "Örnek A.Ş."),
    "code": Name(_("A one-time code."), "482 913"),
    "name": Name(_("The applicant's name as they gave it."), "Ayşe Yılmaz"),
    "topic": Name(
        _("The topic's label."),
        {TR: "Faturaya itiraz", EN: "Disputed bill", DE: "Einspruch gegen die Rechnung"},
    ),
    "question": Name(
        _("What is asked: of the applicant, or of the unit in a notice to staff."),
        {
            TR: "Sayaç endeksini yazar mısınız?",
            EN: "Could you tell us the meter reading?",
            DE: "Können Sie uns den Zählerstand nennen?",
        },
    ),
    "answer": Name(
        _("What was written to the applicant: a reply, or the text of the outcome."),
        {TR: "Faturanız düzeltildi.", EN: "The bill is corrected.", DE: "Rechnung korrigiert."},
    ),
    "decision": Name(
        _("The decision in words."),
        {TR: "Haklı bulundu", EN: "Justified", DE: "Berechtigt"},
    ),
    "due_date": Name(
        _("When the task or the case is due."),
        {
            TR: "25 Kasım 2026 Çarşamba 17:30",
            EN: "25 November 2026, Wednesday 17:30",
            DE: "25. November 2026, Mittwoch 17:30",
        },
    ),
    "unit": Name(_("The unit's label."), {TR: "Abone İşleri", EN: "Accounts", DE: "Kundenservice"}),
    "level": Name(
        _("To staff: the level to which a case was raised, or the limit that a decision passed."),
        {TR: "Süre doldu", EN: "Past its date", DE: "Frist abgelaufen"},
    ),
    "why": Name(
        _("To staff: why a case was raised or a decision waits, in one sentence."),
        {
            TR: "Sonuç: 25 Kasım 2026 Çarşamba 17:30 tarihinde dolmuştu.",
            EN: "Resolve: was due on 25 November 2026, Wednesday 17:30.",
            DE: "Ergebnis: war fällig am 25. November 2026, Mittwoch 17:30.",
        },
    ),
    "region": Name(_("The region's label."), {TR: "Merkez", EN: "Centre", DE: "Mitte"}),
}

SMS = frozenset(
    {
        "number",
        "follow_key",
        "state",
        "outcome",
        "next_date",
        "visit_date",
        "link",
        "contact",
        "organisation",
    }
)
EMAIL = SMS | {"name", "topic", "question", "answer", "decision", "due_date", "unit", "steps"}
STAFF = frozenset(
    {
        "number",
        "state",
        "link",
        "organisation",
        "topic",
        "question",
        "due_date",
        "unit",
        "region",
        "level",
        "why",
    }
)
# Messages that no notice names because they answer no event: one-time codes, holding little else.
CODES = ("code_sms", "code_email")
CODE = frozenset({"code", "organisation"})
# To a contact that was replaced, or that has taken its place: whose it is is not known for sure.
CHANGED = frozenset({"organisation", "contact"})
TEMPLATE = EMAIL - {"link", "question", "answer", "visit_date", "unit", "steps"}


def samples(language: Language) -> dict[str, str]:
    """A value for every name, to fill each text once when a profile is checked."""
    return {key: name.in_language(language) for key, name in NAMES.items()}
