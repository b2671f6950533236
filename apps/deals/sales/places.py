"""Where ZIPs lie and which cities they go by: the `zipcodes` package (GeoNames, CC BY 4.0)."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

import zipcodes

from apps.common.addresses import address_key, normalize_city


@lru_cache(maxsize=1)
def _by_zip() -> dict[str, tuple[float, float, str, frozenset[str]]]:
    # Houses stand in standard ZIPs; the others are post office boxes and single firms.
    return {
        row["zip_code"]: (
            float(row["lat"]),
            float(row["long"]),
            row["state"],
            frozenset(map(normalize_city, [row["city"], *row["acceptable_cities"]])),
        )
        for row in zipcodes.list_all()
        if row["lat"] and row["long"] and row["zip_code_type"] == "STANDARD"
    }


@lru_cache(maxsize=1)
def _towns() -> frozenset[tuple[str, str]]:
    """(city, state) that a ZIP of their own is named after."""
    rows = zipcodes.list_all()
    return frozenset(
        (normalize_city(row["city"]), row["state"])
        for row in rows
        if row["zip_code_type"] == "STANDARD"
    )


@lru_cache(maxsize=1)
def _by_city() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, (_, _, state, cities) in _by_zip().items():
        for city in cities:
            found[city, state].append(code)
    return {place: tuple(codes) for place, codes in found.items()}


def center_of(zip_code: str) -> tuple[float, float] | None:
    """Latitude and longitude of the middle of a ZIP."""
    row = _by_zip().get(zip_code)
    return row[:2] if row else None


def zips_of(city: str, state: str) -> tuple[str, ...]:
    """ZIPs that go by the name of a city or town; () when nobody knows it."""
    return _by_city().get((normalize_city(city), state), ())


def keys_with_zip(key: str, city: str, state: str) -> list[str]:
    """An `address_key` without ZIP as it reads with each ZIP of its town; a full one as it is."""
    street, _, place = key.rpartition("|")
    if place.isdigit():
        return [key]
    return [f"{street}|{code}" for code in zips_of(city, state)]


def address_keys(line: str, unit: str, city: str, state: str, zip_code: str) -> list[str]:
    """Every key that the same house may stand under, its own first.

    County files name the town and no ZIP, list files the ZIP and a city of the post office.
    """
    own = address_key(line, unit, city, state, zip_code)
    if not own:
        return []
    if not zip_code:
        return [own, *keys_with_zip(own, city, state)]
    cities = {normalize_city(city)} if city else set()
    # A ZIP may reach into the next town, where a street of the same name goes on. Only a place
    # that no ZIP is named after, like a village, is looked for in all towns of its ZIP.
    if (normalize_city(city), state) not in _towns() and zip_code in _by_zip():
        cities |= _by_zip()[zip_code][3]
    others = {address_key(line, unit, name, state, "") for name in cities}
    return [own, *sorted(others - {own})]
