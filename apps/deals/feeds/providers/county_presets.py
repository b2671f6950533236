"""Layouts of county and city tables: what their columns mean, in the importer's words.

New York City names a lot by its BBL: borough (1 digit), block (5), lot (4). Each borough is a
county: https://www.nyc.gov/site/planning/data-maps/open-data/dwn-pluto-mappluto.page
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.common.names import NameKind, name_kind
from apps.deals.feeds.providers.answers import at, positive_at, text_at

_NOT_LETTER = re.compile(r"[^a-z0-9]+")
_POINT = re.compile(r"POINT ?\((-?[\d.]+) (-?[\d.]+)\)")
# Number of the borough -> (county FIPS, county, city as in addresses).
_BOROUGHS = {
    "1": ("36061", "New York", "New York"),
    "2": ("36005", "Bronx", "Bronx"),
    "3": ("36047", "Kings", "Brooklyn"),
    "4": ("36081", "Queens", "Queens"),
    "5": ("36085", "Richmond", "Staten Island"),
}
_BOROUGH_NAMES = {
    "MN": "1",
    "MANHATTAN": "1",
    "BX": "2",
    "BRONX": "2",
    "BK": "3",
    "BROOKLYN": "3",
    "QN": "4",
    "QUEENS": "4",
    "SI": "5",
    "ST": "5",
    "STATEN ISLAND": "5",
}
_DATE_FORMS = ("%m/%d/%Y", "%Y%m%d", "%m/%Y")
Row = Mapping[str, Any]


def squeezed(column: str) -> str:
    """'Tax Lot', 'tax_lot' and 'TaxLot' are one column; ':updated_at' is 'updatedat'."""
    return _NOT_LETTER.sub("", column.lower())


@dataclass(frozen=True, slots=True)
class Preset:
    """`columns`: squeezed column -> field.

    `where` leaves out at the source what is over, on the first reading; later ones must hear what
    ended. `is_over` tells such a row.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    more: Callable[[Row], dict[str, str]] = lambda row: {}
    where: str = ""
    is_over: Callable[[Row], bool] = lambda row: False

    def cells(self, row: Row) -> dict[str, str]:
        found = {name: text_at(row, column) for column, name in self.columns.items()}
        return found | self.more(row)


def iso_day(text: str) -> str:
    """'01/30/2023', '20040716', '04/2019' and ISO timestamps -> '2023-01-30'; else as it was."""
    text = text.strip()
    if text[4:5] == "-":
        return text[:10]
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text[:10], form).date().isoformat()
        except ValueError:
            continue
    return text


def turned_name(text: str) -> str:
    """'RODRIGUEZ, JOSE R' -> 'JOSE R RODRIGUEZ'; the names of companies stay as they are."""
    last, comma, first = text.partition(",")
    first = first.partition("/")[0]
    if not comma or not first.strip() or "," in first or name_kind(text) != NameKind.PERSON:
        return text
    return f"{first.strip()} {last.strip()}"


def nyc_place(row: Row) -> dict[str, str]:
    """County, parcel number and city of a lot in New York City."""
    bbl = text_at(row, "bbl").partition(".")[0]
    borough = bbl[:1] if len(bbl) == 10 and bbl.isdigit() else _borough(row)
    fips, county, city = _BOROUGHS.get(borough, ("", "", ""))
    block, lot = _block_and_lot(row)
    if not (len(bbl) == 10 and bbl.isdigit()):
        whole = borough and block.isdigit() and lot.isdigit()
        bbl = f"{borough}{int(block):05d}{int(lot):04d}" if whole else ""
    place = {"fips": fips, "county": county, "city": city, "apn": bbl}
    return place | {"state": "NY" if fips else ""}


def _borough(row: Row) -> str:
    for column in ("borocode", "boroid", "boro", "borough"):
        text = text_at(row, column).upper()
        found = text if text in _BOROUGHS else _BOROUGH_NAMES.get(text, "")
        if found:
            return found
    return ""


def _block_and_lot(row: Row) -> tuple[str, str]:
    return (
        text_at(row, "block") or text_at(row, "taxblock"),
        text_at(row, "lot") or text_at(row, "taxlot"),
    )


def _line(row: Row, number: str, street: str) -> str:
    return f"{text_at(row, number)} {text_at(row, street)}".strip()


def _nyc_sale(row: Row) -> dict[str, str]:
    return nyc_place(row) | {
        "last_sale_on": iso_day(text_at(row, "saledate")),
        "year_built": positive_at(row, "yearbuilt"),
        "building_sqft": _area(row, "grosssquarefeet"),
        "lot_sqft": _area(row, "landsquarefeet"),
        "units": positive_at(row, "totalunits"),
    }


def _nyc_tax_lien(row: Row) -> dict[str, str]:
    cells = {"line": _line(row, "housenumber", "streetname"), "zip": text_at(row, "zipcode")}
    return nyc_place(row) | cells | {"signals": f"tax_lien:{iso_day(text_at(row, 'month'))}"}


