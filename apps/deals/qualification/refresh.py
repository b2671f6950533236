"""DealMetrics from properties, owners, persons' values and the estimate policy, set-based.

One WITH … INSERT … SELECT … ON CONFLICT per call, which writes only the rows that differ. What a
deal has many of (signals, lists, numbers) is gathered in one pass each.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from .compile import Sql, join_sql
from .reckoned import RECKONED
from .refresh_columns import columns
from .refresh_sources import sources

_SCOPED = "d.id, d.workspace_id, d.property_id, d.seller_id, d.arv_amount, d.repairs_amount"
_JOINED = (
    " FROM scoped d JOIN deals_property p ON p.id = d.property_id"
    " LEFT JOIN contacts_contact c ON c.id = d.seller_id"
    " LEFT JOIN deals_estimatepolicy e ON e.workspace_id = d.workspace_id"
    " LEFT JOIN deals_dealmetrics o ON o.deal_id = d.id"
    " LEFT JOIN sg ON sg.property_id = d.property_id"
    " LEFT JOIN li ON li.property_id = d.property_id"
    " LEFT JOIN ph ON ph.deal_id = d.id"
    " LEFT JOIN em ON em.deal_id = d.id"
    " LEFT JOIN ow ON ow.contact_id = d.seller_id"
)


def refresh_metrics(*, scope: Sql, today: date) -> None:
    """Compute the metrics row of every deal in `scope`, a WHERE text over the deal `d`.

    Repeatable. ARV and repairs set by a person win; else the estimates of the policy stand in, as
    they do for a rent or a payment that no list gives.
    """
    held = columns(today)
    known = join_sql(", ", [Sql(f"{one.text} AS {name}", one.params) for name, one in held.items()])
    steps = [
        Sql(f"scoped AS MATERIALIZED (SELECT {_SCOPED} FROM deals_deal d WHERE {scope.text})",
            scope.params),
        *(Sql(f"{name} AS MATERIALIZED ({one.text})", one.params)
          for name, one in sources(today).items()),
        Sql(f"m AS MATERIALIZED (SELECT {known.text}{_JOINED})", known.params),
    ]  # fmt: skip
    reckoned = {name: formula.sql() for name, formula in RECKONED.items()}
    selected = join_sql(", ", [Sql(f"m.{name}") for name in held] + list(reckoned.values()))
    statement = join_sql(", ", steps)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Compiling a statement this wide takes seconds, running it for a slice milliseconds.
            cursor.execute("SET LOCAL jit = off")
        cursor.execute(
            f"WITH {statement.text} INSERT INTO deals_dealmetrics"
            f" ({', '.join([*held, *reckoned])}) SELECT {selected.text} FROM m WHERE true"
            f" ORDER BY m.deal_id {_on_conflict([*held, *reckoned])}",
            [*statement.params, *selected.params],
        )


def _on_conflict(names: list[str]) -> str:
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    compared = [name for name in names if name not in ("deal_id", "computed_on")]
    old = ", ".join(f"deals_dealmetrics.{name}" for name in compared)
    new = ", ".join(f"excluded.{name}" for name in compared)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names if name != "deal_id")
    return f"ON CONFLICT (deal_id) DO UPDATE SET {updates} WHERE ({old}) {differs} ({new})"
