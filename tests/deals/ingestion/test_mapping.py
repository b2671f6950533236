"""What columns mean: presets by their header, and the guess for everybody else's files."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest

from apps.deals.ingestion.mapping import check_mapping, detect
from apps.deals.ingestion.normalize import RowReader
from apps.deals.ingestion.reader import inspect, records_file
from apps.deals.ingestion.vendors import PROPSTREAM_42, PROPSTREAM_70, shipped_layouts, tell_apart
from apps.deals.models import Signal
from tests.deals.ingestion.conftest import SHIPPED, VENDOR_FILES
from tests.deals.ingestion.layouts import MADE

LEAST_RIGHT = 0.95


@pytest.mark.parametrize("layout", shipped_layouts(), ids=lambda layout: layout.slug)
def test_a_shipped_header_is_known(layout):
    known = detect(layout.columns, [])
    assert (known.preset_slug, known.is_exact, known.vendor) == (layout.slug, True, layout.vendor)
    assert check_mapping(layout.columns, known.mapping) == []
    turned = detect([f" {name} " for name in layout.columns[::-1]], [])
    assert turned.mapping == known.mapping
    loud = detect([name.upper() for name in layout.columns], [])
    assert loud.preset_slug == layout.slug
    assert set(loud.mapping.values()) == set(known.mapping.values())


@pytest.mark.parametrize("layout", shipped_layouts(), ids=lambda layout: layout.slug)
def test_a_nearly_known_header_is_still_the_vendors(layout):
    names = (*layout.columns[:-2], "Something New")
    near = detect(names, [])
    assert near.vendor == layout.vendor
    assert not near.is_exact
    assert "Something New" not in near.mapping


@pytest.mark.shared_data
def test_shipped_headers_are_the_vendors_own():
    held = json.loads((VENDOR_FILES / "vendor_headers.json").read_text())["vendors"]
    ours = {layout.columns for layout in shipped_layouts()}
    assert ours == {tuple(vendor["columns"]) for vendor in held.values()}


def test_chosen_columns_of_propstream():
    names = [name for name in PROPSTREAM_70.columns if not name.startswith(("Phone", "Est."))]
    known = detect(names, [])
    assert (known.preset_slug, known.vendor) == ("propstream", "PropStream")
    assert known.mapping["Owner 1 Last Name"] == "owner_last"


def test_a_repeated_column_is_the_mailing_one():
    names = [name.replace("Mailing City", "City") for name in PROPSTREAM_42.columns]
    known = detect(names, [])
    assert known.preset_slug == "propstream_42"
    second = tell_apart(names)[names.index("City", 5)]
    assert known.mapping[second] == "mailing_city"


@pytest.mark.parametrize("name", MADE)
def test_a_file_nobody_has_seen(name):
    made = MADE[name]
    taken = inspect(io.BytesIO(made.text.encode()))
    known = taken.detection
    assert (known.preset_slug, known.is_remembered) == ("other", False)
    right = sum(known.mapping.get(header) == meant for header, meant in made.meant.items())
    wrong = {
        header: (meant, known.mapping.get(header))
        for header, meant in made.meant.items()
        if known.mapping.get(header) != meant
    }
    assert right >= LEAST_RIGHT * len(made.meant), wrong
    invented = {
        header: known.mapping[header] for header in known.mapping.keys() - made.meant.keys()
    }
    assert not invented
    assert check_mapping(taken.header.names, known.mapping) == []
    reader = RowReader(taken.header, known.mapping)
    rows = [reader.read(*row) for row in taken.rows()]
    assert all(row.rejection is None and row.owners for row in rows)


def test_every_column_has_samples_and_a_reason():
    taken = inspect(io.BytesIO(MADE["SHORT_WORDS"].text.encode()))
    by_header = {guess.header: guess for guess in taken.detection.columns}
    assert tuple(by_header) == taken.header.names
    assert by_header["Zestimate"].samples == ("$245,000", "$310,500")
    assert all(0 <= guess.confidence <= 1 and guess.reason for guess in by_header.values())


def test_cells_overrule_a_misleading_header():
    rows = [["12 Sample St", "unlisted", "12345678"], ["14 Sample St", "see notes", "23456789"]]
    known = detect(["Property Address", "Owner Phone", "Email"], rows)
    assert known.mapping == {"Property Address": "line"}


def test_records_of_a_feed_are_known_by_their_keys():
    taken = records_file([{"line": "1 Sample St", "zip": "06511"}, {"phone_1": "2035550101"}])
    assert taken.detection.preset_slug == "fields"
    assert taken.detection.mapping == {name: name for name in ("line", "zip", "phone_1")}
    assert [cells for _, cells in taken.rows()] == [
        ["1 Sample St", "06511", ""],
        ["", "", "2035550101"],
    ]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"A": "nonsense"}, "is no field"),
        ({"A": "line", "B": "line"}, "Street address is given to “A” and “B”"),
        ({"Z": "line"}, "has no column “Z”"),
        ({"A": "apn"}, "Nothing names the property"),
        ({"A": ""}, "Nothing names the property"),
    ],
)
def test_a_mapping_that_will_not_do(mapping, words):
    assert words in " ".join(check_mapping(["A", "B"], mapping))


def test_a_mapping_that_will_do():
    assert check_mapping(["A", "B"], {"A": "apn", "B": "fips"}) == []
    assert check_mapping(["A", "B"], {"A": "address", "B": ""}) == []


@pytest.mark.django_db
def test_a_list_that_speaks_of_no_owners_misses_none(take, laid):
    """A tax collector's own columns: known by their words, and its figures become signs."""
    take(SHIPPED)
    done = take(SHIPPED.with_name("tax_delinquent.csv"), file_name="tax.csv")
    counts = done.counts
    assert counts["updated"] == done.rows_total == sum(counts.values())
    assert not done.rows.filter(notes__icontains="has no name").exists()
    owed = Signal.objects.in_workspace(laid).filter(lead_import=done, kind="tax_delinquent")
    assert owed.filter(amount__gt=0).count() == done.rows_total


def test_a_number_in_a_cell_of_its_own_stands_before_its_street():
    taken = inspect(io.BytesIO(MADE["ASSESSOR"].text.encode()))
    reader = RowReader(taken.header, taken.detection.mapping)
    first, second = (reader.read(*row) for row in taken.rows())
    assert (first.place.key, second.place.key) == ("12 SAMPLE ST||31201", "14 SAMPLE ST||31201")
    assert first.mailing.key == "9 FAKE AVE||30301"
    assert [(sign.kind, sign.amount) for sign in second.signals] == [
        ("tax_delinquent", Decimal("640.10"))
    ]
