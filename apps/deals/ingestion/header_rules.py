"""Which words of a header make which field: a table, and the sides a house and its owner have."""

from __future__ import annotations

from dataclasses import dataclass

from apps.deals.ingestion.header_words import is_about_others

# Field: groups of words that must stand in the header (| for either), then -words that must not.
_TABLE = """
zip: zip -plus -ext
city: city
county: county -code -fips
fips: fips
unit: unit -units -type
latitude: latitude
longitude: longitude
apn: apn -alternate -old -prior -count
house_number: houseno
street_name: streetname
line: address -email -ip -web
line: property street
line: street -view -type
line: property address
owner_first: first -sale
owner_last: last -sale -updated -contact -year -seen
co_owner_first: first second|2
co_owner_last: last second|2
owner_name: name -list -user -file -county -city -street -campaign
owner_name: owner -occupied -type -since -years -status -phone -email -address -number -date -amount
owner_name: owner name
owner_name: owner 1 -address -unit -phone -email -street -city
co_owner_name: owner second|2
co_owner_name: second name
company: company
company: company name
company: owner company
mailing_address: owner mailing
care_of: careof
owner_occupied: occupied
owner_occupied: owner occupied
deceased: deceased -date
deceased: owner deceased
litigator: litigator
do_not_mail: dnm
do_not_call: dnc
contact_flags: contact flags
property_type: usetype
property_type: property type
property_type: property type description
property_type: residential type
bedrooms: beds
bathrooms: baths -half -partial
building_sqft: sqft -lot -land -price
lot_sqft: lot sqft -acres
lot_sqft: land sqft
lot_acres: acres
lot_acres: lot acres
year_built: yearbuilt
year_built: year built
year_built: built
effective_year_built: effective year|yearbuilt
units: units
units: units number
units: unit number
assessed_amount: assessed -land -improvement -year -name
assessed_amount: assessed value -land -improvement
assessed_amount: tax value
est_value_amount: value -assessed -tax -land -improvement -loan
est_value_amount: estimated -rent -equity -balance -loan -payment -repair
est_value_amount: estimated value
arv_amount: arv -% -share
rent_amount: rent
rent_amount: estimated rent
last_sale_on: sale date
last_sale_on: last sale date
last_sale_amount: sale price|amount
last_sale_amount: last sale price|amount|value
open_loans: loan number
open_loans: open loan number
loan_balance_amount: loan amount -original -payment
loan_balance_amount: loan amount estimated|remaining|open
loan_balance_amount: loan balance
loan_rate_pct: loan rate
loan_rate_pct: interest rate
loan_payment_amount: loan payment
loan_payment_amount: monthly payment
lien_amount: lien amount
lien_on: lien date
mls_status: mls status
mls_on: mls date
mls_amount: mls price|amount
vacant: vacant -land -mailing -lot
tax_delinquent: tax delinquent -year -amount
tax_delinquent: delinquent
tax_delinquent_year: delinquent year
tax_delinquent_year: tax delinquent year
tax_delinquent_year: delinquent since
tax_delinquent_amount: delinquent amount|tax amount
tax_delinquent_amount: tax delinquent amount
tax_delinquent_amount: tax amount due|back
tax_delinquent_amount: tax due -date -day
pre_foreclosure_on: preforeclosure -status -type -amount -auction
pre_foreclosure_on: preforeclosure date
auction_on: auction -bid -amount -property -time
auction_on: auction date
auction_on: preforeclosure auction date
bankruptcy_on: bankruptcy -chapter -status
bankruptcy_on: bankruptcy date
divorce_on: divorce
divorce_on: divorce date
probate_on: probate -owner -type -value -name
probate_on: probate date
violation_on: violation -type -description -number -status -closed -close -recordid -resolved
violation_on: violation date -closed -close -resolved -status
violation_number: violation number|recordid|case -type
violation_status: violation status -date
violation_closed_on: violation closed|close|resolved -status
violation_closed_on: violation closed|close|resolved date -status
list_name: lists -price -date -number -added -year
list_name: lists name
marketing_lists: lists number
listed_on: lists date
listed_on: date added
listed_on: date created
listed_on: lists date added
lists: tags
as_of: asof
as_of: updated date
external_id: recordid -tax -county -city -violation
external_id: recordid number
notes: notes
"""


@dataclass(frozen=True, slots=True)
class _Rule:
    field: str
    needed: tuple[frozenset[str], ...]
    forbidden: frozenset[str]


def _rule(line: str) -> _Rule:
    field, _, words = line.partition(": ")
    parts = words.split()
    return _Rule(
        field,
        tuple(frozenset(part.split("|")) for part in parts if part[0] != "-" or part == "-"),
        frozenset(part[1:] for part in parts if part[0] == "-"),
    )


_RULES = [_rule(line) for line in _TABLE.strip().splitlines()]


def fields_by_words(words: tuple[str, ...]) -> list[tuple[str, float]]:
    """(field, how sure) by the header alone, the surest first; mailing where the words say so."""
    held = set(words)
    if not held or is_about_others(words):
        return []
    found: dict[str, float] = {}
    for rule in _RULES:
        if rule.forbidden & held or not all(held & group for group in rule.needed):
            continue
        spare = len(held) - len(rule.needed)
        sure = min(0.9, 0.55 + 0.15 * len(rule.needed)) - 0.04 * max(spare, 0)
        field = _on_side(rule.field, held)
        found[field] = max(found.get(field, 0.0), sure)
    if "state" in held or held & {"st"}:
        found |= _state_or_street(held)
    return sorted(found.items(), key=lambda item: -item[1])


_SIDED = frozenset({"line", "unit", "city", "state", "zip", "address"})


def _on_side(field: str, held: set[str]) -> str:
    """'Owner City' is where the owner gets mail; 'Owner Name' stays the owner."""
    is_mailing = "mailing" in held or ("owner" in held and "property" not in held)
    is_mailing = is_mailing or ("tax" in held and "bill" in held)
    return f"mailing_{field}" if field in _SIDED and is_mailing else field


def _state_or_street(held: set[str]) -> dict[str, float]:
    """'Mail St' may be either; the cells decide between the two."""
    sure = 0.8 if "state" in held else 0.6
    found = {_on_side("state", held): sure}
    if "state" not in held and "street" not in held:
        found[_on_side("line", held)] = 0.55
    return found
