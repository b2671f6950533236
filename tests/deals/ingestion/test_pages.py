"""The import pages: who may, what is refused, what is shown while it runs and afterwards."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.common.csv_export import neutral_cell
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.worker import run_import
from apps.deals.models import LeadImport
from tests.deals.ingestion.conftest import as_csv, house

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def send(client, content: bytes, name="mine.csv"):
    upload = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(reverse("deals:import_upload"), {"file": upload})


def test_upload_makes_a_draft_and_its_start_leads_to_the_live_page(laid, signed_in):
    client = signed_in(laid, "acquisitions")
    answer = send(client, as_csv([house()]))
    held = LeadImport.objects.in_workspace(laid).get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("deals:import_preview", args=[held.public_id])
    answer = client.post(reverse("deals:import_start", args=[held.public_id]))
    assert answer["Location"] == reverse("deals:import_detail", args=[held.public_id])
    page = client.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "waiting for a worker" in page
    assert "mine.csv" in client.get(reverse("deals:import_list")).content.decode()


def test_a_refused_file_is_explained_on_the_page(laid, signed_in):
    client = signed_in(laid)
    for content, words in (
        (b"", "The file is empty."),
        (b"Name,Tint\n", "no rows"),
    ):
        answer = send(client, content)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    answer = client.post(reverse("deals:import_upload"))
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()
    assert not LeadImport.across_workspaces.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("dispositions", 403), ("read_only", 403), ("admin", 302)]
)
def test_roles_that_may_import(laid, signed_in, role, status):
    client = signed_in(laid, role)
    assert send(client, as_csv([house()])).status_code == status
    page = client.get(reverse("deals:import_list"))
    assert page.status_code == 200
    assert ("dropzone-input" in page.content.decode()) == (status == 302)


@pytest.fixture
def finished(take):
    return take(
        as_csv(
            [
                house(),
                house(),
                house(Address="", APN="", Notes="=cmd|' /C calc'!A0"),
                house(APN="B 2", Zip="1"),
            ]
        )
    )


def test_the_result_names_every_odd_row_and_polling_has_ended(laid, signed_in, finished):
    client = signed_in(laid, "read_only")
    live = client.get(reverse("deals:import_progress", args=[finished.public_id]), **HTMX)
    text = live.content.decode()
    assert "every 1s" not in text
    assert "Duplicate of row 2." in text
    assert "No property address" in text
    assert "ZIP is missing" in text
    url = reverse("deals:import_detail", args=[finished.public_id])
    only = client.get(url, {"outcome": "rejected"}, **HTMX).content.decode()
    assert "<html" not in only
    assert "No property address" in only
    assert "Duplicate of row" not in only
    assert "No such rows" in client.get(url, {"outcome": "updated"}).content.decode()
    assert client.get(url, {"outcome": "nonsense", "after": "x"}).status_code == 200


def test_rows_come_in_pages(laid, signed_in, take):
    done = take(as_csv([house()] * 60))
    client = signed_in(laid)
    url = reverse("deals:import_detail", args=[done.public_id])
    first = client.get(url).content.decode()
    assert first.count("<tr data-row") == 50
    assert "?after=52" in first
    rest = client.get(url, {"after": 52}, **HTMX).content.decode()
    assert rest.count("<tr data-row") == 9
    assert "Load more" not in rest


def test_rejects_come_as_a_file_that_runs_nothing(laid, signed_in, finished):
    answer = signed_in(laid).get(reverse("deals:import_rejects", args=[finished.public_id]))
    assert answer["Content-Disposition"].startswith("attachment")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(text)))
    assert header[:3] == ["Row", "Reason", "Address"]
    assert row[0] == "4"
    assert "No property address" in row[1]
    assert row[header.index("Notes")] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("  =1", "'  =1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\tx", "'\tx"),
        ("-500", "-500"),
        ("+12035550101", "+12035550101"),
        ("$1,200.50", "$1,200.50"),
        ("12 Sample St", "12 Sample St"),
        (None, ""),
    ],
)
def test_neutral_cells(cell, shown):
    assert neutral_cell(cell) == shown


def test_cancel(laid, signed_in, system, now):
    held = start_import(
        workspace=laid, actor=system, file_name="mine.csv",
        list_file=inspect(io.BytesIO(as_csv([house()]))), now=now,
    )  # fmt: skip
    url = reverse("deals:import_cancel", args=[held.public_id])
    assert signed_in(laid, "read_only").post(url).status_code == 403
    client = signed_in(laid)
    fragment = client.post(url, **HTMX).content.decode()
    assert "Canceled" in fragment
    assert "every 1s" not in fragment
    assert client.post(url).status_code == 302
    assert claim_import(now) is None


def test_strangers_find_nothing(laid, other_workspace, signed_in, finished, client):
    stranger = signed_in(other_workspace)
    for name in ("import_detail", "import_progress", "import_rejects"):
        url = reverse(f"deals:{name}", args=[finished.public_id])
        assert stranger.get(url).status_code == 404
        assert client.get(url).status_code == 302
    cancel = reverse("deals:import_cancel", args=[finished.public_id])
    assert stranger.post(cancel).status_code == 404
    assert "list.csv" not in stranger.get(reverse("deals:import_list")).content.decode()


def test_a_failed_import_says_why(laid, signed_in, system, now, monkeypatch):
    from apps.deals.ingestion.upsert import Chunk

    monkeypatch.setattr(Chunk, "facts", lambda self: 1 / 0)
    held = start_import(
        workspace=laid, actor=system, file_name="mine.csv",
        list_file=inspect(io.BytesIO(as_csv([house()]))), now=now,
    )  # fmt: skip
    run_import(held, clock=lambda: now)
    page = signed_in(laid).get(reverse("deals:import_detail", args=[held.public_id]))
    assert "stopped on an unexpected error" in page.content.decode()


@pytest.mark.parametrize("after", ["9" * 12, "9" * 30, "9" * 5000, "٣", "-1", "x"])
def test_a_made_up_place_in_the_rows_is_no_error(laid, signed_in, take, after):
    held = take(as_csv([house()]))
    client = signed_in(laid)
    url = reverse("deals:import_detail", args=[held.public_id])
    assert client.get(url, {"after": after}, **HTMX).status_code == 200
    deal = held.rows.get().property.deal
    url = reverse("deals:timeline_panel", args=[deal.public_id])
    assert client.get(url, {"before": after}).status_code in (200, 404)
