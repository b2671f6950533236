"""Counties of the United States: one key for a county by its FIPS code or any of its names.

The table (fixtures/counties) is the U.S. Census Bureau's list of counties and equivalents of 2020,
a government work in the public domain, with the codes that were replaced since and the planning
regions that stand for counties in Connecticut since 2022.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

from apps.common.addresses import cleaned
from apps.common.ids import digest

TABLE = settings.BASE_DIR / "fixtures" / "counties" / "us_counties.csv"
_COUNTY_WORD = re.compile(r"\b(COUNTY|PARISH|BOROUGH|CENSUS AREA|PLANNING REGION|MUNICIPIO)$")
_SAINTS = re.compile(r"^(SAINT|ST)(E?) ")


class County(NamedTuple):
    state: str
    name: str


class _Tables(NamedTuple):
    by_fips: dict[str, County]
    by_name: dict[tuple[str, str], str]


def county_by_fips(fips: str) -> County | None:
    """'09009' -> ('CT', 'New Haven'); None where no county has that code."""
    return _tables().by_fips.get(fips)


@lru_cache(maxsize=5_000)
def county_key(state: str, county: str, fips: str = "") -> str:
    """'CT|NEW HAVEN' by name, or by code where the name is missing or unheard of; '' without both.

    'La Salle' and 'LaSalle' are one, so are 'Alexandria' and 'Alexandria City'. A city beside a
    county of its name (Baltimore, Richmond) is another place.
    """
    name = _COUNTY_WORD.sub("", cleaned(county)).strip()
    known = _tables().by_name.get((state, _squeezed(name))) if name else None
    if known is None and (found := county_by_fips(fips)):
        return f"{found.state}|{cleaned(found.name)}"
    return bounded(known or (f"{state}|{name}" if name else f"FIPS {fips}" if fips else ""), 100)


def bounded(key: str, size: int) -> str:
    """A key that fits its column; an overlong one ends in its digest, so that none collide."""
    return key if len(key) <= size else key[: size - 16] + digest(key)[:16]


def _squeezed(name: str) -> str:
    return _SAINTS.sub(r"ST\2", name).replace(" ", "").replace("-", "")


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    by_fips: dict[str, County] = {}
    by_name: dict[tuple[str, str], str] = {}
    with TABLE.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            county = by_fips[row["fips"]] = County(row["state"], row["name"])
            for name in (row["name"], *filter(None, row["other_names"].split("|"))):
                squeezed = _squeezed(cleaned(name))
                by_name[county.state, squeezed] = f"{county.state}|{cleaned(county.name)}"
    for (state, squeezed), key in list(by_name.items()):
        if squeezed.endswith("CITY") and key.endswith(" CITY"):
            # Only where no county has the name is the city meant by its name alone.
            by_name.setdefault((state, squeezed.removesuffix("CITY")), key)
    return _Tables(by_fips, by_name)
