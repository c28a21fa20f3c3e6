"""The limit for registering a case: the same rows written by pgbench, with nothing around them.

Six INSERT statements in one transaction, into the same tables with all their indexes, constraints
and triggers, by prepared statements over the Unix socket: PostgreSQL alone, without Derman.
"""

import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from derman.bench import cluster
from derman.bench.crowd import FIRST_ACCOUNT

TEXT = (
    "Apartmanın girişindeki sayaç dairemize ait görünmüyor; üç aydır gelen faturalar komşumuzun "
    "okumasıyla aynı. Yerinde kontrol edilip düzeltilmesini istiyorum, gündüz evdeyim."
)
WORDS = "apartman girisindeki sayac dairemize ait gorunmuyor uc aydir gelen fatura komsu okuma"
STEP = '{"step": "start", "at": "2026-03-02T06:00:00+00:00", "zone": "Europe/Istanbul"}'
SEALED = "v1.k1." + "Zk3" * 20
DETAILS = '{"kind": "complaint", "unit": "metering", "channel": "phone", "first_contact": false}'

SCRIPT = f"""
\\set n random(1, 100000000000)
\\set account random(0, ACCOUNTS - 1)
BEGIN;
INSERT INTO people_customer (id, kind, name, name_folded, tckn, tckn_index, vkn, vkn_index,
    language, created_at)
  VALUES (md5('c' || :n)::uuid, 'person', 'Ayşe Yılmaz', 'ayse yilmaz', '', '', '', '', 'tr',
    now());
INSERT INTO people_contactpoint (id, customer_id, kind, value, value_index, address, state,
    created_at)
  VALUES (md5('p' || :n)::uuid, md5('c' || :n)::uuid, 'phone', '{SEALED}',
    md5('v' || :n) || md5('w' || :n), '', 'unverified', now());
INSERT INTO cases_case (id, number, follow_key, version, profile_id, kind, channel, main_topic,
    topic, region, office, place, description, proposal, language, applicant_id, relation,
    customer_id, account_id, account_number, reply_channel, secret_reporter, state, state_since,
    priority, unit, owner_unit, inform_unit, received_at, due_at, acknowledge_due_at, cycle,
    decision, closing_reason, first_contact, is_repeat)
  SELECT md5('k' || :n)::uuid, lpad(:n::text, 12, '0'), '7K3M', 1, PROFILE, 'complaint', 'phone',
    'metering', 'metering.meter_fault', region, '', '', '{TEXT}', '', 'tr', md5('c' || :n)::uuid,
    'holder', md5('c' || :n)::uuid, id, number, '', false, 'received', now(), 'normal', 'metering',
    'solution', '', now(), now() + interval '10 days', now() + interval '1 day', 1, '', '', false,
    false
  FROM people_account WHERE number = ({FIRST_ACCOUNT} + :account)::text;
INSERT INTO cases_clock (id, case_id, kind, cycle, budget, started_at, due_at, state, pauses,
    derivation, next_at, level, reckoned_with)
  SELECT md5(kind || :n)::uuid, md5('k' || :n)::uuid, kind, 1, '24 hours', now(),
    now() + interval '1 day', 'running', '[]', '[{STEP}, {STEP}, {STEP}]',
    now() + interval '20 hours', 0, ''
  FROM unnest(ARRAY['resolve', 'acknowledge']) AS wanted (kind);
INSERT INTO cases_searchentry (case_id, words) VALUES (md5('k' || :n)::uuid, '{WORDS} ' || :n);
WITH event AS (
  INSERT INTO cases_event (case_id, type, at, profile_id, details)
  VALUES (md5('k' || :n)::uuid, 'opened', now(), PROFILE, '{DETAILS}') RETURNING id)
  INSERT INTO cases_dispatch (event_id, not_before, urgent) SELECT id, now(), false FROM event;
COMMIT;
"""  # noqa: S608 (nothing but constants of this module)


class Failed(Exception):
    """pgbench did not do its work; the text says why."""


def measure(url: str, *, accounts: int, profile: int, concurrency: int, seconds: int) -> float:
    """Transactions a second."""
    script = SCRIPT.replace("ACCOUNTS", str(accounts)).replace("PROFILE", str(profile))
    parts = urlsplit(url)
    with tempfile.TemporaryDirectory(prefix="derman-pgbench-") as folder:
        path = Path(folder) / "register.sql"
        path.write_text(script, encoding="utf-8")
        command = [
            str(cluster.find_programs() / "pgbench"), "--no-vacuum", "--protocol=prepared",
            f"--client={concurrency}", "--jobs=1", f"--time={seconds}", f"--file={path}",
            "-h", parse_qs(parts.query)["host"][0], "-U", parts.username or "", parts.path[1:],
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True)
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode or rate is None:
        raise Failed(f"pgbench: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return float(rate[1])
