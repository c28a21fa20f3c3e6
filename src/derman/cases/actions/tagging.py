"""Words that staff put on a case, from the profile's list."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from derman.accounts.models import User
from derman.cases.actions._core import Act, CannotDo, record, touch
from derman.cases.models import Case, CaseTag
from derman.profile.publishing import Published
from derman.words.events import EventType
from derman.words.life import Verb


@transaction.atomic
def tag(case: Case, key: str, *, by: User, at: datetime, profile: Published) -> None:
    """Put a tag on the case."""
    act = Act(by, at, profile)
    known = profile.profile.tags.get(key)
    if known is None or known.retired:
        raise CannotDo(_("Choose a tag from the list."), code="unknown_tag", field="tag")
    if case.tags.filter(tag=key).exists():
        raise CannotDo(_("The case has this tag already."), code="tagged_already", field="tag")
    touch(case, Verb.TAG)
    CaseTag.objects.create(case=case, tag=key, at=at, by=by)
    record(case, EventType.TAGGED, act, tag=key)


@transaction.atomic
def untag(case: Case, key: str, *, by: User, at: datetime, profile: Published) -> None:
    """Take a tag off the case, a retired one too."""
    act = Act(by, at, profile)
    found = case.tags.filter(tag=key).first()
    if found is None:
        raise CannotDo(_("The case does not have this tag."), code="not_tagged", field="tag")
    touch(case, Verb.UNTAG)
    found.delete()
    record(case, EventType.UNTAGGED, act, tag=key)
