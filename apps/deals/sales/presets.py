"""Which column of a sales file means what.

Known files are recognized by their header; any other is mapped by the words of its header, and a
person may name the columns. Header cells are compared in lower case without punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

NEEDED = {"address": "an address", "sold_on": "a sale date", "amount": "a sale price"}


@dataclass(frozen=True, slots=True)
class Preset:
    """A known layout. `columns`: field -> header; `identity`: fields that name a sale."""

    slug: str
    label: str
    columns: Mapping[str, str]
    identity: tuple[str, ...]
    state: str = ""
    usual_ratio: tuple[Decimal, Decimal] | None = None


# Connecticut assesses at 70 % of market value (C.G.S. §12-62a). Ratios this far off are left out
# as the IAAO Standard on Ratio Studies does with extreme ones before it measures a level.
CONNECTICUT = Preset(
    slug="ct_sales",
    label="State of Connecticut sales",
    columns={
        "serial": "serial number",
        "list_year": "list year",
        "sold_on": "date recorded",
        "city": "town",
        "address": "address",
        "assessed": "assessed value",
        "amount": "sale amount",
        "kind": "property type",
        "kind_detail": "residential type",
        "non_use": "non use code",
        "remarks": "assessor remarks",
        "remarks_2": "opm remarks",
        "point": "location",
    },
    identity=("list_year", "city", "serial"),
    state="CT",
    usual_ratio=(Decimal("0.20"), Decimal("1.50")),
)
NEW_YORK = Preset(
    slug="nyc_dof_sales",
    label="New York City sales",
    columns={
        "city": "borough",
        "kind": "building class category",
        "block": "block",
        "lot": "lot",
        "address": "address",
        "unit": "apartment number",
        "zip": "zip code",
        "units": "total units",
        "lot_sqft": "land square feet",
        "building_sqft": "gross square feet",
        "year_built": "year built",
        "amount": "sale price",
        "sold_on": "sale date",
    },
    identity=("city", "block", "lot", "sold_on", "amount"),
    state="NY",
)
PRESETS = (CONNECTICUT, NEW_YORK)
# Of several headers that fit, the one named first here is taken.
WORDS: dict[str, tuple[str, ...]] = {
    "address": ("property address", "situs address", "site address", "street address", "address",
                "location address", "property location", "situs", "street"),
    "unit": ("unit", "unit number", "apartment number", "apt"),
    "city": ("city", "town", "municipality", "situs city", "property city"),
    "state": ("state", "property state", "situs state"),
    "zip": ("zip", "zip code", "zipcode", "postal code", "property zip", "situs zip"),
    "sold_on": ("sale date", "date of sale", "sold date", "date sold", "date recorded",
                "recording date", "recorded date", "deed date", "close date", "date"),
    "amount": ("sale price", "sales price", "sold price", "price", "sale amount", "amount",
               "consideration", "close price"),
    "assessed": ("assessed value", "assessment", "total assessed value", "assessed"),
    "building_sqft": ("living area", "building sqft", "sqft", "square feet", "finished area",
                      "gross living area", "gla", "bldg sqft", "living square feet"),
    "lot_sqft": ("lot sqft", "lot size sqft", "land square feet", "lot size"),
    "bedrooms": ("bedrooms", "beds", "br"),
    "bathrooms": ("bathrooms", "baths", "ba", "total baths"),
    "year_built": ("year built", "yr built", "yearbuilt"),
    "kind": ("property type", "property class", "use code", "land use", "style"),
    "units": ("units", "total units", "number of units"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "serial": ("document number", "doc number", "instrument number", "sale id",
               "serial number", "id"),
    "non_use": ("non use code", "sale validity", "validity code", "disqualified reason"),
    "remarks": ("remarks", "comments", "notes"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What the columns of one file mean. `columns`: field -> number of its column."""

    preset: str
    label: str
    columns: dict[str, int] = field(default_factory=dict)


class ColumnsMissing(ValueError):
    """Without an address, a date and a price there is no sale; the text says what is missing."""


def plain(header: str) -> str:
    """'SALE_PRICE ($)' -> 'sale price'."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", header.lower()).split())


def preset_by_slug(slug: str) -> Preset | None:
    return next((preset for preset in PRESETS if preset.slug == slug), None)


def map_columns(header: Sequence[str], named: Mapping[str, str] | None = None) -> ColumnMap:
    """Recognize the file or guess its columns; `named` (field -> header) goes before a guess.

    Raises ColumnsMissing.
    """
    words = [plain(cell) for cell in header]
    for preset in PRESETS:
        if not named and set(preset.columns.values()) <= set(words):
            at = {name: words.index(column) for name, column in preset.columns.items()}
            return ColumnMap(preset.slug, preset.label, at)
    at = {}
    for name, spellings in WORDS.items():
        found = next((words.index(one) for one in spellings if one in words), None)
        if found is not None and found not in at.values():
            at[name] = found
    for name, column in (named or {}).items():
        if plain(column) not in words:
            raise ColumnsMissing(f"The file has no column “{column}”. It has: {', '.join(header)}.")
        at = {key: index for key, index in at.items() if index != words.index(plain(column))}
        at[name] = words.index(plain(column))
    missing = [what for name, what in NEEDED.items() if name not in at]
    if missing:
        raise ColumnsMissing(
            f"No column says {' or '.join(missing)}. Name the columns; the file has:"
            f" {', '.join(cell for cell in header if cell)[:300]}."
        )
    return ColumnMap("other", "Other sales file", at)
