"""An MLS in memory that speaks enough OData: the filters, order and pages that a feed asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from tests.deals.feeds.conftest import Asked, Said

START = datetime(2026, 1, 1, tzinfo=UTC)
EDMX = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="org.reso.metadata" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Media"><Property Name="ListPrice" Type="Edm.Decimal"/></EntityType>
<EntityType Name="Property"><Key><PropertyRef Name="ListingKey"/></Key>
{fields}<Property Name="ACME_Local" Type="Edm.String"/></EntityType></Schema>
</edmx:DataServices></edmx:Edmx>"""


def edmx(*names: str, status: str = "Edm.String") -> bytes:
    lines = [
        f'<Property Name="{name}" Type="{status if name == "StandardStatus" else "Edm.String"}"/>'
        for name in names
    ]
    return EDMX.format(fields="".join(lines)).encode()


# Longer than what is read again for the sake of late writers, which would hide every mistake.
TICK = timedelta(minutes=7)


def stamp(tick: int) -> str:
    return (START + tick * TICK).isoformat().replace("+00:00", "Z")


def http_date(tick: int, skew: int = 0) -> str:
    """The server's clock at a tick, `skew` seconds wrong."""
    return (START + tick * TICK + timedelta(seconds=skew)).strftime("%a, %d %b %Y %H:%M:%S GMT")


@dataclass
class Mls:
    """Listings by key: (tick of the last change, price).

    `links`: cursor, offset, relative, none, or capped: cursors that end at $top.
    """

    listings: dict[str, tuple[int, int]] = field(default_factory=dict)
    links: str = "cursor"
    metadata: bytes = b"none"
    tick: int = 0
    server_page: int = 1000

    def reply(self, asked: Asked) -> Said:
        if asked.path.endswith("$metadata"):
            return Said(self.metadata)
        query = asked.query
        if "$skiptoken" in query:
            after, limit, condition = query["$skiptoken"].split("~")
            limit = str(int(limit) - self.server_page) if self.links == "capped" else limit
            rows = [row for row in self._rows(condition) if self._place(row) > self._parsed(after)]
        else:
            condition, limit = query.get("$filter", ""), query["$top"]
            rows = self._rows(condition)[int(query.get("$skip", 0)) :]
        page = rows[: min(int(limit), self.server_page)]
        body: dict = {"@odata.count": str(len(rows)), "value": [self.raw(row) for row in page]}
        is_over = self.links == "capped" and int(limit) <= len(page)
        if len(rows) > len(page) and self.links != "none" and not is_over:
            body["@odata.nextLink"] = self._link(asked, page[-1], limit, condition, len(page))
        return Said(body)

    def _rows(self, condition: str) -> list[str]:
        keys = [key for key in self.listings if self._matches(key, condition)]
        return sorted(keys, key=self._place)

    def _place(self, key: str) -> tuple[int, str]:
        return self.listings[key][0], key

    def _parsed(self, text: str) -> tuple[int, str]:
        tick, _, key = text.partition(".")
        return int(tick), key

    def _matches(self, key: str, condition: str) -> bool:
        tick = stamp(self.listings[key][0])
        if not condition:
            return True
        if found := re.fullmatch(r"ModificationTimestamp ge (\S+)", condition):
            return tick >= found[1]
        found = re.fullmatch(
            r"\(ModificationTimestamp gt (\S+) or \(ModificationTimestamp eq (\S+) and ListingKey"
            r" gt '(.*)'\)\)",
            condition,
        )
        assert found, condition
        return tick > found[1] or (tick == found[2] and key > found[3])

    def _link(self, asked: Asked, last: str, limit: str, condition: str, count: int) -> str:
        if self.links == "offset":
            skip = int(asked.query.get("$skip", 0)) + count
            query = {"$skip": skip, "$top": limit, "$filter": condition}
        else:
            tick, key = self._place(last)
            query = {"$skiptoken": f"{tick}.{key}~{limit}~{condition}"}
        relative = f"Property?{urlencode(query)}"
        if self.links == "relative":
            return relative
        return f"http://{asked.headers['host']}/odata/{relative}"

    def raw(self, key: str) -> dict:
        tick, price = self.listings[key]
        return {
            "ListingKey": key,
            "ModificationTimestamp": stamp(tick),
            "ListPrice": price,
            "StandardStatus": "ActiveUnderContract",
            "StreetNumber": "12",
            "StreetName": key,
            "City": None,
        }
