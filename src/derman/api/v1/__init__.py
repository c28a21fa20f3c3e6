"""REST API, version 1: `/api/v1/`, OpenAPI 3.1 at `openapi.json`, bearer tokens."""

from derman.api.v1 import actions, approvals, cases, offers, problems, tasks, topics, verbs
from derman.api.v1.auth import Bearer
from derman.api.v1.document import Api, JsonOnly

api = Api(
    title="Derman",
    version="1",
    description=(
        "Open a case, follow it, act on it. Every write to an existing case needs "
        '`If-Match: "<version>"` and raises `version`. Errors are problem details (RFC 9457).'
    ),
    docs_url=None,
    urls_namespace="api_v1",
    auth=Bearer(),
    parser=JsonOnly(),
)
problems.install(api)
api.add_router("", topics.router)
api.add_router("", cases.router)
api.add_router("", tasks.router)
api.add_router("", actions.router)
api.add_router("", offers.router)
api.add_router("", approvals.router)
api.add_router("", verbs.router)
