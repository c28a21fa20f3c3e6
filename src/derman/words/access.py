"""What can happen to a user's access: the keys under which it is written down."""

from derman.words.kinds import LABELS, Word
from derman.words.marks import gettext_noop


class AccessChange(Word):
    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"
    POST_GIVEN = "post_given"
    POST_TAKEN = "post_taken"
    FACTORS_RESET = "factors_reset"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"  # noqa: S105
    PROVIDER_LINKED = "provider_linked"
    PROVIDER_UNLINKED = "provider_unlinked"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    ABSENCE_ENTERED = "absence_entered"
    ABSENCE_ENDED = "absence_ended"


_ = gettext_noop
LABELS[AccessChange] = {
    "added": _("Added"),
    "changed": _("Details changed"),
    "ended": _("Access ended"),
    "taken_back": _("Access given again"),
    "post_given": _("Role given"),
    "post_taken": _("Role taken away"),
    "factors_reset": _("Second step reset"),
    "link_made": _("Link for a new password made"),
    "password_set": _("Password set by the link"),
    "provider_linked": _("Identity provider linked"),
    "provider_unlinked": _("Identity provider unlinked"),
    "token_made": _("Token made"),
    "token_revoked": _("Token revoked"),
    "absence_entered": _("Absence entered"),
    "absence_ended": _("Absence ended"),
}