def _case(kind: str, number: str, first: str, *, is_over: bool, last: str = "") -> str:
    """A signal as the importer reads it; one that is over has its last day, if anybody says."""
    reference = "".join("-" if letter in ":|#" else letter for letter in number)
    day = f"{first}/{iso_day(last) or 'over'}" if is_over else first
    return f"{kind}#{reference}:{day}" if reference else f"{kind}:{day}"


def _hpd_is_over(row: Row) -> bool:
    return text_at(row, "violationstatus").upper() == "CLOSE"


def _vacate_is_over(row: Row) -> bool:
    return bool(text_at(row, "rescinddate"))


def _dob_is_over(row: Row) -> bool:
    return bool(text_at(row, "dispositiondate"))


def _nyc_hpd_violation(row: Row) -> dict[str, str]:
    day = iso_day(text_at(row, "inspectiondate"))
    cells = {
        "line": _line(row, "housenumber", "streetname"),
        "zip": text_at(row, "postcode") or text_at(row, "zip"),
        "signals": _case(
            "violation",
            text_at(row, "violationid"),
            day,
            is_over=_hpd_is_over(row),
            last=text_at(row, "currentstatusdate"),
        ),
    }
    return nyc_place(row) | cells


def _nyc_vacate_order(row: Row) -> dict[str, str]:
    """A rescinded order is over. Orders have a number where the city gives one."""
    day = iso_day(text_at(row, "vacateeffectivedate"))
    cells = {
        "line": _line(row, "number", "street") or _line(row, "housenumber", "streetname"),
        "zip": text_at(row, "postcode"),
        "signals": _case(
            "vacate_order",
            text_at(row, "vacateordernumber"),
            day,
            is_over=_vacate_is_over(row),
            last=text_at(row, "rescinddate"),
        ),
    }
    return nyc_place(row) | cells


def _nyc_dob_violation(row: Row) -> dict[str, str]:
    told = _case(
        "violation",
        text_at(row, "isndobbisviol") or text_at(row, "number"),
        iso_day(text_at(row, "issuedate")),
        is_over=_dob_is_over(row),
        last=text_at(row, "dispositiondate"),
    )
    return nyc_place(row) | {"line": _line(row, "housenumber", "street"), "signals": told}


def _nyc_pluto(row: Row) -> dict[str, str]:
    return nyc_place(row) | {
        "owner_name": turned_name(text_at(row, "ownername")),
        "building_sqft": _area(row, "bldgarea"),
        "lot_sqft": _area(row, "lotarea"),
        "year_built": positive_at(row, "yearbuilt"),
        "units": positive_at(row, "unitstotal"),
        "assessed_amount": _area(row, "assesstot"),
    }


def _ct_sale(row: Row) -> dict[str, str]:
    """A code of non-use means that it was no sale between strangers; the note keeps it."""
    latitude, longitude = _point(row)
    code = text_at(row, "nonusecode")
    return {
        "state": "CT",
        "last_sale_on": iso_day(text_at(row, "daterecorded")),
        "property_type": text_at(row, "residentialtype") or text_at(row, "propertytype"),
        "latitude": latitude,
        "longitude": longitude,
        "notes": f"Non-use code: {code}" if code else "",
    }


def _point(row: Row) -> tuple[str, str]:
    """('lat', 'lon') of a location written as WKT, GeoJSON or Socrata's own object."""
    location = at(row, "location") or at(row, "geocoordinates")
    match = _POINT.search(location) if isinstance(location, str) else None
    if match:
        return match[2], match[1]
    if text_at(location, "latitude"):
        return text_at(location, "latitude"), text_at(location, "longitude")
    return text_at(location, "coordinates", 1), text_at(location, "coordinates", 0)


def _area(row: Row, column: str) -> str:
    """Numbers with thousands separators; 0 means unknown."""
    text = text_at(row, column).replace(",", "")
    return text if text.replace(".", "", 1).isdigit() and float(text) > 0 else ""


PRESETS: dict[str, Preset] = {
    "nyc_sales": Preset(
        {
            "address": "line",
            "apartmentnumber": "unit",
            "zipcode": "zip",
            "saleprice": "last_sale_amount",
            "buildingclasscategory": "property_type",
        },
        _nyc_sale,
    ),
    "nyc_tax_liens": Preset({}, _nyc_tax_lien),
    "nyc_hpd_violations": Preset(
        {"latitude": "latitude", "longitude": "longitude"},
        _nyc_hpd_violation,
        where="violationstatus = 'Open'",
        is_over=_hpd_is_over,
    ),
    "nyc_vacate_orders": Preset(
        {"latitude": "latitude", "longitude": "longitude"},
        _nyc_vacate_order,
        is_over=_vacate_is_over,
    ),
    "nyc_dob_violations": Preset({}, _nyc_dob_violation, is_over=_dob_is_over),
    "nyc_pluto": Preset(
        {
            "address": "line",
            "postcode": "zip",
            "latitude": "latitude",
            "longitude": "longitude",
            "bldgclass": "property_type",
        },
        _nyc_pluto,
    ),
    "ct_sales": Preset(
        {
            "town": "city",
            "address": "line",
            "assessedvalue": "assessed_amount",
            "saleamount": "last_sale_amount",
        },
        _ct_sale,
    ),
}
