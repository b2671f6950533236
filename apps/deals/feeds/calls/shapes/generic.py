"""Any other call: a person's mapping of dotted paths, or a guess from the words of its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apps.deals.feeds.calls.paths import at_path, leaves, plain_key
from apps.deals.ingestion.fields import MOST_EMAILS, MOST_PHONES

Record = dict[str, str]
_WORDS = {
    "address": "address fulladdress propertyaddress propertyfulladdress formattedaddress"
    " addressfull",
    "line": "street streetaddress address1 addressline1 propertystreet propertystreetaddress"
    " siteaddress situsaddress addressstreet propertyline",
    "unit": "unit unitnumber apt suite address2 addressline2",
    "city": "city propertycity town addresscity",
    "state": "state propertystate region addressstate",
    "zip": "zip zipcode postalcode postcode propertyzip propertyzipcode addresszip",
    "county": "county propertycounty",
    "apn": "apn parcelnumber parcelid parcel",
    "fips": "fips fipscode countyfips",
    "latitude": "latitude lat",
    "longitude": "longitude lng lon",
    "owner_name": "name fullname ownername owner ownerfullname contactname sellername yourname"
    " customername leadname owner1name contactfullname homeownername",
    "owner_first": "firstname fname first ownerfirst ownerfirstname owner1firstname"
    " contactfirstname sellerfirstname namefirst",
    "owner_last": "lastname lname last surname ownerlast ownerlastname owner1lastname"
    " contactlastname sellerlastname namelast",
    "company": "company companyname business businessname",
    "co_owner_name": "owner2name coowner coownername spousename",
    "mailing_address": "mailingaddress ownermailingaddress",
    "mailing_line": "mailingstreet mailingline mailingstreetaddress mailingaddressstreet",
    "mailing_city": "mailingcity mailingaddresscity",
    "mailing_state": "mailingstate mailingaddressstate",
    "mailing_zip": "mailingzip mailingzipcode mailingpostalcode mailingaddresszip",
    "phone": "phone phonenumber phones mobile mobilephone cell cellphone telephone tel"
    " contactphone bestphone homephone ownerphone phonenumbers phonesnumber phonenumbersnumber",
    "email": "email emailaddress emails mail contactemail owneremail emailsemail emailsaddress",
    "property_type": "propertytype hometype",
    "bedrooms": "bedrooms beds bedroomcount",
    "bathrooms": "bathrooms baths bathroomcount",
    "building_sqft": "sqft squarefeet livingarea livingareasquarefeet buildingsqft",
    "lot_sqft": "lotsize lotsqft lotsizesquarefeet",
    "year_built": "yearbuilt",
    "est_value_amount": "estimatedvalue estvalue avm marketvalue homevalue",
    "loan_balance_amount": "mortgagebalance loanbalance mortgageowed amountowed",
    "vacant": "vacant isvacant",
    "lists": "tags lists",
    "list_name": "listname list",
    "external_id": "externalid leadid propertyid recordid",
    "notes": "message notes note comments comment description details yourmessage",
}  # fmt: skip
_FIELD_OF = {word: name for name, words in _WORDS.items() for word in words.split()}
_JOINED = {"notes": ". ", "lists": ", "}
# Names and numbers in here are not the owner's.
_STRANGERS = frozenset(
    ("agent", "user", "assignedto", "campaign", "form", "source", "account", "createdby",
     "integration", "webhook", "metadata")
)  # fmt: skip


def translate_mapped(lead: Mapping[str, Any], mapping: Mapping[str, str]) -> Record:
    """Exactly what the mapping says; the first of several paths of a field that says something."""
    record: Record = {}
    for path, name in mapping.items():
        if name not in record and (text := at_path(lead, path)):
            record[name] = text
    return record


def translate_generic(lead: Mapping[str, Any]) -> Record:
    """A guess: nested or flat, snake or camel case."""
    record: Record = {}
    many: dict[str, list[str]] = {"phone": [], "email": []}
    for name, text in guessed(lead):
        if name in many:
            many[name] += [part.strip() for part in text.split(",") if part.strip()]
        elif name in _JOINED and name in record:
            if text not in record[name]:
                record[name] += _JOINED[name] + text
        else:
            record.setdefault(name, text)
    record |= _numbered("phone", _without_repeats(many["phone"]), MOST_PHONES)
    record |= _numbered("email", _without_repeats(many["email"]), MOST_EMAILS)
    return _one_spelling(record)


def guessed(lead: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, text) of every leaf whose key says what it is; phones and e-mails unnumbered."""
    for path, text in leaves(lead):
        steps = [plain_key(step) for step in path if not step.isdecimal()]
        steps = [step for step in steps if step]
        if steps and not _STRANGERS & set(steps[:-1]) and (name := _field_of(steps)):
            yield name, text


def _field_of(steps: list[str]) -> str:
    last = steps[-1].rstrip("0123456789") or steps[-1]
    is_mailing = any("mailing" in step for step in steps[:-1])
    pair = "".join(steps[-2:])
    for word in (pair, steps[-1], last):
        name = _FIELD_OF.get(word, "")
        if is_mailing and name in ("address", "line", "unit", "city", "state", "zip"):
            return f"mailing_{name}"
        if name:
            return name
    return ""


def _numbered(name: str, texts: list[str], most: int) -> Record:
    return {f"{name}_{n}": text for n, text in enumerate(texts[:most], 1)}


def _without_repeats(texts: list[str]) -> list[str]:
    """The same number in two spellings is one."""
    seen: dict[str, str] = {}
    for text in texts:
        digits = "".join(letter for letter in text if letter.isdecimal())[-10:]
        seen.setdefault(digits if "@" not in text and digits else text.casefold(), text)
    return list(seen.values())


def _one_spelling(record: Record) -> Record:
    """`address` beside a city is a street; a name in parts goes before the whole one."""
    if "line" in record:
        record.pop("address", None)
    elif "," not in record.get("address", ",") and ("city" in record or "zip" in record):
        record["line"] = record.pop("address")
    if "owner_first" in record or "owner_last" in record:
        record.pop("owner_name", None)
    return record
