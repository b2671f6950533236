"""Importing the shipped list: ours against hand-written staging and upserts on the same tables.

CPU seconds of this process plus, on PostgreSQL, of its backend: wall time says little on a busy
machine. Ours also writes history, facts and an answer per row, which the floor does not.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROUNDS = 3
SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "leads" / "new_haven_county.csv"
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
STAGED = (
    "line", "city", "state", "zip", "county", "apn", "owner", "mailing", "phone", "value",
    "balance",
)  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "a key for benchmarks only")
    os.environ["WAKE_WORKERS"] = "false"
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    held = setup_databases(verbosity=0, interactive=False)
    try:
        _report([_round(turn) for turn in range(ROUNDS)])
    finally:
        teardown_databases(held, verbosity=0)


def _round(turn: int) -> tuple[int, float, float, float]:
    from apps.deals.ingestion.reader import inspect

    content = SHIPPED.read_bytes()
    rows = inspect(io.BytesIO(content)).row_count
    mine, yours = _workspace(f"ours-{turn}"), _workspace(f"floor-{turn}")
    first = _cpu(lambda: _import(mine, content))
    floor = _cpu(lambda: _floor(yours, content))
    again = _cpu(lambda: _import(mine, content))
    return rows, first, floor, again


def _workspace(slug: str) -> Any:
    from apps.deals.actions import lay_pipeline
    from apps.events.actions import Actor
    from apps.workspaces.actions import create_workspace

    actor = Actor.system("bench")
    workspace = create_workspace(actor=actor, slug=slug, name=slug, now=NOW)
    lay_pipeline(workspace=workspace, actor=actor, now=NOW)
    return workspace


def _import(workspace: Any, content: bytes) -> None:
    from apps.deals.ingestion.actions import start_import
    from apps.deals.ingestion.reader import inspect
    from apps.deals.ingestion.worker import run_import
    from apps.events.actions import Actor

    held = start_import(
        workspace=workspace,
        actor=Actor.system("bench"),
        file_name=SHIPPED.name,
        list_file=inspect(io.BytesIO(content)),
        now=NOW,
    )
    done = run_import(held, clock=lambda: NOW)
    if done.state != "done" or done.rows_done != done.rows_total:
        raise SystemExit(f"the import ended {done.state} after {done.rows_done} rows")


def _floor(workspace: Any, content: bytes) -> None:
    """Parse, stage with upper-cased keys, and four set-based upserts: what cannot be saved."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_staging")
        cursor.execute(f"CREATE TEMPORARY TABLE bench_staging ({' text, '.join(STAGED)} text)")
        marks = ", ".join(["%s"] * len(STAGED))
        staged = list(_staged(content))
        if connection.vendor == "postgresql":
            with cursor.copy("COPY bench_staging FROM STDIN") as copy:
                for row in staged:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO bench_staging VALUES ({marks})", staged)
        for statement in _upserts(connection.vendor):
            cursor.execute(statement, {"workspace": workspace.pk, "now": NOW})


def _staged(content: bytes) -> Iterator[list[str]]:
    names = (
        "Address", "City", "State", "Zip", "County", "APN", "Owner 1 First Name",
        "Owner 1 Last Name", "Mailing Address", "Phone 1", "Est. Value",
        "Est. Remaining balance of Open Loans",
    )  # fmt: skip
    reader = csv.reader(io.StringIO(content.decode()))
    header = next(reader)
    at = [header.index(name) for name in names]
    for row in reader:
        line, city, state, zip_code, county, apn, first, last, mailing, phone, value, balance = (
            row[index].strip() for index in at
        )
        digits = "".join(letter for letter in phone if letter.isdigit())[:10]
        owner = f"{first} {last}".strip()
        value = value.replace("$", "").replace(",", "")
        yield [
            line.upper(), city, state, zip_code[:5], county.upper(), apn.upper(), owner,
            mailing.upper(), f"+1{digits}" if len(digits) == 10 else "",
            value if value.isdigit() else "0", balance if balance.isdigit() else "0",
        ]  # fmt: skip


