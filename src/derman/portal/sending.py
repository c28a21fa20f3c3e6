"""From a finished draft to one case, however often the last button is pressed.

The session's row is held while the case is opened, so that of two requests with the same nonce
the second waits and finds that the first has done it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from derman.cases import actions
from derman.cases.models import Case
from derman.cases.submissions import Applicant, Submission
from derman.portal import draft as drafts
from derman.portal import topics, uploads
from derman.portal.draft import Draft
from derman.portal.forms import is_secret, ways_to_answer
from derman.portal.page import language_of
from derman.profile.publishing import Published
from derman.profile.schema import Profile
from derman.words.kinds import Channel

SENT = "sent"  # in the session: nonce → id of what came of it, the latest last
ANSWERED = "answered"  # in the session: the nonces of what was said on tracked cases
REMEMBERED = 5


class Expired(Exception):
    """The session with the draft is gone."""


@contextmanager
def session_held(request: HttpRequest) -> Iterator[SessionBase]:
    """The session as it stands now, kept from everybody else until this block has ended."""
    key = request.session.session_key
    with transaction.atomic():
        if not key or Session.objects.select_for_update().filter(pk=key).first() is None:
            raise Expired
        request.session = type(request.session)(key)
        yield request.session
        request.session.save()


def send(request: HttpRequest, nonce: str, *, at: datetime, profile: Published) -> None:
    """Make the draft a case, unless this nonce has one already."""
    done: Draft | None = None
    with session_held(request) as session:
        if nonce in session.get(SENT, {}):
            remember(session, nonce, session[SENT][nonce])
            return
        draft = Draft.load(session)
        if not draft.nonce or draft.nonce != nonce:
            raise Expired
        case = _open(draft, at=at, profile=profile)
        remember(session, nonce, str(case.pk))
        drafts.forget(session)
        done = draft
    uploads.clear(done)


def once(request: HttpRequest, nonce: str, act: Callable[[], None]) -> None:
    """Do what a form asks for, unless this very form was sent before."""
    with session_held(request) as session:
        before = session.get(ANSWERED, [])
        if nonce not in before:
            act()
            session[ANSWERED] = [*before, nonce][-REMEMBERED:]


def remember(session: SessionBase, nonce: str, result: str) -> None:
    """Keep what came of a nonce, the latest last."""
    sent = {key: value for key, value in session.get(SENT, {}).items() if key != nonce}
    session[SENT] = dict([*sent.items(), (nonce, result)][-REMEMBERED:])


def latest(session: SessionBase) -> str | None:
    """The id of the case that was made last in this session."""
    return next(reversed(session.get(SENT, {}).values()), None)


def _open(draft: Draft, *, at: datetime, profile: Published) -> Case:
    case = actions.open_case(submission(draft, profile.profile), by=None, at=at, profile=profile)
    for upload in draft.uploads:
        with uploads.read(draft, upload) as file:
            actions.attach(case, file, name=upload["name"], by=None, at=at, profile=profile)
    return case


def submission(draft: Draft, profile: Profile) -> Submission:
    """What was answered, in the form in which every channel hands it over."""
    said = draft.get
    secret = is_secret(draft, profile)
    account = {} if secret else {"tckn": said("tckn"), "relation": said("relation")}
    return Submission(
        channel=Channel.WEB,
        topic=said("topic") if topics.find_offered(said("topic"), profile) else "",
        description=said("description"),
        proposal=said("proposal") if said("proposal").strip() else "",
        language=language_of(profile),
        reply_channel=said("reply_channel") if ways_to_answer(draft) else "",
        account_number="" if secret else said("account_number"),
        region=said("region"),
        place=said("place"),
        applicant=Applicant(name=said("name"), phone=said("phone"), email=said("email"), **account),
        secret_reporter=secret,
        notice_id=draft.notice,
    )
