"""Made-up rows of the PropStream 70-column layout: the same ones for the same seed, streamed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

LAYOUT = Path(__file__).resolve().parents[2] / "fixtures/leads/layouts/propstream_70.txt"
COLUMNS = [line for line in LAYOUT.read_text(encoding="utf-8").splitlines() if line]
# city, state, ZIP, county, area code
PLACES = (
    ("New Haven", "CT", "06511", "New Haven", "203"), ("Hamden", "CT", "06514", "New Haven", "203"),
    ("Meriden", "CT", "06450", "New Haven", "475"), ("Dayton", "OH", "45402", "Montgomery", "937"),
    ("Toledo", "OH", "43604", "Lucas", "419"), ("Tampa", "FL", "33602", "Hillsborough", "813"),
    ("Mesa", "AZ", "85201", "Maricopa", "480"), ("Macon", "GA", "31201", "Bibb", "478"),
)  # fmt: skip
STREETS = ("Oak", "Elm", "Maple", "Cedar", "Pine", "Walnut", "Highland", "Prospect", "Park", "Hill")
SUFFIXES = ("St", "Street", "Ave", "Avenue", "Rd", "Dr", "Ln", "Ct", "Blvd")
FIRST = (
    "Testa",
    "Samplina",
    "Dummie",
    "Moka",
    "Fakely",
    "Placea",
    "Exam",
    "Trya",
    "Stub",
    "Pilota",
)
LAST = ("Sampleton", "Demofield", "Mockwell", "Testerby", "Fakeman", "Placewood", "Stubbins")
KINDS = ("Single Family Residential", "Duplex (2 units, any combination)", "Condominium")
FAILED = ("", "", "", "", "EXPIRED", "FAIL", "REMOVED", "WITHDRAWN")
FIRST_SALE, DAYS = date(1985, 1, 1), 14_000


def files(rows: int, per_file: int, seed: int = 3) -> Iterator[bytes]:
    """CSV files of at most `per_file` rows each, `rows` in all; one at a time in memory."""
    maker = random.Random(seed)
    for start in range(0, rows, per_file):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for number in range(start, min(start + per_file, rows)):
            made = row(maker, number)
            writer.writerow([made.get(name, "") for name in COLUMNS])
        yield text.getvalue().encode()


def row(maker: random.Random, number: int) -> dict[str, object]:
    """One parcel: two phones, an owner who in one case of ten has other parcels too."""
    city, state, zip_code, county, area = maker.choice(PLACES)
    line = f"{maker.randint(1, 9999)} {maker.choice(STREETS)} {maker.choice(SUFFIXES)}"
    # Every tenth owner is drawn from few, so that some hold a portfolio.
    owner = maker.randint(1, 500) if number % 10 == 0 else number + 1000
    is_company = owner % 7 == 0
    value = maker.randint(60, 900) * 1000
    balance = 0 if maker.random() < 0.4 else round(value * maker.uniform(0.05, 0.95))
    is_absentee = maker.random() < 0.45
    sold = FIRST_SALE + timedelta(days=maker.randint(0, DAYS))
    listing = maker.choice(FAILED)
    return {
        "Address": line,
        "City": city,
        "State": state,
        "Zip": zip_code,
        "County": county,
        "APN": f"{number // 1000:04d}-{number % 1000:03d}-{maker.randint(0, 99):02d}",
        "Phone 1": f"{area}55501{maker.randint(0, 99):02d}",
        "Phone 1 Type": maker.choice(("Mobile", "Landline", "VOIP")),
        "Phone 1 DNC": "Yes" if maker.random() < 0.2 else "No",
        "Phone 2": f"({maker.choice(PLACES)[4]}) 555-01{maker.randint(0, 99):02d}",
        "Phone 2 Type": "Landline",
        "Phone 2 DNC": "No",
        "Owner Occupied": "No" if is_absentee else "Yes",
        "Owner 1 First Name": "" if is_company else FIRST[owner % len(FIRST)],
        "Owner 1 Last Name": f"Holding {owner} LLC"
        if is_company
        else f"{LAST[owner % len(LAST)]}{_letters(owner)}",
        "Litigator": "No",
        "Mailing Address": f"{owner} Example Ave" if is_absentee or number % 10 == 0 else line,
        "Mailing City": "Austin" if is_absentee or number % 10 == 0 else city,
        "Mailing State": "TX" if is_absentee or number % 10 == 0 else state,
        "Mailing Zip": "78704" if is_absentee or number % 10 == 0 else zip_code,
        "Property Type": maker.choice(KINDS),
        "Bedrooms": maker.randint(1, 6),
        "Total Bathrooms": maker.choice((1, 1.5, 2, 2.5, 3)),
        "Building Sqft": maker.randint(600, 4200),
        "Lot Size Sqft": maker.randint(2000, 40000),
        "Effective Year Built": maker.randint(1890, 2020),
        "Total Assessed Value": round(value * 0.7),
        "Last Sale Recording Date": sold.isoformat(),
        "Last Sale Amount": round(value * 0.6),
        "Total Open Loans": 1 if balance else 0,
        "Est. Remaining balance of Open Loans": balance,
        "Est. Value": value,
        "Est. Loan-to-Value": round(balance / value * 100, 2),
        "Est. Equity": value - balance,
        "MLS Status": listing,
        "MLS Date": "2026-02-01" if listing else "",
        "MLS Amount": value if listing else "",
        "Marketing Lists": maker.randint(1, 4),
        "Date Added to List": "06/15/2026",
        "Method of Add": "Manual",
    }


def _letters(number: int) -> str:
    """Distinct names need no digits: 27 gives 'ab'."""
    text = ""
    while number:
        number, digit = divmod(number, 26)
        text = chr(97 + digit) + text
    return text
