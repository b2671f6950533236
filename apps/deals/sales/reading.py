"""One row of a sales file turned into a sale, or into the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from apps.common.addresses import cleaned, normalize_state, normalize_zip, split_unit
from apps.common.ids import digest
from apps.common.names import display_case
from apps.deals.ingestion import cells
from apps.deals.sales.presets import Preset, preset_by_slug
from apps.deals.sales.rules import kind_of
from apps.deals.sales.types import SaleRow

_POINT = re.compile(r"POINT ?\( ?(-?\d+\.?\d*) (-?\d+\.?\d*) ?\)")
# Open data portals write a day as a moment: 2021-02-09T00:00:00.000
_MILLISECONDS = re.compile(r"(?<=:\d\d)(\.\d+)?Z?$")
_CODE = re.compile(r"^\d+\s*-?\s*")
# The borough by its number, as the city's own files write it.
_BOROUGHS = {"1": "Manhattan", "2": "Bronx", "3": "Brooklyn", "4": "Queens", "5": "Staten Island"}
_MOST = {"external_id": 120, "line": 160, "unit": 40, "city": 80, "remarks": 400, "non_use": 120}


class SaleReader:
    """Rows of one file. `columns`: field -> number of its column."""

    def __init__(self, preset: str, columns: Mapping[str, int], default_state: str = "") -> None:
        self.preset = preset_by_slug(preset) or Preset(preset, preset, {}, ("serial",))
        self.columns = columns
        self.default_state = self.preset.state or default_state

    def read(self, row_no: int, row: Sequence[str]) -> SaleRow:
        """The sale a row tells of; with a `rejection` where it tells of none."""

        def get(name: str) -> str:
            at = self.columns.get(name)
            return cells.text_of(row[at]) if at is not None and at < len(row) else ""

        amount, sold_on = (
            cells.money_of(get("amount")),
            cells.date_of(_MILLISECONDS.sub("", get("sold_on"))),
        )
        line, unit = _street(get("address"), get("unit"))
        state = normalize_state(get("state")) or self.default_state
        latitude, longitude = _point(get("point"), get("latitude"), get("longitude"))
        kind_words = f"{get('kind_detail')} {get('kind')}"
        values: dict[str, Any] = {
            "external_id": self._identity(get, line, unit),
            "line": display_case(line),
            "unit": unit,
            "city": display_case(_BOROUGHS.get(get("city"), get("city"))),
            "remarks": " / ".join(filter(None, (get("remarks"), get("remarks_2")))),
            "non_use": get("non_use"),
        }
        return SaleRow(
            row_no=row_no,
            sold_on=sold_on,
            amount=amount,
            state=state,
            zip_code=normalize_zip(get("zip"), state),
            latitude=latitude,
            longitude=longitude,
            assessed_amount=_above_zero(cells.money_of(get("assessed"))),
            building_sqft=_above_zero(cells.integer_of(get("building_sqft"))),
            lot_sqft=_above_zero(cells.lot_sqft_of(get("lot_sqft"))[0]),
            bedrooms=_small(cells.number_of(get("bedrooms"))),
            bathrooms=_small(cells.number_of(get("bathrooms"))),
            year_built=_year(cells.integer_of(get("year_built"))),
            kind=kind_of(_CODE.sub("", kind_words.strip()), cells.integer_of(get("units"))),
            usual_ratio=self.preset.usual_ratio,
            rejection=_rejection(get, line, sold_on, amount),
            **{name: text[: _MOST[name]] for name, text in values.items()},
        )

    def _identity(self, get: Any, line: str, unit: str) -> str:
        named = "|".join(get(name) for name in self.preset.identity)
        if named.strip("|"):
            return named
        parts = (
            cleaned(line),
            cleaned(unit),
            get("city"),
            get("zip"),
            get("sold_on"),
            get("amount"),
        )
        return digest("|".join(parts))[:40]


def _street(address: str, unit: str) -> tuple[str, str]:
    """'347 EAST 4TH STREET, 5B' has its apartment behind the comma."""
    line, comma, behind = address.partition(",")
    if comma and not unit and 0 < len(behind.strip()) <= 8:
        return line.strip(), behind.strip()
    _, found = split_unit(address)
    if found and not unit:
        head = re.split(r"\s+(?:#|\b(?:apt|unit|ste|suite)\b)", address, maxsplit=1, flags=re.I)
        if len(head) == 2:
            return head[0].rstrip(" ,"), found
    return address, unit


def _rejection(get: Any, line: str, sold_on: Any, amount: Any) -> str:
    if not re.search(r"[A-Za-z]", line):
        return "There is no street address."
    if sold_on is None:
        written = get("sold_on")
        return f"“{written[:40]}” is no date." if written else "There is no sale date."
    if amount is None:
        written = get("amount")
        return f"“{written[:40]}” is no price." if written else "There is no price."
    return "The price is below zero." if amount < 0 else ""


def _point(point: str, latitude: str, longitude: str) -> tuple[float | None, float | None]:
    if match := _POINT.search(point.upper()):
        longitude, latitude = match[1], match[2]
    north, east = cells.number_of(latitude), cells.number_of(longitude)
    if north is None or east is None or not (-90 <= north <= 90 and -180 <= east <= 180):
        return None, None
    return (float(north), float(east)) if north or east else (None, None)


def _above_zero(number: Any) -> Any:
    return number if number and number > 0 else None


def _small(number: Decimal | None) -> Decimal | None:
    return number.quantize(Decimal("0.1")) if number and 0 < number < 1000 else None


def _year(year: int | None) -> int | None:
    return year if year and 1600 <= year <= 2200 else None
