"""A workspace with its pipeline, and an importer that runs a file to the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from apps.deals.actions import lay_pipeline
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.vendors import PROPSTREAM_70
from apps.deals.ingestion.worker import run_import
from apps.deals.models import LeadImport
from tests.conftest import SHARED_DATA

REPO = Path(__file__).resolve().parents[3]
SHIPPED = REPO / "fixtures" / "leads" / "new_haven_county.csv"
VENDOR_FILES = SHARED_DATA / "lead_lists"
HOUSE = {
    "Address": "12 Sample St",
    "City": "New Haven",
    "State": "CT",
    "Zip": "06511",
    "County": "New Haven",
    "APN": "NHVN M:1 B:2 L:3",
    "Owner 1 First Name": "Testa",
    "Owner 1 Last Name": "Sampleton",
    "Mailing Address": "12 Sample St",
    "Mailing City": "New Haven",
    "Mailing State": "CT",
    "Mailing Zip": "06511",
    "Owner Occupied": "Yes",
    "Property Type": "Single Family Residential",
    "Est. Value": "250000",
    "Est. Remaining balance of Open Loans": "90000",
    "Date Added to List": "06/15/2026",
}

# A layout that nobody ships.
UNSEEN = (
    b"Situs Street;Situs Town;St;Postal;Parcel No;Taxpayer;Living SF;Phone A;Mood\n"
    b"12 Sample St;New Haven;CT;06511;M1-B2;Testa Sampleton;1,450;(203) 555-0101;calm\n"
    b"14 Sample St;New Haven;CT;06511;M1-B3;Quint Sampleton;1,600;(203) 555-0102;loud\n"
    b"16 Sample St;New Haven;CT;06511;M1-B4;Rory Sampleton;900;(203) 555-0103;calm\n"
)


def house(**cells: str) -> dict[str, str]:
    """A row of the 70-column layout; keywords replace cells, `_` standing for spaces."""
    return HOUSE | {name.replace("_", " "): value for name, value in cells.items()}


def as_csv(rows: Sequence[dict[str, str]], columns: Sequence[str] = PROPSTREAM_70.columns) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def laid(workspace, system, now):
    lay_pipeline(workspace=workspace, actor=system, now=now)
    return workspace


@pytest.fixture
def take(laid, system, now) -> Callable[..., LeadImport]:
    """take(bytes or path) -> the finished import."""

    def run(source: bytes | Path, *, workspace=laid, file_name="list.csv") -> LeadImport:
        content = source.read_bytes() if isinstance(source, Path) else source
        lead_import = start_import(
            workspace=workspace,
            actor=system,
            file_name=file_name,
            list_file=inspect(io.BytesIO(content)),
            now=now,
        )
        return run_import(lead_import, clock=lambda: now)

    return run


def outcomes(lead_import: LeadImport) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in lead_import.counts.items() if count}
