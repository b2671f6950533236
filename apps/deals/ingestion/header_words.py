"""The words of a header in one spelling, and which of them are about somebody else."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[a-z]+|\d+|[#%]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOGETHER = [
    tuple(line.split(": "))
    for line in """
sq ft: sqft
square feet: sqft
square footage: sqft
sq feet: sqft
sq foot: sqft
square foot: sqft
do not call: dnc
do not mail: dnm
lis pendens: preforeclosure
pre foreclosure: preforeclosure
pre fc: preforeclosure
notice of default: preforeclosure
care of: careof
c o: careof
e mail: email
zip code: zip
postal code: zip
post code: zip
first name: first
last name: last
given name: first
family name: last
f name: first
l name: last
land use: usetype
use code: usetype
property use: usetype
bed rooms: beds
bath rooms: baths
listing status: mls status
tax id: apn
parcel id: apn
parcel number: apn
parcel no: apn
as of: asof
owner occ: occupied
list price: mls price
code violation: violation
day phone: phone
building area: sqft
living area: sqft
bldg area: sqft
lot size: lot sqft
lot area: lot sqft
land area: lot sqft
lotarea: lot sqft
bldgarea: sqft
landuse: usetype
ownername: owner name
yearbuilt: year built
assesstot: assessed
unitstotal: units
unitsres: residential units
lotsize: lot sqft
after repair value: arv
account number: recordid
house no: houseno
house number: houseno
street number: houseno
street no: houseno
st no: houseno
street name: streetname
phone type: phone type
state code: state
county name: county
loc number: houseno
loc no: houseno
situs number: houseno
situs no: houseno
site number: houseno
use desc: usetype
use description: usetype
""".strip().splitlines()
]
_WORDS = """
address: addr add addrs adress addresses
property: prop situs site subject premise premises loc location
mailing: mail mailto billing correspondence
phone: ph tel telephone phones cell mobile landline cellphone wireless phn telno
email: emails emailaddress mailaddress
zip: zipcode postcode postal
city: town municipality cityname
state: province statecode
owner: own owners seller taxpayer ownership titleholder homeowner ownr
owner: defendant borrower debtor mortgagor
name: names nm fullname
first: fname firstname given forename
last: lname lastname surname
company: business entity corporate corporation organization llc
apn: parcel pin folio parcelid parcelno parcelnumber bbl geoid
unit: apt apartment suite ste unitno
beds: bed bedroom bedrooms br bd bdrm bdrms brs
baths: bath bathroom bathrooms ba bth bths
sqft: sf gla livingarea footage squarefeet
acres: acreage acre ac
year: yr
built: blt construction
yearbuilt: yrblt yrbuilt
value: val worth
estimated: est zestimate avm estimate zestimates market mkt fmv
assessed: assessment assd assessor
amount: amt balance owed owing total
loan: mortgage mtg mortgages loans lien1 debt
price: cost
sale: sold sales deed transfer
date: dt recorded recording filed filing on when
type: typ kind
delinquent: delq delinq delinquency default arrears past
preforeclosure: foreclosure nod lispendens prefc
bankruptcy: bk bankrupt
divorce: divorced
probate: inherited inheritance estate
violation: violations
vacant: vacancy
deceased: death decedent dead
litigator: tcpa litigators
dnc: donotcall
dnm: donotmail
occupied: owneroccupied occupancy homestead
lists: list listname
tags: tag labels
notes: note comments comment remarks remark memo
number: num nbr no # count cnt qty
latitude: lat
longitude: lon lng long
rent: rental rents
careof: attn attention
recordid: id uid guid key recordid leadid
second: 2nd co secondary spouse
occupied: occ
carrier: provider
type: linetype
street: str
county: cnty
effective: eff
"""
# A column about one of these is not about the owner or the house.
_OTHERS = frozenset(
    [
        "agent",
        "broker",
        "brokerage",
        "realtor",
        "lender",
        "trustee",
        "attorney",
        "office",
        "buyer",
        "prior",
        "previous",
        "relative",
        "grantor",
        "grantee",
        "assessorphone",
        "beneficiary",
        "doc",
        "document",
        "book",
        "page",
        "legal",
        "census",
        "school",
        "tract",
        "geography",
        "neighborhood",
        "subdivision",
        "zoning",
        "hoa",
    ]
)
_SYNONYMS = {
    word: line.split(":")[0]
    for line in _WORDS.strip().splitlines()
    for word in line.split(":")[1].split()
}


@lru_cache(maxsize=5_000)
def words_of(header: str) -> tuple[str, ...]:
    """'Owner Ph#' -> ('owner', 'phone', 'number'): known words in one spelling, in their order."""
    header = re.sub(r" \(column \d+\)$", "", header[:200])
    text = " ".join(_TOKEN.findall(_CAMEL.sub(" ", header).lower()))
    for written, joined in _TOGETHER:
        text = re.sub(rf"\b{written}\b", joined, text)
    return tuple(_SYNONYMS.get(word, word) for word in text.split())


def is_about_others(words: tuple[str, ...]) -> bool:
    """Agents, lenders, relatives and former owners have names and phones of their own."""
    return bool(_OTHERS & set(words))
