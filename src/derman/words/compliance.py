"""Words of the check of a concluded case: what is asked of it, and why it fell short (row E12)."""

from derman.words.kinds import LABELS, Word
from derman.words.marks import gettext_noop


class Rule(Word):
    """What a case has to keep to; a rule that does not concern it is not asked."""

    ACKNOWLEDGED = "acknowledged"
    INFORMED_MEANWHILE = "informed_meanwhile"
    RESOLVED_IN_TIME = "resolved_in_time"
    PROMISES_KEPT = "promises_kept"
    TASKS_IN_TIME = "tasks_in_time"
    NOTICE_SHOWN = "notice_shown"
    CONSENT_GIVEN = "consent_given"
    REASONED = "reasoned"
    EVIDENCE_NAMED = "evidence_named"
    INFORMED = "informed"
    ACTION_PLANNED = "action_planned"


class Shortfall(Word):
    """Why a rule was not kept."""

    LATE = "late"
    NO_NOTICE = "no_notice"
    NO_CONSENT = "no_consent"
    NO_REASON = "no_reason"
    NO_EVIDENCE = "no_evidence"
    NOT_TOLD = "not_told"
    NO_ACTION = "no_action"


_ = gettext_noop
LABELS[Rule] = {
    "acknowledged": _("Receipt confirmed in time"),
    "informed_meanwhile": _("Kept informed meanwhile"),
    "resolved_in_time": _("Resolved in time"),
    "promises_kept": _("Promises kept"),
    "tasks_in_time": _("Units answered in time"),
    "notice_shown": _("Privacy notice shown"),
    "consent_given": _("Consent on file"),
    "reasoned": _("Decision has a reason"),
    "evidence_named": _("Evidence named"),
    "informed": _("Applicant informed"),
    "action_planned": _("Action planned"),
}
LABELS[Shortfall] = {
    "late": _("Later than its date"),
    "no_notice": _("Nothing shows that the applicant saw it"),
    "no_consent": _("No consent is on file"),
    "no_reason": _("No reason was chosen"),
    "no_evidence": _("It does not say what the decision rests on"),
    "not_told": _("Nothing proves that the applicant was told"),
    "no_action": _("Justified, and nothing was planned"),
}
