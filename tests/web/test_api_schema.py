"""The API against its own OpenAPI document: what it says is what it does, for any input.

Every check of schemathesis is on. Three are told more than the document can say: a value of the
right form may still be refused for what it says (422: no such topic, a blank text) or for the
version it names (412), and a missing If-Match is 428.
"""

from itertools import count

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from schemathesis.config import SchemathesisConfig

from derman.accounts import tokens
from derman.cases.models import Case
from derman.words.rights import Role
from derman.wsgi import application
from tests.factories import make_account, make_case, make_customer, published

pytestmark = pytest.mark.django_db
REFUSED = ["2xx", "401", "403", "404", "409", "412", "422"]
SETTINGS = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": REFUSED},
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "404", "405", "409", "412", "415", "422", "428"]
        },
        "missing_required_header": {"expected-statuses": ["401", "422", "428", "404"]},
    },
}
config = SchemathesisConfig.from_dict(SETTINGS)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=config)


@pytest.fixture
def one_connection():
    """As Django's own test client does: a request's end does not end the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def token(one_connection):
    published()
    account = make_account(make_customer())
    make_case(account=account)
    return tokens.add("schemathesis", Role.ADMIN, at=timezone.now())


@pytest.fixture
def turn():
    """Counts the calls of a test by itself, so that it aims alike whatever ran before it."""
    return count()


def aim(call, turn):
    """Calls that fit the document: two of three at a case that is there, with its version."""
    case = Case.objects.order_by("received_at").first()  # that of the fixture
    fits = call.meta is not None and call.meta.generation.mode.is_positive
    if fits and "number" in call.path_parameters and next(turn) % 3:
        call.path_parameters["number"] = case.number
        if "task_id" in call.path_parameters and (task := case.tasks.first()):
            call.path_parameters["task_id"] = str(task.pk)
        if "offer_id" in call.path_parameters and (offer := case.offers.first()):
            call.path_parameters["offer_id"] = str(offer.pk)
        if "approval_id" in call.path_parameters and (waiting := case.approvals.first()):
            call.path_parameters["approval_id"] = str(waiting.pk)
        if "action_id" in call.path_parameters and (action := case.actions.first()):
            call.path_parameters["action_id"] = str(action.pk)
        if "If-Match" in call.headers:
            call.headers["If-Match"] = f'"{case.version}"'


@schema.parametrize()
@hypothesis.settings(
    max_examples=12, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
)
def test_the_document_is_kept(case, token, turn):
    aim(case, turn)
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
