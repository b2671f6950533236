"""Rows in the product's own terms, whatever file, feed or call they came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from apps.common.names import parse_name
from apps.contacts.models import Contact, Phone
from apps.deals.ingestion.marks import find_or_create_list, list_key
from apps.deals.ingestion.types import (
    LeadRow,
    PersonCell,
    PhoneCell,
    PostalAddress,
    SignalCell,
)
from apps.deals.ingestion.upsert import Chunk
from apps.deals.models import (
    Deal,
    DealParty,
    ImportRow,
    LeadImport,
    LeadList,
    ListMembership,
    Property,
    Signal,
    Strength,
)
from apps.events.actions import Actor, action
from apps.events.catalog.deals import ImportChunkApplied
from apps.events.publish import publish_many

pytestmark = pytest.mark.django_db
PLACE = PostalAddress("12 Sample St", "", "New Haven", "CT", "06511", "12 SAMPLE ST|06511")
ROW = LeadRow(2, PLACE, "New Haven", "A 1", "CT|NEW HAVEN", "A-1", as_of=date(2026, 6, 1))
TESTA, ADA, BO = (parse_name(f"{name} Sampleton") for name in ("Testa", "Ada", "Bo"))
MOBILE = PhoneCell("+12035550101", "mobile", False, carrier="Example Wireless")
OTHER = PhoneCell("+12035550102", "landline", False)
Apply = Callable[..., dict[int, str]]


@action
def apply_rows(*, workspace, actor: Actor, lead_import: LeadImport, rows, now) -> Chunk:
    chunk = Chunk(lead_import, rows, {row.row_no: [] for row in rows}, lead_import.source_label)
    chunk.apply(actor=actor, now=now)
    facts = chunk.facts()
    told = ImportChunkApplied(
        subject=lead_import.public_id, first_row=1, last_row=1, counts=chunk.counts,
        deals=[fact.subject for fact in facts],
    )  # fmt: skip
    publish_many([*facts, told], workspace_id=workspace.pk, actor=actor, now=now)
    return chunk


@pytest.fixture
def apply(laid, system, now) -> Apply:
    """apply(row, …) -> {row number: outcome}; each call is an import of its own."""
    numbers = count(1)

    def run(
        *rows: LeadRow, source: str = "List vendor", strength: int = Strength.LIST,
        lead_list: LeadList | None = None, as_of: date = date(2026, 11, 1),
    ) -> dict[int, str]:  # fmt: skip
        held = LeadImport.objects.create(
            workspace=laid, file_name="rows", sha256=str(next(numbers)), byte_count=0, vendor="",
            source_label=source, strength=strength, as_of=as_of, lead_list=lead_list,
        )  # fmt: skip
        numbered = [replace(row, row_no=at) for at, row in enumerate(rows, 2)]
        chunk = apply_rows(workspace=laid, actor=system, lead_import=held, rows=numbered, now=now)
        return {item.row.row_no: item.outcome.value for item in chunk.results}

    return run


def known(laid) -> Property:
    return Property.objects.in_workspace(laid).get()


def test_every_column_arrives(apply, laid):
    apply(
        replace(
            ROW, fips="09009", latitude=41.3, longitude=-72.9, units=2, is_vacant=True,
            rent_amount=Decimal("1800"), loan_rate_pct=Decimal("0.065"),
            loan_payment_amount=Decimal("950.5"), arv_amount=Decimal("300000"),
            external_id="PS-1", notes="Call first.",
        )
    )  # fmt: skip
    held = known(laid)
    assert (held.fips, held.latitude, held.longitude, held.units) == ("09009", 41.3, -72.9, 2)
    assert (held.rent_amount, held.loan_payment_amount) == (1800, Decimal("950.50"))
    assert (held.loan_rate_pct, held.is_vacant) == (Decimal("0.06500"), True)
    assert (held.source, held.as_of, held.strength) == ("List vendor", date(2026, 6, 1), 50)
    assert Deal.objects.in_workspace(laid).get().arv_amount is None
    notes = " ".join(ImportRow.objects.get().notes)
    assert "$300,000" in notes
    assert "PS-1" in notes
    assert "Call first." in notes


def test_the_same_row_again_writes_nothing(apply, laid):
    row = replace(ROW, latitude=41.3, loan_rate_pct=Decimal("0.065"), is_vacant=True,
                  lists=("Absentee",), signals=(SignalCell("tax_lien", date(2026, 1, 2)),),
                  owners=(TESTA,), people=(PersonCell(ADA, "relative", (OTHER,)),))  # fmt: skip
    apply(row)
    history = Property.history.count(), Deal.history.count(), Contact.history.count()
    assert apply(row) == {2: "unchanged"}
    assert (Property.history.count(), Deal.history.count(), Contact.history.count()) == history
    assert ListMembership.objects.in_workspace(laid).count() == 1
    assert Signal.objects.in_workspace(laid).count() == 2


def test_stale_and_weaker_values_become_conflicts(apply, laid):
    apply(replace(ROW, bedrooms=3), source="County", strength=Strength.COUNTY)
    newer = replace(ROW, bedrooms=4, as_of=date(2026, 9, 1), year_built=1950)
    assert apply(newer) == {2: "updated"}
    held = known(laid)
    assert (held.bedrooms, held.year_built) == (3, 1950)
    assert held.conflicts == {"bedrooms": ["4", "List vendor", "2026-09-01", 50]}
    assert held.provenance == {"year_built": ["List vendor", "2026-09-01", 50]}
    assert apply(newer) == {2: "unchanged"}
    later = replace(ROW, bedrooms=4, as_of=date(2026, 9, 1))
    apply(later, source="County", strength=Strength.COUNTY)
    held = known(laid)
    assert (held.bedrooms, held.conflicts) == (4, {})


def test_an_older_file_moves_neither_owner_nor_address(apply, laid):
    fresh = replace(ROW, owners=(TESTA,), as_of=date(2026, 9, 1))
    apply(fresh)
    moved = replace(PLACE, line="99 Elsewhere Rd", key="99 ELSEWHERE RD|06511")
    old = replace(ROW, place=moved, owners=(ADA,), phones=(MOBILE,), as_of=date(2024, 1, 1))
    assert apply(old) == {2: "unchanged"}
    held = known(laid)
    assert held.line == "12 Sample St"
    assert set(held.conflicts) == {"address", "owners"}
    assert held.conflicts["owners"][0] == "Ada Sampleton"
    assert "99 Elsewhere Rd" in held.conflicts["address"][0]
    assert Contact.objects.in_workspace(laid).get().name == "Testa Sampleton"
    assert not Phone.objects.in_workspace(laid).exists()
    assert apply(replace(old, as_of=date(2026, 10, 1))) == {2: "updated"}
    assert known(laid).line == "99 Elsewhere Rd"
    assert Deal.objects.in_workspace(laid).get().seller.name == "Ada Sampleton"


def test_a_future_day_is_cut_to_the_day_of_the_file(apply, laid):
    apply(replace(ROW, bedrooms=3, as_of=date(2099, 1, 1)))
    assert known(laid).as_of == date(2026, 11, 1)


def test_people_have_phones_of_their_own_and_only_owners_sell(apply, laid):
    people = (
        PersonCell(ADA, "relative", (OTHER,), is_litigator=True),
        PersonCell(TESTA, "owner", (MOBILE,), ("t@example.com",)),
        PersonCell(BO, "resident"),
    )
    apply(replace(ROW, owners=(TESTA,), people=people))
    deal = Deal.objects.in_workspace(laid).get()
    assert deal.seller.name == "Testa Sampleton"
    parties = DealParty.objects.in_workspace(laid).order_by("rank")
    assert list(parties.values_list("contact__name", "part")) == [
        ("Testa Sampleton", "owner"), ("Ada Sampleton", "relative"), ("Bo Sampleton", "resident"),
    ]  # fmt: skip
    assert deal.seller.phones.get().e164 == MOBILE.e164
    ada = Contact.objects.in_workspace(laid).get(first_name="Ada")
    assert (ada.phones.get().e164, ada.is_litigator, ada.mailing_key) == (OTHER.e164, True, "")
    assert "ada sampleton" in deal.search_text


def test_a_contact_list_adds_a_person_with_each_row(apply, laid):
    rows = [
        replace(ROW, is_person_row=True, people=(PersonCell(name, part, (phone,)),))
        for name, part, phone in (
            (ADA, "relative", OTHER), (TESTA, "owner", MOBILE), (ADA, "relative", OTHER),
        )
    ]  # fmt: skip
    assert apply(*rows) == {2: "created", 3: "updated", 4: "unchanged"}
    deal = Deal.objects.in_workspace(laid).get()
    assert deal.seller.name == "Testa Sampleton"
    assert set(deal.parties.values_list("part", flat=True)) == {"owner", "relative"}
    assert apply(*rows) == {2: "unchanged", 3: "unchanged", 4: "unchanged"}


def test_a_relative_who_turns_out_to_own_it_changes_seats(apply, laid):
    apply(replace(ROW, owners=(TESTA,), people=(PersonCell(ADA, "relative"),)))
    apply(replace(ROW, owners=(ADA,)))
    deal = Deal.objects.in_workspace(laid).get()
    assert deal.seller.name == "Ada Sampleton"
    assert list(deal.parties.values_list("contact__name", "part")) == [("Ada Sampleton", "owner")]


def test_do_not_call_marks_every_phone_of_the_person(apply, laid):
    row = replace(ROW, owners=(TESTA,), phones=(MOBILE, OTHER))
    apply(row)
    silent = replace(row, phones=(), is_do_not_call=True, is_deceased=True)
    assert apply(silent) == {2: "updated"}
    assert set(Phone.objects.in_workspace(laid).values_list("is_dnc", flat=True)) == {True}
    assert Contact.objects.in_workspace(laid).get().is_deceased
    assert apply(row) == {2: "unchanged"}
    suing = replace(row, phones=(replace(MOBILE, is_litigator=True),))
    assert apply(suing) == {2: "updated"}
    assert Contact.objects.in_workspace(laid).get().is_litigator


def test_phones_without_a_name_go_to_the_owner_known(apply, laid):
    apply(replace(ROW, owners=(TESTA,)))
    apply(replace(ROW, phones=(MOBILE,)))
    assert Contact.objects.in_workspace(laid).get().phones.get().e164 == MOBILE.e164


def test_lists_stack_whatever_their_case_and_spacing(apply, laid):
    own = find_or_create_list(laid.pk, "High  equity")
    row = replace(ROW, lists=("Absentee - New Haven", "absentee -  NEW HAVEN"),
                  listed_on=date(2026, 5, 1))  # fmt: skip
    assert apply(row, lead_list=own) == {2: "created"}
    names = LeadList.objects.in_workspace(laid).order_by("id").values_list("name", flat=True)
    assert list(names) == ["High equity", "Absentee - New Haven"]
    assert list_key(" HIGH Equity ") == own.key
    again = replace(row, lists=("Vacant",))
    assert apply(again, lead_list=own, as_of=date(2026, 11, 9)) == {2: "updated"}
    held = ListMembership.objects.in_workspace(laid).get(lead_list=own)
    assert (held.listed_on, held.first_seen_on, held.last_seen_on) == (
        date(2026, 5, 1), date(2026, 11, 1), date(2026, 11, 9),
    )  # fmt: skip
    assert ListMembership.objects.in_workspace(laid).count() == 3


def test_signals_are_dated_and_end(apply, laid):
    lien = SignalCell("lien", date(2025, 3, 1), Decimal("1200"), "Docket 7")
    row = replace(ROW, is_vacant=True, signals=(lien, SignalCell("tax_delinquent")))
    apply(row)
    held = Signal.objects.in_workspace(laid).order_by("kind")
    assert list(held.values_list("kind", "observed_on", "amount")) == [
        ("lien", date(2025, 3, 1), Decimal("1200")),
        ("tax_delinquent", date(2026, 6, 1), None),
        ("vacant", date(2026, 6, 1), None),
    ]
    newer = replace(row, as_of=date(2026, 8, 1))
    assert apply(newer) == {2: "unchanged"}
    assert Signal.objects.in_workspace(laid).count() == 3
    assert apply(replace(ROW, is_vacant=False, as_of=date(2026, 9, 1))) == {2: "updated"}
    vacant = Signal.objects.in_workspace(laid).get(kind="vacant")
    assert vacant.ended_on == date(2026, 9, 1)
    assert apply(newer) == {2: "unchanged"}
    assert not Signal.objects.in_workspace(laid).filter(kind="vacant", ended_on=None).exists()
    later: Any = replace(row, as_of=date(2026, 10, 1))
    assert apply(later) == {2: "updated"}
    assert Signal.objects.in_workspace(laid).filter(kind="vacant").count() == 2
