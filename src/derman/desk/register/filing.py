"""From a filled-in call page to a case: one transaction, and once however often it is sent."""

import time
from zlib import crc32

from django.core.cache import cache
from django.db import transaction

from derman.cases import actions
from derman.cases.models import Case
from derman.cases.submissions import Applicant, Submission
from derman.desk.frame import DeskRequest
from derman.desk.register.form import RegisterForm
from derman.desk.register.sheet import Sheet
from derman.words.kinds import Channel, Decision, Kind, Language, Relation

KEPT = 24 * 3600  # seconds in which the same page is known again
PATIENCE = 5.0  # seconds that the second of two presses waits for the first
LOOK = 0.1


class AlreadySent(Exception):
    """This very page was sent before.

    `number` is its case, empty while that is not known; `changed` says that this time it holds
    something else, as after the browser's back button.
    """

    def __init__(self, number: str, *, changed: bool) -> None:
        super().__init__(number)
        self.number = number
        self.changed = changed


def file_case(sheet: Sheet, form: RegisterForm, nonce: str, *, answered: bool) -> Case:
    """Open the case, answer it if it was answered, and correct the file; all or nothing."""
    request = sheet.request
    key = f"desk.register.{request.user.pk}.{crc32(nonce.encode())}"
    said = submission(sheet, form)
    mark = f"{crc32(repr((said, form.cleaned_data['text'])).encode())}:"
    if not cache.add(key, mark, KEPT):
        kept = _wait_for(key)
        raise AlreadySent(kept.partition(":")[2], changed=not kept.startswith(mark))
    try:
        with transaction.atomic():
            case = _open(request, said, form, answered=answered)
            if changes := form.corrections():
                actions.correct(
                    case,
                    changes,
                    verified=form.cleaned_data["read_back"],
                    by=request.user,
                    at=request.at,
                    profile=request.profile,
                )
    except BaseException:
        cache.delete(key)
        raise
    cache.set(key, mark + case.number, KEPT)
    return case


def submission(sheet: Sheet, form: RegisterForm) -> Submission:
    """What was said, with the people who were picked from the file."""
    data = form.cleaned_data
    picked = sheet.picked
    relation = data["relation"]
    speaks_for_themselves = picked is not None and relation in ("", sheet.own)
    if picked is None and relation == Relation.HOLDER and not data["account_number"]:
        relation = ""  # not a subscriber: holds nothing
    said = Applicant(relation=relation)
    if not speaks_for_themselves:
        tckn = data.get("tckn", "")  # not every organisation asks for it
        said = Applicant(data["name"], data["phone"], data["email"], tckn, relation)
    return Submission(
        channel=Channel(data["channel"]),
        topic=data["topic"],
        description=data["description"],
        language=Language(data["language"]),
        kind=Kind(data["kind"]) if data["kind"] else None,
        proposal=data["proposal"] if data["proposal"].strip() else "",
        reply_channel=data["reply_channel"],
        account_number=data["account_number"],
        region=data["region"],
        place=data["place"],
        applicant=said,
        customer_id=picked.customer.pk if picked else None,
        applicant_id=picked.customer.pk if picked and speaks_for_themselves else None,
        secret_reporter=data["secret_reporter"],
        read_back=picked is not None and data["read_back"],
    )


def _open(request: DeskRequest, said: Submission, form: RegisterForm, *, answered: bool) -> Case:
    by, at, profile = request.user, request.at, request.profile
    if not answered:
        return actions.open_case(said, by=by, at=at, profile=profile)
    data = form.cleaned_data
    return actions.open_and_answer(
        said,
        Decision(data["decision"]),
        data["text"],
        reason_code=data.get("reason_code", ""),
        evidence=data.get("evidence", ""),
        by=by,
        at=at,
        profile=profile,
    )


def _wait_for(key: str) -> str:
    """What the first press left, with its number, for a second that came before it was known."""
    until = time.monotonic() + PATIENCE
    while (kept := cache.get(key, ":")).endswith(":") and time.monotonic() < until:
        time.sleep(LOOK)
    return kept
