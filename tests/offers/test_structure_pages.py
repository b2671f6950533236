"""The panel of all ways of buying, the schedule as a file, and the terms in admin."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.events.models import Event
from apps.offers.actions import install_structures, save_structure
from apps.offers.models import StructureTerms
from apps.offers.strategies.structure import StructureKind
from apps.offers.strategies.subject_to import SubjectToTerms

D = Decimal

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(workspace, system, now, strategy):
    install_structures(workspace=workspace, actor=system, now=now)
    rows = StructureTerms.objects.in_workspace(workspace)
    return {row.kind: row for row in rows.order_by("id")}


@pytest.fixture
def rented(workspace, make_deal, terms):
    """A deal of which everything is known, with a cheap loan on it."""
    deal = make_deal(
        workspace,
        loan_balance_amount=D(150_000),
        loan_rate_pct=D("0.0325"),
        loan_payment_amount=D(900),
        rent_amount=D(2_000),
    )
    deal.metrics.est_value = 220_000
    deal.metrics.save()
    return deal


def panel(deal) -> str:
    return reverse("offers:structures_panel", args=[deal.public_id])


def test_all_ways_stand_side_by_side(rented, workspace, signed_in):
    page = signed_in(workspace, "read_only").get(panel(rented)).content.decode()
    for label in ("Cash", "Seller finance", "Subject-to", "Lease option", "Novation"):
        assert label in page
    assert "best mix" in page
    assert "Due on sale" in page
    assert "more than the down payment" in page


def test_what_is_not_feasible_shows_no_profit(rented, workspace, signed_in):
    page = signed_in(workspace).get(panel(rented)).content.decode()
    rows = [row for row in page.split("<tr") if "not feasible" in row]
    assert rows
    assert not [row for row in rows if "$" in row]


def test_what_is_missing_is_named_instead_of_guessed(workspace, make_deal, terms, signed_in):
    deal = make_deal(workspace)
    page = signed_in(workspace).get(panel(deal)).content.decode()
    assert "market rent" in page
    assert page.count("unknown</span>") >= 3


def test_the_numbers_tab_leads_to_it(rented, workspace, signed_in):
    address = reverse("deals:deal_detail", args=[rented.public_id])
    page = signed_in(workspace).get(f"{address}?tab=numbers").content.decode()
    assert panel(rented) in page


def test_strangers_find_nothing(rented, other_workspace, signed_in):
    client = signed_in(other_workspace)
    assert client.get(panel(rented)).status_code == 404
    schedule = reverse("offers:seller_finance_schedule", args=[rented.public_id])
    assert client.get(schedule).status_code == 404
    assert Client().get(panel(rented)).status_code == 302


def test_the_schedule_is_a_file_that_adds_up(rented, workspace, signed_in):
    address = reverse("offers:seller_finance_schedule", args=[rented.public_id])
    answer = signed_in(workspace).get(address)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 84
    assert sum(D(row["Principal"]) for row in rows) == D("188100.00")
    assert rows[-1]["Balance"] == "0.00"


def test_a_switched_off_way_is_gone(rented, workspace, system, now, terms, signed_in):
    save_structure(
        workspace=workspace,
        actor=system,
        kind="seller_finance",
        values={},
        is_active=False,
        now=now,
    )
    client = signed_in(workspace)
    assert "Seller finance" not in client.get(panel(rented)).content.decode()
    schedule = reverse("offers:seller_finance_schedule", args=[rented.public_id])
    assert client.get(schedule).status_code == 404


def test_saving_terms_is_one_fact_and_a_version(workspace, system, now, terms):
    def save(**values):
        return save_structure(
            workspace=workspace,
            actor=system,
            kind="subject_to",
            values=values,
            is_active=True,
            now=now,
        )

    facts = Event.objects.filter(name="offers.structure_saved.v1")
    before = facts.count()
    changed = save(most_rate_pct="0.06")
    assert changed.version == 2
    assert changed.terms() == SubjectToTerms(most_rate_pct=D("0.06"))
    save(most_rate_pct="0.0600")
    assert facts.count() == before + 1
    assert StructureTerms.objects.in_workspace(workspace).get(kind="subject_to").version == 2


def test_admin_edits_terms_and_refuses_nonsense(workspace, make_user, terms):
    client = Client()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    row = terms[StructureKind.LEASE_OPTION]
    address = reverse("admin:offers_structureterms_change", args=[row.pk])
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    values["is_active"] = "on"
    refused = client.post(address, {**values, "option_out_pct": "5"})
    assert refused.status_code == 200
    assert b"option_out_pct is a fraction of one" in refused.content
    saved = client.post(address, {**values, "option_out_pct": "0.05", "months": "24"})
    assert saved.status_code == 302
    row.refresh_from_db()
    assert row.version == 2
    assert row.terms().option_out_pct == D("0.05")
    assert row.terms().months == 24
