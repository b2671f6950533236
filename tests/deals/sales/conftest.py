"""Files of sales put through the importer to the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from apps.deals.models import SaleImport
from apps.deals.sales.actions import start_sale_import
from apps.deals.sales.file import inspect_sales
from apps.deals.sales.worker import run_sale_import
from tests.conftest import SHARED_DATA

CONNECTICUT = SHARED_DATA / "county" / "ct_real_estate_sales.csv"
NEW_YORK = SHARED_DATA / "county" / "nyc_dof_sales.csv"
CT_HEADER = (
    "Serial Number", "List Year", "Date Recorded", "Town", "Address", "Assessed Value",
    "Sale Amount", "Sales Ratio", "Property Type", "Residential Type", "Non Use Code",
    "Assessor Remarks", "OPM remarks", "Location",
)  # fmt: skip
CT_SALE = {
    "Serial Number": "1",
    "List Year": "2025",
    "Date Recorded": "09/01/2026",
    "Town": "Hamden",
    "Address": "1 SAMPLE ST",
    "Assessed Value": "140000",
    "Sale Amount": "250000",
    "Property Type": "Residential",
    "Residential Type": "Single Family",
    "Location": "POINT (-72.92 41.39)",
}


def ct_csv(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, CT_HEADER, restval="")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({**CT_SALE, "Serial Number": str(number), **row})
    return text.getvalue().encode()


@pytest.fixture
def take_sales(workspace, system, now) -> Callable[..., SaleImport]:
    """take_sales(bytes or path, named={…}) -> the file, worked to its end."""

    def run(source, *, named=None, file_name="sales.csv", default_state="", place=workspace):
        content = source.read_bytes() if isinstance(source, Path) else source
        held = start_sale_import(
            workspace=place,
            actor=system,
            file_name=file_name,
            sale_file=inspect_sales(io.BytesIO(content), named),
            default_state=default_state,
            now=now,
        )
        return run_sale_import(held, clock=lambda: now)

    return run


def said(held: SaleImport) -> dict[str, int]:
    return {name: count for name, count in held.counts.items() if count}


def lines(rows: Sequence[str]) -> bytes:
    return "\n".join(rows).encode()
