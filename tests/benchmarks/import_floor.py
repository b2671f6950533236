"""What an import costs at least: parse, COPY into a staging table, set-based normalise and upsert.

`is_whole=False` fills properties, contacts, phones and deals; `True` writes the facts and the
record history of all four as well, by INSERT … SELECT. PostgreSQL only.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

TAKEN = {
    "line": "Address", "city": "City", "state": "State", "zip": "Zip", "county": "County",
    "apn": "APN", "phone_1": "Phone 1", "type_1": "Phone 1 Type", "dnc_1": "Phone 1 DNC",
    "phone_2": "Phone 2", "type_2": "Phone 2 Type", "dnc_2": "Phone 2 DNC",
    "occupied": "Owner Occupied", "first": "Owner 1 First Name", "last": "Owner 1 Last Name",
    "m_line": "Mailing Address", "m_city": "Mailing City", "m_state": "Mailing State",
    "m_zip": "Mailing Zip", "kind": "Property Type", "bedrooms": "Bedrooms",
    "bathrooms": "Total Bathrooms", "sqft": "Building Sqft", "lot": "Lot Size Sqft",
    "year": "Effective Year Built", "assessed": "Total Assessed Value",
    "sold_on": "Last Sale Recording Date", "sold_for": "Last Sale Amount",
    "loans": "Total Open Loans", "balance": "Est. Remaining balance of Open Loans",
    "value": "Est. Value", "mls": "MLS Status", "mls_on": "MLS Date", "mls_for": "MLS Amount",
    "lists": "Marketing Lists",
}  # fmt: skip
OWNER = "trim(first || ' ' || last)"
OWNER_KEY = f"upper({OWNER} || '|' || m_line || '|' || m_zip)"


def load(workspace: Any, content: bytes, now: datetime, *, is_whole: bool) -> None:
    """One file into one workspace, in one transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_staging")
        cursor.execute(f"CREATE TEMPORARY TABLE bench_staging ({' text, '.join(TAKEN)} text)")
        with cursor.copy("COPY bench_staging FROM STDIN") as copy:
            for row in _staged(content):
                copy.write_row(row)
        given = {"workspace": workspace.pk, "now": now}
        before = _highest(cursor)
        for statement in _upserts():
            cursor.execute(statement, given)
        if is_whole:
            for statement in _history_and_facts(before):
                cursor.execute(statement, given)


def _staged(content: bytes) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(content.decode()))
    header = next(rows)
    at = [header.index(name) for name in TAKEN.values()]
    for row in rows:
        yield [row[index] for index in at]


def _models() -> list[Any]:
    from apps.contacts.models import Contact, Phone
    from apps.deals.models import Deal, Property

    return [Property, Contact, Phone, Deal]


def _highest(cursor: Any) -> dict[str, int]:
    found = {}
    for model in _models():
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {model._meta.db_table}")
        found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def _insert(model: Any, given: dict[str, str], source: str) -> str:
    """INSERT … SELECT with Django's defaults in the columns that are not given."""
    given = {
        "workspace_id": "%(workspace)s", "public_id": "gen_random_uuid()", "created_at": "%(now)s",
        **given,
    }  # fmt: skip
    for field in model._meta.concrete_fields:
        if not (field.primary_key or field.generated or field.null or field.column in given):
            given[field.column] = _literal(field.get_default())
    columns = ", ".join(f'"{name}"' for name in given)
    values = ", ".join(given.values())
    return f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {values} {source}"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, list | dict):
        return f"'{json.dumps(value)}'::jsonb"
    return f"'{value or ''}'"


def _number(column: str, type_: str = "numeric") -> str:
    return f"CAST(nullif(max({column}), '') AS {type_})"


