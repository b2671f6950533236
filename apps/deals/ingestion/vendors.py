"""The list layouts the importer knows, recognised by the exact text of their headers."""

from collections.abc import Sequence
from dataclasses import dataclass

# PropStream's 2021 export; the 43-column variant adds `Company Address`.
_OWNER_COLUMNS = (
    "Owner Occupied|Owner 1 First Name|Owner 1 Last Name|Company Name|Owner 2 First Name"
    "|Owner 2 Last Name|Mailing Care of Name|Mailing Address|Mailing Unit #|Mailing City"
    "|Mailing State|Mailing Zip|Mailing County|Do Not Mail"
)
_PLACE_COLUMNS = "Address|Unit #|City|State|Zip|County|APN"
_VALUE_COLUMNS = (
    "Property Type|Bedrooms|Total Bathrooms|Building Sqft|Lot Size Sqft|Effective Year Built"
    "|Total Assessed Value|Last Sale Recording Date|Last Sale Amount|Total Open Loans"
    "|Est. Remaining balance of Open Loans|Est. Value|Est. Loan-to-Value|Est. Equity"
)
_LIST_COLUMNS = (
    "MLS Status|MLS Date|MLS Amount|Lien Amount|Marketing Lists|Date Added to List|Method of Add"
)
_PHONE_COLUMNS = "|".join(f"Phone {n}|Phone {n} Type|Phone {n} DNC" for n in range(1, 6))
_CONDITION_COLUMNS = (
    "Total Condition|Interior Condition|Exterior Condition|Bathroom Condition|Kitchen Condition"
    "|Foreclosure Factor"
)


def _columns(*groups: str) -> tuple[str, ...]:
    return tuple("|".join(groups).split("|"))


@dataclass(frozen=True, slots=True)
class Layout:
    """A vendor's export: its name here, what people call it, and its columns in order."""

    slug: str
    label: str
    columns: tuple[str, ...]
    vendor: str = "PropStream"


PROPSTREAM_42 = Layout(
    "propstream_42",
    "PropStream list (42 columns)",
    _columns(_PLACE_COLUMNS, _OWNER_COLUMNS, _VALUE_COLUMNS, _LIST_COLUMNS),
)
PROPSTREAM_43 = Layout(
    "propstream_43",
    "PropStream list (43 columns)",
    _columns(
        _PLACE_COLUMNS,
        _OWNER_COLUMNS.replace("|Company Name", "|Company Name|Company Address"),
        _VALUE_COLUMNS,
        _LIST_COLUMNS,
    ),
)
PROPSTREAM_70 = Layout(
    "propstream_70",
    "PropStream list with contacts (70 columns)",
    _columns(
        _PLACE_COLUMNS,
        _PHONE_COLUMNS,
        "Email 1|Email 2|Email 3|Email 4",
        _OWNER_COLUMNS.replace("|Company Name", "").replace(
            "|Mailing Care of Name", "|Litigator|Mailing Care of Name"
        ),
        "Property Status|Notes",
        _VALUE_COLUMNS,
        _CONDITION_COLUMNS,
        _LIST_COLUMNS,
        "Skip Traces",
    ),
)
PROPSTREAM_CUSTOM = Layout("propstream", "PropStream list (chosen columns)", ())
# Records of feeds, webhooks and property APIs: the headers are the names of our own fields.
FIELDS_LAYOUT = Layout("fields", "Records of a feed", (), vendor="Feed")
LAYOUTS = (PROPSTREAM_42, PROPSTREAM_43, PROPSTREAM_70)


def layout_by_slug(slug: str) -> Layout:
    """The layout stored with an import."""
    known = (*LAYOUTS, FIELDS_LAYOUT)
    return next((layout for layout in known if layout.slug == slug), PROPSTREAM_CUSTOM)


# What a chosen-columns export must still have: the property's place, and one of the columns that
# only PropStream names this way.
_NEEDED = ("Address", "City", "State", "Zip")
_TELLING = ("Owner 1 Last Name", "Est. Remaining balance of Open Loans", "Date Added to List")
# The second column of one of these names belongs to the owner's mailing address.
_REPEATED = {
    "Address": "Mailing Address",
    "Unit #": "Mailing Unit #",
    "City": "Mailing City",
    "State": "Mailing State",
    "Zip": "Mailing Zip",
    "County": "Mailing County",
}


class UnknownHeader(Exception):
    """The first row of the file is not the header of a list we know."""


@dataclass(frozen=True, slots=True)
class Header:
    """The layout of one file and its columns as they stand in it, repeats told apart."""

    layout: Layout
    names: tuple[str, ...]


def read_header(cells: Sequence[str]) -> Header:
    """Recognise a header row. Column order does not matter, column text does.

    Raises UnknownHeader, naming what is missing.
    """
    names = _tell_apart([" ".join(cell.split()) for cell in cells])
    missing = [name for name in _NEEDED if name not in names]
    if missing or not any(name in names for name in _TELLING):
        raise UnknownHeader(_refusal(names, missing))
    layout = next((known for known in LAYOUTS if set(known.columns) == set(names)), None)
    return Header(layout or PROPSTREAM_CUSTOM, tuple(names))


def _tell_apart(names: list[str]) -> list[str]:
    seen: list[str] = []
    for name in names:
        mailing = _REPEATED.get(name, "")
        if name in seen and mailing and mailing not in names and mailing not in seen:
            name = mailing
        elif name in seen:
            # A third or senseless repeat must not shadow the first.
            name = f"{name} (column {len(seen) + 1})"
        seen.append(name)
    return seen


def _refusal(names: list[str], missing: list[str]) -> str:
    if not missing:
        return f"This header is not PropStream's: it has none of {', '.join(_TELLING)}."
    found = ", ".join(name for name in names[:6] if name)
    return f"The header lacks {', '.join(missing)}. It begins with: {found[:200] or 'nothing'}."
