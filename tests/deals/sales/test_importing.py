"""Every row of a sales file has its outcome; the same file twice adds nothing."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from apps.deals.ingestion.reader import FileRefused
from apps.deals.models import ComparableSale, SaleImport
from apps.deals.sales.actions import record_sales
from apps.deals.sales.due import claim_sale_import
from apps.deals.sales.file import inspect_sales
from apps.deals.sales.types import SaleRow
from apps.deals.sales.worker import run_sale_import
from tests.deals.sales.conftest import CONNECTICUT, NEW_YORK, ct_csv, lines, said

pytestmark = pytest.mark.django_db


def sales(workspace):
    return ComparableSale.objects.in_workspace(workspace).order_by("id")


@pytest.mark.shared_data
def test_all_rows_of_the_state_file_are_accounted_for(workspace, take_sales):
    done = take_sales(CONNECTICUT)
    assert (done.state, done.preset, done.rows_done) == ("done", "ct_sales", 9_999)
    # Two rows of the file hold a number and no street.
    assert said(done) == {"created": 9_997, "rejected": 2}
    assert said(take_sales(CONNECTICUT)) == {"unchanged": 9_997, "rejected": 2}
    assert sales(workspace).count() == 9_997
    usable = sales(workspace).filter(is_arms_length=True)
    assert 6_500 < usable.count() <= 7_314
    assert not usable.filter(amount__lt=1000).exists()
    assert sales(workspace).exclude(latitude=None).count() == 9_692


@pytest.mark.shared_data
def test_new_york_sales_have_area_and_no_point_of_their_own(workspace, take_sales):
    done = take_sales(NEW_YORK)
    assert done.preset == "nyc_dof_sales"
    assert sum(said(done).values()) == done.rows_total
    first = sales(workspace).get(line__istartswith="347 East 4th")
    assert (first.kind, first.building_sqft, first.amount) == ("single_family", 4400, 2_385_000)
    assert (first.city, first.state, first.sold_on) == ("Manhattan", "NY", date(2021, 2, 9))
    assert first.latitude is not None
    assert not first.is_point_exact
    gift = sales(workspace).filter(amount=0).first()
    assert not gift.is_arms_length
    assert "nominal" in gift.not_arms_length_because


def test_a_row_is_kept_with_its_reason_or_rejected_with_one(workspace, take_sales):
    done = take_sales(
        ct_csv(
            {},
            {"Non Use Code": "25 - Other"},
            {"Sale Amount": "1"},
            {"Assessor Remarks": "FAMILY TRANSFER / I11200"},
            {"Assessed Value": "900000"},
            {"Address": ""},
            {"Date Recorded": "soon"},
            {"Sale Amount": "n/a"},
            {"Serial Number": "1"},
        )
    )
    assert said(done) == {"created": 5, "duplicate": 1, "rejected": 3}
    reasons = list(sales(workspace).values_list("not_arms_length_because", flat=True))
    assert reasons == [
        "",
        "The assessor does not use it: 25 - Other.",
        "The price is zero or nominal.",
        "The remarks say “family transfer”.",
        "Assessed at 360% of the price; 20% to 150% is usual.",
    ]
    told = dict(done.rows.values_list("row_no", "reason"))
    assert told == {
        7: "There is no street address.",
        8: "“soon” is no date.",
        9: "“n/a” is no price.",
        10: "The same sale as row 2.",
    }


def test_a_corrected_price_updates_the_sale(workspace, take_sales):
    take_sales(ct_csv({}, {}))
    assert said(take_sales(ct_csv({}, {"Sale Amount": "260000"}))) == {"updated": 1, "unchanged": 1}
    assert [row.amount for row in sales(workspace)] == [Decimal(250_000), Decimal(260_000)]


def test_any_file_with_address_date_and_price(workspace, take_sales):
    rows = [
        "Situs Address;Town;State;Close Date;Sold Price;GLA;Beds",
        '"21 Sample St, 4B";Hamden;CT;2026-03-02;$310,000;1450;3',
    ]
    assert said(take_sales(lines(rows))) == {"created": 1}
    held = sales(workspace).get()
    assert (held.line, held.unit, held.building_sqft) == ("21 Sample St", "4B", 1450)
    assert (held.sold_on, held.amount) == (date(2026, 3, 2), Decimal(310_000))


def test_a_person_names_columns_no_word_tells(workspace, take_sales):
    rows = ["where,when,what", "9 Sample Rd,3/4/2026,200000"]
    with pytest.raises(FileRefused, match=r"No column says an address.*where, when, what"):
        inspect_sales(io.BytesIO(lines(rows)))
    named = {"address": "where", "sold_on": "when", "amount": "what"}
    assert said(take_sales(lines(rows), named=named, default_state="CT")) == {"created": 1}
    assert sales(workspace).get().state == "CT"
    with pytest.raises(FileRefused, match="no column “price”"):
        inspect_sales(io.BytesIO(lines(rows)), {**named, "amount": "price"})


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"a,b\n", b"Address,Date,Price\n"])
def test_what_is_no_sales_file_is_refused_with_a_sentence(content):
    with pytest.raises(FileRefused) as refused:
        inspect_sales(io.BytesIO(content))
    assert str(refused.value).endswith(".")


def test_a_killed_worker_is_followed_by_one_that_goes_on(workspace, take_sales, now, monkeypatch):
    def die(place: str) -> None:
        raise SystemExit(place)

    monkeypatch.setattr("apps.deals.sales.worker.CHUNK_ROWS", 2)
    monkeypatch.setattr("apps.deals.sales.worker.failpoint", die)
    with pytest.raises(SystemExit):
        take_sales(ct_csv({}, {}, {}, {}, {}))
    monkeypatch.undo()
    held = SaleImport.objects.in_workspace(workspace).get()
    assert (held.state, held.rows_done) == ("running", 2)
    assert claim_sale_import(now) is None
    done = run_sale_import(held, clock=lambda: now)
    assert (done.state, said(done)) == ("done", {"created": 5})


def test_a_feed_records_sales_by_the_same_rules(workspace, system, now):
    rows = [SaleRow(1, "a", "1 Sample St", date(2026, 1, 5), Decimal(200_000), zip_code="06514")]
    given = {"workspace": workspace, "actor": system, "source_label": "County feed", "now": now}
    assert record_sales(rows=rows, **given)["created"] == 1
    assert record_sales(rows=rows, **given)["unchanged"] == 1
    held = sales(workspace).get()
    assert held.source == "County feed"
    assert held.latitude == pytest.approx(41.4, abs=0.2)


def test_the_command_answers_in_one_line(workspace, tmp_path, capsys):
    path = tmp_path / "sales.csv"
    path.write_bytes(ct_csv({}, {"Address": ""}))
    call_command("import_sales", path, workspace=workspace.slug, json=True)
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert (answer["preset"], answer["rows"]) == ("ct_sales", 2)
    assert answer["counts"]["created"] == answer["counts"]["rejected"] == 1
    assert "row 3: rejected. There is no street address." in err
    with pytest.raises(CommandError, match="no workspace"):
        call_command("import_sales", path, workspace="nowhere")


def test_workspaces_do_not_share_sales(workspace, other_workspace, take_sales):
    take_sales(ct_csv({}))
    assert said(take_sales(ct_csv({}), place=other_workspace)) == {"created": 1}
    assert sales(other_workspace).count() == 1
