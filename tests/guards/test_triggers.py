"""Facts are never changed, whatever asks for it."""

import pytest
from django.db import connection

from derman.audit import triggers

pytestmark = pytest.mark.django_db


def test_every_table_of_facts_has_its_triggers():
    wanted = {name for name, _ in triggers.names(connection)}
    assert len(wanted) == len(triggers.APPEND_ONLY)

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {row[0] for row in cursor.fetchall()}
    if connection.vendor == "postgresql":
        wanted |= {f"{name}_truncate" for name in wanted}
    else:
        wanted = {f"{name}_{verb}" for name in wanted for verb in ("update", "delete")}
    assert wanted <= there
