"""Words of the learning: root causes, improvements, and what a comparison of figures may say."""

from derman.words.kinds import LABELS, Word
from derman.words.marks import gettext_noop


class CauseMethod(Word):
    """How a root cause is looked for (rows T11, P11)."""

    WHYS = "whys"
    FISHBONE = "fishbone"


class CauseState(Word):
    OPEN = "open"
    CONCLUDED = "concluded"


class Bone(Word):
    """The sides from which a fishbone looks at a problem."""

    PEOPLE = "people"
    EQUIPMENT = "equipment"
    WAY = "way"
    SUPPLY = "supply"
    MEASURING = "measuring"
    SURROUNDINGS = "surroundings"


class ImprovementState(Word):
    """`reopened`: it had worked, and the problem came back (row T11)."""

    PLANNED = "planned"
    RUNNING = "running"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    REOPENED = "reopened"


class Verdict(Word):
    """What the figures before and after allow one to say."""

    IMPROVED = "improved"
    WORSE = "worse"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"


class Caution(Word):
    """What a reader of the figures has to know beside the verdict."""

    SMALL_NUMBERS = "small_numbers"
    FALLING_BEFORE = "falling_before"
    RISING_BEFORE = "rising_before"
    SMALL_COMPARISON = "small_comparison"
    NO_COMPARISON = "no_comparison"
    FELL_LAST_YEAR = "fell_last_year"
    ROSE_LAST_YEAR = "rose_last_year"


class Look(Word):
    """What a look at the figures asks: did it work, or did the problem come back since?"""

    EFFECT = "effect"
    RECURRENCE = "recurrence"


class Happening(Word):
    """What happens in the life of an improvement."""

    PLANNED = "planned"
    CHANGED = "changed"
    STARTED = "started"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    REOPENED = "reopened"


_ = gettext_noop
LABELS[CauseMethod] = {"whys": _("Asking why five times"), "fishbone": _("Fishbone")}
LABELS[CauseState] = {"open": _("Being looked for"), "concluded": _("Cause found")}
LABELS[Bone] = {
    "people": _("People"),
    "equipment": _("Equipment and systems"),
    "way": _("The way of working"),
    "supply": _("Supplies and information"),
    "measuring": _("Measuring and checking"),
    "surroundings": _("Surroundings"),
}
LABELS[ImprovementState] = {
    "planned": _("Planned"),
    "running": _("Being measured"),
    "effective": _("Effective"),
    "not_effective": _("Not effective"),
    "reopened": _("Reopened"),
}
LABELS[Verdict] = {
    "improved": _("Improved"),
    "worse": _("Worse"),
    "unclear": _("No clear change"),
    "too_few": _("Too few to say"),
}
LABELS[Caution] = {
    "small_numbers": _("The numbers are small: a few complaints more or less change the result."),
    "falling_before": _("Complaints were falling before the start already."),
    "rising_before": _("Complaints were rising before the start."),
    "small_comparison": _("The comparison group is too small and was left out."),
    "no_comparison": _(
        "There is no comparison group: whatever else changed at the same time, as weather or a"
        " price, cannot be told from the improvement."
    ),
    "fell_last_year": _("Complaints fell in the same weeks of the year before, too."),
    "rose_last_year": _("Complaints rose in the same weeks of the year before, too."),
}
LABELS[Look] = {"effect": _("Did it work?"), "recurrence": _("Did it come back?")}
LABELS[Happening] = {
    "planned": _("Planned"),
    "changed": _("Changed"),
    "started": _("Started"),
    "effective": _("Found effective"),
    "not_effective": _("No effect was found"),
    "reopened": _("The problem came back"),
}
