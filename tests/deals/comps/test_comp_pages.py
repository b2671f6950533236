"""The panel of a deal and the page of sales, over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.common.clock import now as clock
from apps.deals.models import ArvEstimate, ComparableSale, CompPolicy, SaleImport
from apps.deals.sales.actions import record_sales
from apps.deals.sales.tasks import continue_sale_imports
from apps.deals.sales.types import SaleRow
from tests.deals.sales.conftest import ct_csv

pytestmark = pytest.mark.django_db
HX = {"HTTP_HX_REQUEST": "true"}
HOUSE = {
    "city": "Hamden", "zip": "06514", "building_sqft": 1500, "latitude": 41.39,
    "longitude": -72.92, "property_type": "Single Family Residential",
}  # fmt: skip


def sale_rows(count: int = 5) -> list[SaleRow]:
    """The pages read the real clock, so these are some days old on any day."""
    today = clock().date()
    return [
        SaleRow(
            at, str(at), f"{at} Sample St", today - timedelta(days=20 * at),
            Decimal(300_000 + 1000 * at), city="Hamden", state="CT", latitude=41.39 + at / 10_000,
            longitude=-72.92, building_sqft=1500, kind="single_family",
        )
        for at in range(1, count + 1)
    ]  # fmt: skip


@pytest.fixture
def deal(desk, make_deal, system, now):
    record_sales(workspace=desk, actor=system, source_label="County", rows=sale_rows(), now=now)
    return make_deal(desk, **HOUSE)


def url(name, *ids):
    return reverse(f"deals:{name}", args=ids)


def test_the_numbers_tab_asks_for_the_panel_and_the_panel_explains(desk, deal, signed_in):
    client = signed_in(desk)
    tab = client.get(url("deal_detail", deal.public_id), {"tab": "numbers"}).content.decode()
    assert url("comps_panel", deal.public_id) in tab
    panel = client.get(url("comps_panel", deal.public_id), **HX).content.decode()
    assert "$303,000" in panel
    assert "low $" in panel
    assert panel.count("data-comp") == 5
    assert "<html" not in panel
    assert "<html" in client.get(url("comps_panel", deal.public_id)).content.decode()
    assert not ArvEstimate.objects.in_workspace(desk).exists()


def test_ticking_sales_reckons_anew_and_using_them_sets_the_arv(desk, deal, signed_in):
    client = signed_in(desk)
    ids = list(ComparableSale.objects.in_workspace(desk).order_by("id").values_list("public_id"))
    picks = {"picked": "1", "sale": [str(ids[0][0]), str(ids[1][0]), "no id"]}
    panel = client.get(url("comps_panel", deal.public_id), picks, **HX).content.decode()
    assert "2 sales you picked" in panel
    answer = client.post(url("comps_keep", deal.public_id), {**picks, "use": "1"}, **HX)
    assert answer["HX-Retarget"] == "#deal-tab"
    assert "from 2 picked sales" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.arv_amount == ArvEstimate.objects.in_workspace(desk).get().amount
    timeline = client.get(url("deal_detail", deal.public_id), {"tab": "timeline"})
    assert "reckoned" in timeline.content.decode()


def test_without_javascript_keeping_and_using_redirect(desk, deal, signed_in):
    client = signed_in(desk)
    kept = client.post(url("comps_keep", deal.public_id))
    assert (kept.status_code, kept["Location"][-12:]) == (302, "?tab=numbers")
    estimate = ArvEstimate.objects.in_workspace(desk).get()
    used = client.post(url("comps_use", deal.public_id, estimate.public_id))
    assert used.status_code == 302
    deal.refresh_from_db()
    assert deal.arv_amount == 303_000
    assert client.post(url("comps_use", deal.public_id, uuid4())).status_code == 404


def test_an_empty_pick_is_refused_as_arv_and_said_so(desk, deal, signed_in):
    client = signed_in(desk)
    answer = client.post(url("comps_keep", deal.public_id), {"picked": "1", "use": "1"}, **HX)
    assert answer.status_code == 422
    assert "not enough sales" in answer.content.decode().lower()


def test_without_sales_the_panel_teaches(desk, make_deal, signed_in):
    client = signed_in(desk)
    panel = client.get(url("comps_panel", make_deal(desk, **HOUSE).public_id), **HX)
    assert "No recorded sales yet" in panel.content.decode()


def test_strangers_and_low_roles_are_kept_out(desk, deal, other_workspace, signed_in):
    stranger = signed_in(other_workspace)
    assert stranger.get(url("comps_panel", deal.public_id)).status_code == 404
    assert stranger.post(url("comps_keep", deal.public_id)).status_code == 404
    low = signed_in(desk, "dispositions")
    assert low.post(url("comps_keep", deal.public_id)).status_code == 403
    assert low.post(url("sale_upload")).status_code == 403


def upload(content: bytes, **fields):
    return {"file": SimpleUploadedFile("ct.csv", content, "text/csv"), **fields}


def test_a_file_goes_from_upload_to_result(desk, signed_in):
    client = signed_in(desk)
    assert "No sales yet" in client.get(url("sale_list")).content.decode()
    sent = client.post(url("sale_upload"), upload(ct_csv({}, {"Address": "=1+2"})))
    assert sent.status_code == 302
    page = sent["Location"]
    assert 'hx-trigger="every 1s"' in client.get(page).content.decode()
    continue_sale_imports()
    live = client.get(page, **HX).content.decode()
    assert "every 1s" not in live
    assert "There is no street address." in live
    rejects = b"".join(client.get(f"{page}left-out.csv").streaming_content).decode()
    assert "There is no street address." in rejects
    assert "'=1+2" in rejects
    assert re.search(r">1</span>\s*sale,", client.get(url("sale_list")).content.decode())


def test_a_file_of_unknown_words_is_refused_until_its_columns_are_named(desk, signed_in):
    client = signed_in(desk)
    content = b"where,when,what\n9 Sample Rd,3/4/2026,200000\n"
    refused = client.post(url("sale_upload"), upload(content))
    assert refused.status_code == 422
    assert "No column says an address" in refused.content.decode()
    named = {"address": "where", "sold_on": "when", "amount": "what", "state": "Conn."}
    assert client.post(url("sale_upload"), upload(content, **named)).status_code == 302
    assert client.post(url("sale_upload"), upload(content, state="Utopia")).status_code == 422
    assert client.post(url("sale_upload")).status_code == 422


def test_a_person_may_stop_a_file(desk, signed_in, other_workspace):
    client = signed_in(desk)
    client.post(url("sale_upload"), upload(ct_csv({})))
    held = SaleImport.objects.in_workspace(desk).get()
    stopped = client.post(url("sale_cancel", held.public_id), **HX)
    assert "Canceled" in stopped.content.decode()
    continue_sale_imports()
    assert not ComparableSale.objects.in_workspace(desk).exists()
    stranger = signed_in(other_workspace)
    assert stranger.get(url("sale_import", held.public_id)).status_code == 404


def test_an_admin_edits_the_settings_and_nonsense_is_refused(desk, make_user, client):
    client.force_login(make_user(desk, "owner", is_staff=True))
    page = reverse("admin:deals_comppolicy_add")
    shipped = CompPolicy()
    fields = {
        field.name: getattr(shipped, field.name)
        for field in CompPolicy._meta.fields
        if field.name not in ("id", "workspace", "public_id", "created_at", "annual_trend")
    }
    bad = client.post(page, {**fields, "max_miles": 9, "area_share": 20})
    assert bad.status_code == 200
    assert "Cannot be below the value it widens." in bad.content.decode()
    assert client.post(page, {**fields, "max_miles": 1}).status_code == 302
    assert CompPolicy.objects.in_workspace(desk).get().max_miles == 1
    assert client.get(page).status_code == 403
