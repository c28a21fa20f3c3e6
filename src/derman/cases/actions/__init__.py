"""Everything that can be done to a case: one function for each verb.

Pages, the API, channels and the worker call these, and nothing else writes to a case. Callers pass
`by` (who; None is the system or the applicant), `at` (when) and `profile` (the published one);
nothing here reads the clock. A verb does it, or raises `CannotDo`.
"""

from derman.cases.actions._core import Act, CannotDo, OldVersion, check_text
from derman.cases.actions._letter import post_instead
from derman.cases.actions._ruling import Grounds, Ruling, Why
from derman.cases.actions.approving import approve, decline
from derman.cases.actions.concluding import answer_at_once, close, close_early, outcome, reopen
from derman.cases.actions.filing import attach, correct, dispute_contact, note
from derman.cases.actions.following import (
    FollowUpResult,
    answer_survey,
    ask_survey,
    follow_up,
    let_survey_expire,
    open_follow_up,
    skip_survey,
)
from derman.cases.actions.informing import (
    acknowledge,
    acknowledge_all,
    ask,
    contact,
    fail_to_tell,
    hear,
    hear_silence,
    promise,
    reply,
    told,
    withdraw,
)
from derman.cases.actions.linking import link, merge, unlink, unmerge
from derman.cases.actions.merging import cases_of, follow_merges, merge_people, undo_merge
from derman.cases.actions.offering import (
    accept,
    fail_to_offer,
    let_offer_lapse,
    offer,
    refuse,
    withdraw_offer,
)
from derman.cases.actions.opening import open_and_answer, open_case, register
from derman.cases.actions.referring import assign, reclassify, refer, take, take_back
from derman.cases.actions.referring_out import letter_of, post_letter, refer_out
from derman.cases.actions.remedies import (
    Plan,
    ask_for_action,
    cancel_action,
    check_action,
    do_action,
    plan_action,
    remind_of_action,
)
from derman.cases.actions.repeating import hear_other, notice_repeats
from derman.cases.actions.snoozing import snooze, wake
from derman.cases.actions.tagging import tag, untag
from derman.cases.actions.tasks import answer_task, send_back, start_task
from derman.cases.actions.visiting import (
    visit_cancelled,
    visit_missed,
    visit_moved,
    visit_planned,
    visit_reported,
)
from derman.cases.actions.watching import look_again

__all__ = [
    "Act",
    "CannotDo",
    "FollowUpResult",
    "Grounds",
    "OldVersion",
    "Plan",
    "Ruling",
    "Why",
    "accept",
    "acknowledge",
    "acknowledge_all",
    "answer_at_once",
    "answer_survey",
    "answer_task",
    "approve",
    "ask",
    "ask_for_action",
    "ask_survey",
    "assign",
    "attach",
    "cancel_action",
    "cases_of",
    "check_action",
    "check_text",
    "close",
    "close_early",
    "contact",
    "correct",
    "decline",
    "dispute_contact",
    "do_action",
    "fail_to_offer",
    "fail_to_tell",
    "follow_merges",
    "follow_up",
    "hear",
    "hear_other",
    "hear_silence",
    "let_offer_lapse",
    "let_survey_expire",
    "letter_of",
    "link",
    "look_again",
    "merge",
    "merge_people",
    "note",
    "notice_repeats",
    "offer",
    "open_and_answer",
    "open_case",
    "open_follow_up",
    "outcome",
    "plan_action",
    "post_instead",
    "post_letter",
    "promise",
    "reclassify",
    "refer",
    "refer_out",
    "refuse",
    "register",
    "remind_of_action",
    "reopen",
    "reply",
    "send_back",
    "skip_survey",
    "snooze",
    "start_task",
    "tag",
    "take",
    "take_back",
    "told",
    "undo_merge",
    "unlink",
    "unmerge",
    "untag",
    "visit_cancelled",
    "visit_missed",
    "visit_moved",
    "visit_planned",
    "visit_reported",
    "wake",
    "withdraw",
    "withdraw_offer",
]
