"""A call that is added to a case that is there already; nothing that was typed is lost.

What its applicant says goes to the case as theirs, what anybody else says as an internal note (row
E11). What has no place on a case that is open already is noted beside it; what a verified speaker
says is wrong in the file is corrected. The selections of the page belong to new cases only.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from derman.cases import actions
from derman.cases.models import Case
from derman.cases.permissions import find_case
from derman.desk.register.form import CORRECTIONS, RegisterForm
from derman.desk.register.repeats import typed_contacts
from derman.desk.register.sheet import Sheet
from derman.lib.turkish import fold
from derman.people.reaching import usable
from derman.words.kinds import Relation
from derman.words.life import Verb

ADD, REOPEN = "add:", "reopen:"
KEPT = 24 * 3600  # seconds in which a page that was sent twice adds once
CHECKED = ("relation", "read_back", *CORRECTIONS)  # what correcting the file asks for
MATTER = ("proposal", "place")


def is_asked(do: str) -> bool:
    """Whether a button of one of these cases was pressed."""
    return do.startswith((ADD, REOPEN))


def is_fit(form: RegisterForm) -> bool:
    """Whether the file can be corrected as was typed; what only a new case needs is not asked."""
    form.is_valid()
    for name in set(form.errors) - set(CHECKED):
        del form.errors[name]
    return not form.errors


def add(sheet: Sheet, do: str, form: RegisterForm, nonce: str) -> Case:
    """Take what was said into the case that is there; once, however often the page is sent.

    Raises `actions.CannotDo` with its field.
    """
    request = sheet.request
    number = do.partition(":")[2]
    verb = Verb.REOPEN if do.startswith(REOPEN) else Verb.HEAR
    case = find_case(request.user, number, verb=verb, what="register.add", at=request.at)
    actions.check_text(form.data.get("description", ""), field="description")
    if form.data.get("secret_reporter"):
        text = _("The caller's name is kept secret. Register it as a case of its own.")
        raise actions.CannotDo(text, code="secret", field="secret_reporter")
    key = f"desk.register.add.{request.user.pk}.{crc32(nonce.encode())}"
    if not cache.add(key, number, KEPT):
        return case
    try:
        with transaction.atomic():
            _take_in(case, sheet, form, verb)
    except BaseException:
        cache.delete(key)
        raise
    return case


def _take_in(case: Case, sheet: Sheet, form: RegisterForm, verb: Verb) -> None:
    request = sheet.request
    given: dict[str, Any] = {"by": request.user, "at": request.at, "profile": request.profile}
    _correct(case, sheet, form, given)
    is_theirs = _is_applicant(case, sheet, form)
    said = "\n\n".join([form.data["description"], *_lines(form, MATTER)])
    beside = "\n".join(_beside(case, sheet, form, is_theirs=is_theirs))
    whole = "\n\n".join(part for part in (beside, said) if part)
    if verb is Verb.REOPEN:
        actions.reopen(case, whole, **given)  # kept as an internal note
    elif not is_theirs:
        actions.hear_other(case, whole, **given)
    else:
        actions.hear(case, said, **given)
        if beside:
            actions.note(case, beside, **given)


def _correct(case: Case, sheet: Sheet, form: RegisterForm, given: dict[str, Any]) -> None:
    """Correct the file of the customer whose case it is, as a verified speaker said (row G10)."""
    changes = form.corrections()
    if not changes:
        return
    if sheet.picked is None or sheet.picked.customer.pk != case.customer_id:
        field = next(name for name, what in CORRECTIONS.items() if what in changes)
        text = _("That case is another customer's. Correct this file on the customer's page.")
        raise actions.CannotDo(text, code="other_customer", field=field)
    verified = form.cleaned_data["read_back"]
    actions.correct(case, changes, verified=verified, **given)


def _is_applicant(case: Case, sheet: Sheet, form: RegisterForm) -> bool:
    """Whether the caller is who speaks on that case, as far as the page knows."""
    if form.data.get("relation", "") not in ("", sheet.own):
        return False
    if sheet.picked is not None:
        return sheet.picked.customer.pk == case.applicant_id
    return any(_is_on_file(case, name, form.data.get(name, "")) for name in ("phone", "email"))


def _beside(case: Case, sheet: Sheet, form: RegisterForm, *, is_theirs: bool) -> Iterator[str]:
    """Who spoke, how to reach them, and what they were told, as far as the file lacks it."""
    if not is_theirs:
        yield from _speaker(sheet, form)
    new = [
        name
        for name in ("name", "phone", "email")
        if not (is_theirs and _is_on_file(case, name, form.data.get(name, "")))
    ]
    typed = "" if sheet.picked else form.data.get("account_number", "").strip()
    if typed != case.account_number:
        new.append("account_number")
    yield from _lines(form, (*new, "text", "evidence"))


def _speaker(sheet: Sheet, form: RegisterForm) -> Iterator[str]:
    """As what somebody else speaks, and who of the file it is, if one was picked."""
    relation = form.data.get("relation", "")
    if relation in tuple(Relation):
        yield f"{form.fields['relation'].label}: {_(Relation(relation).label)}"
    if sheet.picked is not None and not form.data.get("name", "").strip():
        yield f"{form.fields['name'].label}: {sheet.picked.customer.name}"


def _is_on_file(case: Case, name: str, said: str) -> bool:
    """Whether the applicant's file says the same."""
    if name == "name":
        return fold(said.strip()) == fold(case.applicant.name)
    on_file = {point.value_index for point in usable(case.applicant.contact_points.all())}
    return bool(typed_contacts(**{name: said}) & on_file)


def _lines(form: RegisterForm, names: Iterable[str]) -> Iterator[str]:
    """What was typed into these fields, each under its label."""
    for name in names:
        value = form.data.get(name, "").strip()
        if value and name in form.fields:
            yield f"{form.fields[name].label}: {value}"
