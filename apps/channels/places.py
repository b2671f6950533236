"""Where a person may be, from offline ZIP and area-code tables: states and time zones.

Loading costs about a second and happens once per process, on first use. ZIP data: the `zipcodes`
package (GeoNames, CC BY 4.0); area codes: the same rows turned round, widened by `phonenumbers`.
"""

from collections import defaultdict
from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers
import zipcodes
from phonenumbers import timezone as phone_time_zones


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIFTY_STATES = _codes(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ"
    " NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
# A number whose zones span more than this says nothing (toll-free numbers answer with forty).
_MOST_ZONES_OF_AN_AREA_CODE = 6

Places = tuple[frozenset[str], frozenset[str]]
_NOWHERE: Places = (frozenset(), frozenset())


@lru_cache(maxsize=1)
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, tuple[str, str]], dict[str, frozenset[str]], dict[str, Places]]:
    by_zip: dict[str, tuple[str, str]] = {}
    by_state: dict[str, set[str]] = defaultdict(set)
    code_states: dict[str, set[str]] = defaultdict(set)
    code_zones: dict[str, set[str]] = defaultdict(set)
    for row in zipcodes.list_all():
        zone, state = row["timezone"], row["state"]
        if zone not in _known_zones():
            continue
        by_zip[row["zip_code"]] = (state, zone)
        by_state[state].add(zone)
        for code in row["area_codes"]:
            code_states[code].add(state)
            code_zones[code].add(zone)
    codes = {
        code: (frozenset(code_states[code]), frozenset(code_zones[code])) for code in code_zones
    }
    return by_zip, {state: frozenset(zones) for state, zones in by_state.items()}, codes


def load() -> None:
    """Read the tables now, so that no open transaction has to wait for them."""
    _tables()


def zones_of_state(state: str) -> frozenset[str]:
    """Every time zone used in a state or territory; empty for an unknown code."""
    return _tables()[1].get(state.strip().upper(), frozenset())


def time_zones_of(state: str, postal_code: str = "") -> frozenset[str]:
    """Zones of an address: the ZIP's own where it is known, else all zones of the state."""
    found = _tables()[0].get(postal_code.strip()[:5])
    if found and (not state or found[0] == state.strip().upper()):
        return frozenset({found[1]})
    return zones_of_state(state)


@lru_cache(maxsize=50_000)
def places_of_number(e164: str) -> Places:
    """(states, zones) an area code is used in; both empty for toll-free and foreign numbers."""
    if not (e164.startswith("+1") and len(e164) == 12):
        return _NOWHERE
    states, zones = _tables()[2].get(e164[2:5], _NOWHERE)
    if not zones:
        return _NOWHERE
    try:
        named = phone_time_zones.time_zones_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        named = ()
    if len(named) > _MOST_ZONES_OF_AN_AREA_CODE:
        named = ()
    return states, zones | (frozenset(named) & _known_zones())