def _upserts() -> list[str]:
    from apps.contacts.models import Contact, Phone
    from apps.deals.models import Deal, Property

    county, apn = "upper(county)", "regexp_replace(upper(apn), '[^A-Z0-9.]+', '', 'g')"
    place = "upper(max(line)) || '||' || max(zip)"
    phone = "'+1' || right(regexp_replace(phone, '[^0-9]', '', 'g'), 10)"
    return [
        _insert(Property, {
            "line": "max(line)", "city": "max(city)", "state": "max(state)", "zip": "max(zip)",
            "county": "max(county)", "apn": "max(apn)", "county_key": county, "apn_key": apn,
            "address_key": place, "property_type": "max(kind)",
            "bedrooms": _number("bedrooms"), "bathrooms": _number("bathrooms"),
            "building_sqft": _number("sqft", "integer"), "lot_sqft": _number("lot", "integer"),
            "effective_year_built": _number("year", "smallint"),
            "assessed_amount": _number("assessed"), "last_sale_on": _number("sold_on", "date"),
            "last_sale_amount": _number("sold_for"), "open_loans": _number("loans", "smallint"),
            "loan_balance_amount": _number("balance"), "est_value_amount": _number("value"),
            "mls_status": "max(mls)", "mls_on": _number("mls_on", "date"),
            "mls_amount": _number("mls_for"), "list_count": _number("lists", "smallint"),
            "is_owner_occupied_by_vendor": "max(occupied) = 'Yes'",
            "is_mailing_same": "max(upper(line)) = max(upper(m_line))", "source": "'bench'",
            "as_of": "DATE '2026-06-15'",
        }, f"""FROM bench_staging WHERE apn <> '' GROUP BY {county}, {apn}
            ON CONFLICT (workspace_id, county_key, apn_key) WHERE NOT (apn_key = '')
            DO UPDATE SET est_value_amount = excluded.est_value_amount"""),
        _insert(Contact, {
            "kind": "CASE WHEN max(last) LIKE '%%LLC' THEN 'company' ELSE 'person' END",
            "name": f"max({OWNER})", "first_name": "max(first)", "last_name": "max(last)",
            "match_key": OWNER_KEY, "mailing_line": "max(m_line)", "mailing_city": "max(m_city)",
            "mailing_state": "max(m_state)", "mailing_zip": "max(m_zip)",
            "mailing_key": "upper(max(m_line)) || '||' || max(m_zip)", "source": "'bench'",
            "check_due_at": "%(now)s",
        }, f"""FROM bench_staging WHERE last <> '' GROUP BY {OWNER_KEY}
            ON CONFLICT (workspace_id, match_key) DO NOTHING"""),
        _insert(Phone, {
            "created_at": "%(now)s", "contact_id": "c.id", "e164": "s.e164", "rank": "s.rank",
            "line_type": "s.line_type", "status": "'unverified'", "is_dnc": "s.is_dnc",
            "source": "'bench'",
        }, f"""FROM (SELECT DISTINCT ON (key, e164) key, e164, rank, line_type, is_dnc FROM (
                SELECT {OWNER_KEY} AS key, {phone} AS e164, rank, line_type, is_dnc
                FROM bench_staging CROSS JOIN LATERAL (VALUES
                    (1, phone_1, lower(type_1), dnc_1 = 'Yes'),
                    (2, phone_2, lower(type_2), dnc_2 = 'Yes'))
                    AS p (rank, phone, line_type, is_dnc)
                WHERE phone <> '') listed ORDER BY key, e164, rank) s
            JOIN contacts_contact c ON c.workspace_id = %(workspace)s AND c.match_key = s.key
            ON CONFLICT (workspace_id, contact_id, e164) DO NOTHING"""),
        _insert(Deal, {
            "workspace_id": "p.workspace_id", "property_id": "p.id", "stage_id": "st.id",
            "status": "'open'", "seller_id": "c.id", "source": "'bench'",
            "search_text": "lower(p.line || ' ' || p.city || ' ' || c.name)",
            "stage_entered_at": "%(now)s",
        }, f"""FROM (SELECT DISTINCT ON (1, 2) {county} AS county_key, {apn} AS apn_key,
                {OWNER_KEY} AS key FROM bench_staging) s
            JOIN deals_property p ON p.workspace_id = %(workspace)s
                AND p.county_key = s.county_key AND p.apn_key = s.apn_key
            JOIN contacts_contact c ON c.workspace_id = p.workspace_id AND c.match_key = s.key
            JOIN deals_stage st ON st.workspace_id = p.workspace_id AND st.kind = 'new'
            ON CONFLICT (property_id) DO NOTHING"""),
        """INSERT INTO deals_dealparty (workspace_id, public_id, created_at, deal_id, contact_id,
                part, rank)
            SELECT d.workspace_id, gen_random_uuid(), %(now)s, d.id, d.seller_id, 'owner', 1
            FROM deals_deal d WHERE d.workspace_id = %(workspace)s AND d.created_at = %(now)s
            ON CONFLICT (workspace_id, deal_id, contact_id) DO NOTHING""",
    ]  # fmt: skip


def _history_and_facts(before: dict[str, int]) -> list[str]:
    statements = []
    for model in _models():
        table, record = model._meta.db_table, model.history.model._meta.db_table
        columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields)
        statements.append(
            f"""INSERT INTO {record} ({columns}, history_date, history_type, history_change_reason,
                history_actor) SELECT {columns}, %(now)s, '+', 'imported from a list', 'bench'
            FROM {table} WHERE workspace_id = %(workspace)s AND id > {before[table]}"""
        )
    statements.append(
        f"""INSERT INTO events_event (public_id, workspace_id, name, subject_kind, subject, deal,
            actor_kind, actor_id, actor_label, payload, occurred_at)
        SELECT gen_random_uuid(), d.workspace_id, 'deals.deal_opened.v1', 'deal', d.public_id,
            d.public_id, 'system', '', 'bench', jsonb_build_object('stage', 'new', 'status', 'open',
            'address', p.line || ', ' || p.city || ', ' || p.state || ' ' || p.zip,
            'source', 'bench', 'seller', c.public_id, 'lead_import', NULL), %(now)s
        FROM deals_deal d JOIN deals_property p ON p.id = d.property_id
            JOIN contacts_contact c ON c.id = d.seller_id
        WHERE d.workspace_id = %(workspace)s AND d.id > {before["deals_deal"]}"""
    )
    return statements
