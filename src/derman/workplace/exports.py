"""Lists as files: made by the worker, sealed on disk, for their maker alone, gone after a day.

A file names nobody: of the applicant it holds initials, of the account its last digits. Cases of
those who asked for secrecy are left out, unless the maker may know them.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.audit import access
from derman.cases.models import Case, CaseTag
from derman.lib import sheets
from derman.lib.sealing import CannotOpen
from derman.people.fields import keyring
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.kinds import Channel, ClosingReason, Decision, Kind, Priority, Word
from derman.words.life import State
from derman.workplace import bulk
from derman.workplace.bulk import Facts
from derman.workplace.models import BulkItem, BulkRun
from derman.workplace.models.bulk import ItemState, Reason

KEPT = timedelta(days=1)
FORMATS: Mapping[str, Callable[..., bytes]] = {"csv": sheets.to_csv, "xlsx": sheets.to_xlsx}

MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Gone(Exception):
    """The file was deleted, never made, or changed on disk."""


def write(run: BulkRun, *, at: datetime, profile: Published) -> int:
    """Write the file of a run; what became of each case is noted. Returns how many there were."""
    items = list(run.items.order_by("id"))
    facts = Facts.of(run, [item.case_id for item in items], run.by)
    allowed = run.by.is_active and bulk.may(run.by, run.verb, profile.profile)
    told: list[Case] = []
    for item in items:
        reason = bulk.hindrance(run, item, facts, run.by) if allowed else Reason.NO_RIGHT
        item.state, item.reason = ItemState.DONE, ""
        if reason:
            item.state, item.reason = ItemState.LEFT_OUT, reason
        else:
            told.append(facts.cases[item.case_id])
    columns = list(_columns())
    rows = list(_rows([case.pk for case in told], profile.profile, run.by))
    making = FORMATS.get(run.details.get("format", ""), sheets.to_csv)
    _keep(run, making([title for title, _ in columns], rows))
    access.record_list([case.number for case in told], what="export", by=run.by, at=at)
    BulkItem.objects.bulk_update(items, ["state", "reason"])
    return len(items)


def read(run: BulkRun) -> bytes:
    """What the file holds."""
    try:
        sealed = path_of(run).read_text(encoding="ascii")
        return base64.b64decode(keyring().open(sealed, _context(run)))
    except (OSError, CannotOpen):
        raise Gone from None


def path_of(run: BulkRun) -> Path:
    """Where the file lies: its name is the run's id, and says nothing."""
    return settings.DATA / "exports" / f"{run.pk}.sealed"


def sweep(at: datetime) -> None:
    """Delete files that are older than a day, whatever became of their runs."""
    oldest = (at - KEPT).timestamp()
    for path in (settings.DATA / "exports").glob("*.sealed"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _keep(run: BulkRun, content: bytes) -> None:
    path = path_of(run)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(
        keyring().seal(base64.b64encode(content).decode("ascii"), _context(run)), encoding="ascii"
    )


def _context(run: BulkRun) -> str:
    return f"workplace_bulkrun|file|{run.pk}"


def _rows(keys: list, profile: Profile, user: User) -> Iterator[list[str]]:
    """One row for each case, in the order of the list."""
    tags: dict = {}
    for case_id, tag in CaseTag.objects.filter(case__in=keys).values_list("case_id", "tag"):
        tags.setdefault(case_id, []).append(tag)
    found = Case.objects.for_page().defer("description", "proposal").in_bulk(keys)
    line = _Line(profile, user.language, tags)
    for key in keys:
        yield [str(value(line, found[key])) for _title, value in _columns()]


class _Line:
    """The words of one case in the maker's language."""

    def __init__(self, profile: Profile, language: str, tags: dict) -> None:
        self.profile = profile
        self.language = language
        self.tags = tags

    def topic(self, case: Case) -> str:
        found = self.profile.topic(case.topic)
        return self.profile.text(found.label, self.language) if found else case.topic

    def unit(self, key: str) -> str:
        found = self.profile.units.get(key)
        return self.profile.text(found.label, self.language) if found else key

    def region(self, case: Case) -> str:
        found = self.profile.organisation.regions.get(case.region)
        return self.profile.text(found.label, self.language) if found else case.region

    def tag_names(self, case: Case) -> str:
        known = self.profile.tags
        return ", ".join(
            self.profile.text(known[key].label, self.language) if key in known else key
            for key in self.tags.get(case.pk, ())
        )


def _word(kind: type[Word], key: str) -> str:
    return _(kind(key).label) if key else ""


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def _initials(name: str) -> str:
    return " ".join(f"{word[0]}." for word in name.split())


def _ending(number: str) -> str:
    """The last four digits: enough to tell two accounts apart."""
    return f"…{number[-4:]}" if len(number) > 4 else ""


def _columns() -> Iterator[tuple[str, Callable[[_Line, Case], str]]]:
    """The title of each column and what it says of a case."""
    yield _("Number"), lambda line, case: case.number
    yield _("State"), lambda line, case: _word(State, case.state)
    yield _("Kind"), lambda line, case: _word(Kind, case.kind)
    yield _("Topic"), lambda line, case: line.topic(case)
    yield _("Channel"), lambda line, case: _word(Channel, case.channel)
    yield _("Region"), lambda line, case: line.region(case)
    yield _("Priority"), lambda line, case: _word(Priority, case.priority)
    yield _("Received"), lambda line, case: _moment(case.received_at)
    yield _("Due"), lambda line, case: _moment(case.due_at)
    yield _("Resolved"), lambda line, case: _moment(case.resolved_at)
    yield _("Closed"), lambda line, case: _moment(case.closed_at)
    yield _("Decision"), lambda line, case: _word(Decision, case.decision)
    yield _("Reason"), lambda line, case: _word(ClosingReason, case.closing_reason)
    yield _("Unit"), lambda line, case: line.unit(case.unit)
    yield _("Owner unit"), lambda line, case: line.unit(case.owner_unit)
    yield _("Owner"), lambda line, case: case.owner_user.name if case.owner_user else ""
    yield _("Tags"), lambda line, case: line.tag_names(case)
    yield _("Cycle"), lambda line, case: str(case.cycle)
    yield _("Applicant"), lambda line, case: _initials(case.applicant.name)
    yield _("Account"), lambda line, case: _ending(case.account_number)