def _upserts(vendor: str) -> list[str]:
    key = "gen_random_uuid()" if vendor == "postgresql" else "lower(hex(randomblob(16)))"
    no, edits = ("false", "'[]'::jsonb") if vendor == "postgresql" else ("0", "'[]'")
    return [
        f"""INSERT INTO deals_property (workspace_id, public_id, created_at, line, unit, city,
            state, zip, county, apn, county_key, apn_key, address_key, property_type, mls_status,
            is_do_not_mail, source, hand_edited, est_value_amount, loan_balance_amount)
        SELECT %(workspace)s, {key}, %(now)s, max(line), '', max(city), max(state), max(zip),
            county, apn, county, apn, max(line) || '|' || max(zip), '', '', {no}, 'bench', {edits},
            CAST(max(value) AS numeric), CAST(max(balance) AS numeric)
        FROM bench_staging WHERE apn <> '' AND county <> '' GROUP BY county, apn
        ON CONFLICT (workspace_id, county_key, apn_key) WHERE NOT (apn_key = '')
        DO UPDATE SET est_value_amount = excluded.est_value_amount""",
        f"""INSERT INTO contacts_contact (workspace_id, public_id, created_at, kind, name,
            first_name, last_name, care_of, match_key, mailing_line, mailing_unit, mailing_city,
            mailing_state, mailing_zip, mailing_key, is_do_not_mail, is_litigator, is_deceased,
            source)
        SELECT %(workspace)s, {key}, %(now)s, 'person', max(owner), '', '', '',
            upper(owner) || '|' || mailing, max(mailing), '', '', '', '', max(mailing), {no}, {no},
            {no}, 'bench'
        FROM bench_staging WHERE owner <> '' GROUP BY upper(owner) || '|' || mailing
        ON CONFLICT (workspace_id, match_key) DO NOTHING""",
        f"""INSERT INTO contacts_phone (workspace_id, public_id, created_at, contact_id, e164,
            rank, line_type, status, is_dnc, source)
        SELECT %(workspace)s, {key}, %(now)s, c.id, s.phone, 1, 'mobile', 'unverified', {no},
            'bench'
        FROM (SELECT DISTINCT owner, mailing, phone FROM bench_staging WHERE phone <> '') s
        JOIN contacts_contact c ON c.workspace_id = %(workspace)s
            AND c.match_key = upper(s.owner) || '|' || s.mailing
        WHERE true ON CONFLICT (workspace_id, contact_id, e164) DO NOTHING""",
        f"""INSERT INTO deals_deal (workspace_id, public_id, created_at, property_id, stage_id,
            status, source, search_text, arv_source, repairs_source, stage_entered_at)
        SELECT %(workspace)s, {key}, %(now)s, p.id, s.id, 'open', 'bench', p.line, '', '', %(now)s
        FROM deals_property p JOIN deals_stage s ON s.workspace_id = p.workspace_id
            AND s.kind = 'new'
        WHERE p.workspace_id = %(workspace)s ON CONFLICT (property_id) DO NOTHING""",
    ]


def _cpu(work: Callable[[], None]) -> float:
    start = time.process_time() + _backend_cpu()
    work()
    return time.process_time() + _backend_cpu() - start


def _backend_cpu() -> float:
    """CPU seconds of this connection's PostgreSQL backend, when it is a process of this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _report(rounds: list[tuple[int, float, float, float]]) -> None:
    from django.db import connection

    rows = rounds[0][0]
    first, floor, again = (
        statistics.median(column) for column in list(zip(*rounds, strict=True))[1:]
    )
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    shared = {
        "unit": "rows per CPU second",
        "peer": None,
        "ratio_to_peer": None,
        "database": connection.vendor,
        "machine": machine,
    }
    figures = [
        {
            "name": "import.first",
            "value": round(rows / first),
            "floor": round(rows / floor),
            "ratio_to_floor": round(statistics.median(f / m for _, m, f, _ in rounds), 3),
        },
        {
            "name": "import.unchanged",
            "value": round(rows / again),
            "floor": round(rows / first),
            "ratio_to_floor": round(statistics.median(m / a for _, m, _, a in rounds), 3),
            "note": "floor is the first load; at least 2 is wanted",
        },
    ]
    for figure in figures:
        print(json.dumps(figure | shared))


if __name__ == "__main__":
    main()
