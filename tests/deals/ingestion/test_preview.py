"""A preview says exactly what the import then does, and writes nothing."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.ingestion import preview as preview_module
from apps.deals.ingestion import worker
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.preview import Preview, preview_file, preview_import
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.types import PersonCell
from apps.deals.ingestion.worker import run_import
from apps.deals.models import ImportRow, LeadImport, Property
from apps.events.models import Event
from tests.deals.ingestion.conftest import SHIPPED, VENDOR_FILES, as_csv, house

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(laid, system, now):
    def make(content: bytes, **options) -> LeadImport:
        return start_import(
            workspace=laid, actor=system, file_name="list.csv",
            list_file=inspect(io.BytesIO(content)), now=now, **options,
        )  # fmt: skip

    return make


def answers(found: Preview) -> dict[tuple[str, int], str]:
    return {
        (outcome, row.row_no): row.reason for outcome, rows in found.samples.items() for row in rows
    }


def real_answers(lead_import: LeadImport) -> dict[tuple[str, int], str]:
    rows = ImportRow.objects.filter(lead_import=lead_import)
    return {(row.outcome, row.row_no): row.reason for row in rows}


def changed_fields(lead_import: LeadImport) -> dict[str, int]:
    counted: dict[str, int] = {}
    updates = Event.objects.filter(name="deals.deal_updated.v1")
    for event in updates.filter(payload__lead_import=str(lead_import.public_id)):
        for name in event.payload["changes"]:
            counted[name] = counted.get(name, 0) + 1
    return counted


def agree(held: LeadImport, now) -> Preview:
    found = preview_import(held, now=now)
    done = run_import(held, clock=lambda: now)
    assert done.state == "done", done.error
    assert found.counts == done.counts
    assert answers(found).items() <= real_answers(done).items()
    assert dict(found.changed_fields) == changed_fields(done)
    return found


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """So that rows repeat rows of other chunks; the preview's are cut elsewhere."""
    monkeypatch.setattr(worker, "CHUNK_ROWS", 7)
    monkeypatch.setattr(preview_module, "CHUNK_ROWS", 5)


def test_nothing_is_written_and_samples_stand_for_every_outcome(draft, laid, now):
    held = draft(as_csv([house(APN=f"A {n % 25}", Address=f"{n % 25} Oak St") for n in range(40)]))
    facts = Event.objects.count()
    with connection.execute_wrapper(_refuse_writing):
        found = preview_import(held, now=now)
    assert found.counts == {
        "created": 25, "updated": 0, "unchanged": 0, "duplicate": 15, "rejected": 0,
    }  # fmt: skip
    assert len(found.samples["created"]) == 10
    assert found.samples["duplicate"][0].reason == "Duplicate of row 2."
    assert found.samples["created"][0].address == "0 Oak St, New Haven, CT 06511"
    assert (Property.objects.in_workspace(laid).count(), Event.objects.count()) == (0, facts)


def _refuse_writing(execute, sql, params, many, context):
    assert sql.lstrip().upper().startswith("SELECT"), sql
    return execute(sql, params, many, context)


def test_a_file_is_previewed_without_being_stored(laid, take, now):
    take(as_csv([house()]))
    changed = as_csv([house(**{"Est. Value": "1"}), house(APN="B 2", Address="2 Oak St")])
    found = preview_file(laid, inspect(io.BytesIO(changed)), now=now)
    assert (found.counts["updated"], found.counts["created"]) == (1, 1)
    assert dict(found.changed_fields) == {"est_value_amount": 1}
    assert list(found.samples["updated"][0].changes) == ["est_value_amount"]
    assert LeadImport.across_workspaces.count() == 1


def test_the_shipped_list_new_and_again_and_changed(draft, now):
    content = SHIPPED.read_bytes()[:400_000].rpartition(b"\n")[0]
    for _ in range(2):
        agree(draft(content), now)
    agree(draft(_shaken(content)), now)


@pytest.mark.shared_data
def test_the_real_file(draft, now, monkeypatch):
    monkeypatch.setattr(worker, "CHUNK_ROWS", 1000)
    monkeypatch.setattr(preview_module, "CHUNK_ROWS", 700)
    content = (VENDOR_FILES / "propstream_2021_new_haven_ct.csv").read_bytes()
    assert agree(draft(content), now).counts["created"] == 2523
    again = agree(draft(content), now).counts
    assert again["unchanged"] == sum(again.values()) == 2523


def _shaken(content: bytes) -> bytes:
    """The same rows in another order, some values and owners swapped between neighbors."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    chance = random.Random(7)
    chance.shuffle(rows)
    for at in range(1, len(rows), 3):
        column = chance.randrange(len(header))
        rows[at][column], rows[at - 1][column] = rows[at - 1][column], rows[at][column]
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    [
        "propstream_2021_bad_data.csv",
        "propstream_2021_zip_lost_leading_zero.csv",
        "propstream_2021_hartford_43col_sample.csv",
        "vendor_sample_propstream_contacts.csv",
        "vendor_sample_batchdata_skiptrace.csv",
        "vendor_sample_batchleads.csv",
        "vendor_sample_datatree.csv",
        "vendor_sample_dealmachine_contacts.csv",
    ],
)
def test_files_of_vendors(draft, now, name):
    content = Path(VENDOR_FILES / name).read_bytes()
    agree(draft(content), now)
    agree(draft(_shaken(content)), now)


ROWS = st.lists(
    st.builds(
        lambda apn, at, value, owner, phone, mail, day: house(
            APN=apn, Address=at and f"{at} Oak St", Owner_1_First_Name=owner,
            Phone_1=phone, Mailing_Address=mail, **{"Est. Value": value, "Date Added to List": day},
        ),
        st.sampled_from(["", "A 1", "A 2", "A 3"]),
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "100000", "200000"]),
        st.sampled_from(["", "Testa", "Ada"]),
        st.sampled_from(["", "2035550101", "2035550102"]),
        st.sampled_from(["", "1 Oak St", "9 Pine Rd"]),
        st.sampled_from(["", "06/15/2026", "01/02/2025"]),
    ),
    min_size=1, max_size=14,
)  # fmt: skip


@given(first=ROWS, second=ROWS, are_persons=st.booleans())
@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_any_two_files_one_after_the_other(draft, system, now, first, second, are_persons):
    from django.db import transaction

    with transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            if are_persons:
                _name_persons(patch)
            for rows in (first, second):
                agree(draft(as_csv(rows)), now)
        transaction.set_rollback(True)


def _name_persons(patch) -> None:
    """The rows of a contact list: the owner's cells are a person of their own."""
    from dataclasses import replace

    from apps.deals.ingestion.normalize import RowReader

    read = RowReader.read

    def with_person(self, row_no, row):
        lead = read(self, row_no, row)
        if not lead.owners:
            return replace(lead, is_person_row=True, phones=(), emails=())
        part = "owner" if lead.place.line.startswith("1") else "relative"
        person = PersonCell(lead.owners[0], part, lead.phones, lead.emails)
        return replace(lead, is_person_row=True, owners=(), phones=(), emails=(), people=(person,),
                       as_of=lead.listed_on or date(2026, 1, 1))  # fmt: skip

    patch.setattr(RowReader, "read", with_person)
