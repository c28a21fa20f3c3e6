"""Everything that can be done to a case: one function for each verb.

Pages, the API, channels and the worker call these, and nothing else writes to a case. Callers pass
`by` (who; None is the system or the applicant), `at` (when) and `profile` (the published one);
nothing here reads the clock. A verb does it, or raises `CannotDo`.
"""

from derman.cases.actions._core import Act, CannotDo, OldVersion, check_text
from derman.cases.actions.concluding import answer_at_once, close, close_early, outcome, reopen
from derman.cases.actions.filing import attach, correct, dispute_contact, note
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
from derman.cases.actions.merging import cases_of, follow_merges, merge_people, undo_merge
from derman.cases.actions.opening import open_and_answer, open_case, register
from derman.cases.actions.referring import assign, reclassify, refer, take, take_back
from derman.cases.actions.snoozing import snooze, wake
from derman.cases.actions.tagging import tag, untag
from derman.cases.actions.tasks import answer_task, send_back, start_task

__all__ = [
    "Act",
    "CannotDo",
    "OldVersion",
    "acknowledge",
    "acknowledge_all",
    "answer_at_once",
    "answer_task",
    "ask",
    "assign",
    "attach",
    "cases_of",
    "check_text",
    "close",
    "close_early",
    "contact",
    "correct",
    "dispute_contact",
    "fail_to_tell",
    "follow_merges",
    "hear",
    "hear_silence",
    "merge_people",
    "note",
    "open_and_answer",
    "open_case",
    "outcome",
    "promise",
    "reclassify",
    "refer",
    "register",
    "reopen",
    "reply",
    "send_back",
    "snooze",
    "start_task",
    "tag",
    "take",
    "take_back",
    "told",
    "undo_merge",
    "untag",
    "wake",
    "withdraw",
]
