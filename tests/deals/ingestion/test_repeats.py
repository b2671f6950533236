"""Rows that came before are known without being read, and nothing is any different for it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.contacts.actions.checking import check_contact
from apps.contacts.actions.merging import merge_contacts
from apps.contacts.actions.phones import verify_phone
from apps.contacts.actions.unmerging import unmerge_contacts
from apps.contacts.models import Contact, EmailAddress, Merge, Phone
from apps.contacts.rules import normalize_email
from apps.deals.actions import edit_property, move_deal, score_deals
from apps.deals.actions.naming import rename_list
from apps.deals.ingestion import reading_mark as mark_module
from apps.deals.ingestion import worker
from apps.deals.ingestion.actions import apply_chunk
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.phones import _EMAIL as EMAIL
from apps.deals.ingestion.phones import emails_reader
from apps.deals.ingestion.stored import stored_rows
from apps.deals.models import Deal, LeadImport, LeadList, Property, Stage, Strength
from tests.deals.ingestion.conftest import REPO, as_csv, house
from tests.deals.ingestion.worlds import SYSTEM, Worlds

pytestmark = pytest.mark.django_db


def lead(n: int, **cells: str) -> dict[str, str]:
    return house(
        APN=f"A {n}", Address=f"{n} Oak St", Mailing_Address=f"{n} Oak St",
        Owner_1_Last_Name=f"Sampleton{'abcdefghi'[n]}", Phone_1=f"203555010{n}", **cells,
    )  # fmt: skip


FILE = as_csv([lead(n) for n in range(1, 5)])
NAMED = ("line", "city", "state", "zip", "county", "apn", "lists")


def named(n: int, lists: str) -> dict[str, str]:
    """A row whose headers are our own names, and which says what lists it is on."""
    here = (f"{n} Oak St", "New Haven", "CT", "06511", "New Haven", f"A {n}", lists)
    return dict(zip(NAMED, here, strict=True))


@pytest.fixture
def worlds(db, now):
    return Worlds(now)


def deal_of(workspace: Any, apn: str) -> Deal:
    return Deal.objects.in_workspace(workspace).get(property__apn=apn)


def test_the_same_file_is_known(worlds):
    assert worlds.take(FILE) == 0
    for _ in range(3):
        worlds.later(days=1)
        assert worlds.take(FILE) == 4
    assert worlds.imports[-1][0].counts["unchanged"] == 4


def test_in_chunks(worlds, monkeypatch):
    monkeypatch.setattr(worker, "CHUNK_ROWS", 2)
    worlds.take(FILE)
    assert worlds.take(FILE) == 4


@pytest.mark.parametrize("is_edited", [False, True], ids=["at once", "edited meanwhile"])
def test_a_worker_that_died_in_the_middle(worlds, is_edited):
    worlds.take(FILE)
    pair = worlds.begin(FILE)
    LeadImport.objects.in_workspace(worlds.reads).update(reading="")
    for held in pair:
        rows = list(stored_rows(held))[:2]
        apply_chunk(
            workspace=held.workspace, actor=SYSTEM, lead_import=held, rows=rows, now=worlds.now
        )
    if is_edited:
        worlds.each(lambda workspace: _edit_nth(workspace, 3, worlds.now))
    worlds.run(pair)
    assert worlds.imports[-1][0].counts["unchanged"] == 4
    assert worlds.take(FILE) == (3 if is_edited else 4)


@pytest.mark.parametrize(
    "change",
    [
        {"strength": Strength.COUNTY}, {"as_of": date(2026, 11, 1)}, {"lists": "Absentee"},
        {"mapping": {"Address": "line", "APN": "apn"}},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_read_in_another_way_it_is_another_file(worlds, change):
    worlds.take(FILE)
    assert worlds.take(FILE, **change) == 0
    worlds.take(FILE)


def test_the_same_bytes_under_another_name(worlds):
    worlds.take(FILE)
    assert worlds.take(FILE, file_name="list (1).csv") == 4


def test_another_list_for_the_second_one_is_told(worlds):
    worlds.take(FILE, lists="Absentee")
    worlds.take(FILE, lists="Tired landlords")
    assert worlds.imports[-1][0].counts["updated"] == 4
    # Rows that changed something are read once more before they are known.
    assert worlds.take(FILE, lists="Tired landlords") == 0
    assert worlds.take(FILE, lists="Tired landlords") == 4


def test_code_that_changed_reads_again(worlds, monkeypatch):
    worlds.take(FILE)
    monkeypatch.setattr(mark_module, "version_of_code", lambda: "the next release")
    assert worlds.take(FILE) == 0
    assert worlds.take(FILE) == 4


def test_rejected_rows_and_repeats_within_the_file_are_answered_again(worlds):
    rows = [lead(1), {"City": "Nowhere"}, lead(2), lead(1), lead(3), {}, lead(4)]
    content = as_csv(rows)
    worlds.take(content)
    # The row that is told twice is read, so that the second one finds it told.
    assert worlds.take(content) == 4
    counts = worlds.imports[-1][0].counts
    assert (counts["unchanged"], counts["rejected"], counts["duplicate"]) == (4, 2, 1)


def test_notes_of_rows_are_kept(worlds):
    content = as_csv([lead(1) | {"Zip": "6511"}, lead(2) | {"Est. Value": "much"}])
    worlds.take(content)
    assert worlds.take(content) == 2
    assert all(row.notes for row in worlds.imports[-1][0].rows.all())


def test_an_undone_import_is_no_memory(worlds):
    worlds.take(FILE)
    worlds.undo(0)
    assert worlds.take(FILE) == 0
    assert worlds.imports[-1][0].counts["created"] == 4
    assert worlds.take(FILE) == 4


def test_undoing_the_repeat_leaves_the_first(worlds):
    worlds.take(FILE)
    worlds.take(FILE)
    worlds.undo(1)
    worlds.compare()
    worlds.undo(0)
    worlds.compare()
    worlds.take(FILE)


def _steps() -> dict[str, Any]:
    """What people and the house do to the first of four parcels, and whether it is read again."""

    def moves(workspace, now):
        stage = Stage.objects.in_workspace(workspace).get(kind="offered")
        move_deal(
            workspace=workspace, actor=SYSTEM, deal=deal_of(workspace, "A 1"), to=stage,
            reason="Called", now=now,
        )  # fmt: skip

    def edits(workspace, now):
        edit_property(
            workspace=workspace, actor=SYSTEM, deal=deal_of(workspace, "A 1"),
            changes={"est_value_amount": "1"}, now=now,
        )  # fmt: skip

    def verifies(workspace, now):
        phone = Phone.objects.in_workspace(workspace).get(e164="+12035550101")
        verify_phone(workspace=workspace, actor=SYSTEM, phone=phone, now=now)

    def renames(workspace, now):
        owner = deal_of(workspace, "A 1").seller
        owner.mailing_line = "77 Elsewhere"
        owner.mailing_key = "77 ELSEWHERE||06511"
        owner.save()

    def removes(workspace, now):
        deal = deal_of(workspace, "A 1")
        item = deal.property
        deal.delete()
        item.delete()

    def scores(workspace, now):
        ids = list(Deal.objects.in_workspace(workspace).values_list("public_id", flat=True))
        score_deals(workspace=workspace, actor=SYSTEM, deals=ids, now=now)

    def checks(workspace, now):
        owner = deal_of(workspace, "A 1").seller
        check_contact(workspace=workspace, actor=SYSTEM, contact=owner, may_trace=False, now=now)

    return {
        "moved": (moves, 3), "edited by hand": (edits, 3), "number verified": (verifies, 3),
        "owner changed": (renames, 3), "removed": (removes, 3), "scored": (scores, 4),
        "checked": (checks, 4),
    }  # fmt: skip


@pytest.mark.parametrize("name", _steps())
def test_what_happened_in_between(worlds, name):
    step, known = _steps()[name]
    worlds.take(FILE)
    worlds.later(hours=1)
    worlds.each(lambda workspace: step(workspace, worlds.now))
    assert worlds.take(FILE) == known


@pytest.mark.parametrize("rank", [0, 9], ids=["found first", "found last"])
def test_a_check_that_joins_two_spellings(worlds, rank):
    content = as_csv([lead(1, Email_1="A@example.com"), lead(2)])
    worlds.take(content)

    def spoil(workspace):
        owner = deal_of(workspace, "A 1").seller
        EmailAddress.objects.create(
            workspace=workspace, contact=owner, address=" A@Example.com ", rank=rank
        )
        check_contact(
            workspace=workspace, actor=SYSTEM, contact=owner, may_trace=False, now=worlds.now
        )

    worlds.each(spoil)
    assert EmailAddress.objects.in_workspace(worlds.knows).count() == 1
    # The list's own spelling went and the other one was mended, or it stayed as it was.
    assert worlds.take(content) == (1 if rank == 0 else 2)


@given(st.from_regex(EMAIL, fullmatch=True))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_check_keeps_the_spelling_that_lists_bring(text):
    columns = Columns(["e"], {"e": "email_1"})
    for address in emails_reader(columns)([text, ""], []):
        assert normalize_email(address) in (address, None)


def test_owners_merged_and_parted(worlds, deliver):
    worlds.take(FILE)

    def merge(workspace):
        first, second = Contact.objects.in_workspace(workspace).order_by("pk")[:2]
        merge_contacts(
            workspace=workspace, actor=SYSTEM, survivor=first, other=second, choices={},
            now=worlds.now,
        )  # fmt: skip

    worlds.each(merge)
    assert worlds.take(FILE) == 2
    deliver()
    assert worlds.take(FILE) == 2

    def part(workspace):
        merge = Merge.objects.in_workspace(workspace).get()
        unmerge_contacts(workspace=workspace, actor=SYSTEM, merge=merge, now=worlds.now)

    worlds.each(part)
    deliver()
    assert worlds.take(FILE) == 2


@pytest.mark.parametrize("order", [(50, 80), (80, 50), (50, 50)], ids=["weak", "strong", "even"])
@pytest.mark.parametrize("days", [-30, 0, 30], ids=["stale", "same day", "fresh"])
@pytest.mark.parametrize("value", ["250000", "1"], ids=["the same", "other"])
def test_another_list_in_between(worlds, order, days, value):
    first, second = order
    worlds.take(FILE, strength=first)
    worlds.take(
        as_csv([lead(1) | {"Est. Value": value}]), file_name="other.csv", strength=second,
        as_of=(worlds.now + timedelta(days=days)).date(),
    )  # fmt: skip
    assert worlds.take(FILE, strength=first) == 3
    worlds.take(FILE, strength=first)


def test_undoing_another_list_leaves_what_this_one_says_too(worlds):
    content = as_csv([named(n, "Absentee") for n in (1, 2)], NAMED)
    worlds.take(as_csv([lead(1)]))
    worlds.take(as_csv([named(1, "Absentee")], NAMED), file_name="other.csv")
    worlds.take(content)
    worlds.take(content)
    worlds.undo(1)
    # Whatever an undoing took away, every row is read again.
    assert worlds.take(content) == 0
    assert worlds.imports[-1][0].counts["unchanged"] == 2


def test_a_list_that_got_another_name(worlds):
    content = as_csv([named(n, "Absentee") for n in (1, 2)], NAMED)
    worlds.take(content)
    assert worlds.take(content) == 2
    worlds.each(
        lambda workspace: [
            rename_list(
                workspace=workspace, actor=SYSTEM, lead_list=one, name="Landlords", now=worlds.now
            )
            for one in LeadList.objects.in_workspace(workspace)
        ]
    )
    assert worlds.take(content) == 0
    assert worlds.imports[-1][0].counts["updated"] == 2


def test_a_row_beside_it_that_moves_a_shared_owner(worlds):
    """The owner of two parcels: a number that another file marks concerns both."""
    rows = [lead(n) | {"Owner 1 Last Name": "Same", "Mailing Address": "5 Main St"} for n in (1, 2)]
    worlds.take(as_csv([*rows, lead(3)]))
    assert worlds.take(as_csv([*rows, lead(3)])) == 3
    worlds.take(as_csv([rows[0] | {"Phone 1 DNC": "Yes"}]), file_name="other.csv")
    assert worlds.take(as_csv([*rows, lead(3)])) == 1


def test_numbers_that_came_later_are_marked_by_a_row_that_forbids_calls(worlds):
    content = as_csv([lead(1) | {"Phone 2": "DO NOT CALL"}, lead(2)])
    worlds.take(content)

    def find(workspace):
        owner = deal_of(workspace, "A 1").seller
        Phone.objects.create(workspace=workspace, contact=owner, e164="+12035550177", rank=9)

    worlds.each(find)
    assert worlds.take(content) == 1
    assert worlds.imports[-1][0].counts["updated"] == 1


def test_a_street_that_another_parcel_stands_at_by_now(worlds):
    bare = lead(1) | {"APN": ""}
    worlds.take(as_csv([lead(1)]))
    worlds.take(as_csv([bare]), file_name="bare.csv")
    worlds.take(as_csv([bare]), file_name="bare.csv")
    assert worlds.imports[-1][0].counts["unchanged"] == 1
    worlds.take(as_csv([lead(1) | {"APN": "A 9"}]), file_name="other.csv")
    worlds.take(as_csv([bare]), file_name="bare.csv")
    assert worlds.imports[-1][0].counts["rejected"] == 1


def test_an_import_that_was_stopped_is_no_memory(worlds):
    worlds.take(FILE)
    for pair in worlds.imports:
        LeadImport.across_workspaces.filter(pk__in=[held.pk for held in pair]).update(
            state=LeadImport.State.CANCELED
        )
    assert worlds.take(FILE) == 0


def test_values_that_the_database_rounds(worlds):
    content = as_csv([lead(1) | {"Est. Value": "1234.5678", "Total Bathrooms": "2.4567"}])
    worlds.take(content)
    worlds.take(content)
    assert worlds.imports[-1][0].counts["unchanged"] == 1


STREETS = st.sampled_from(["", "1", "2", "3"])
ROW = st.builds(
    lambda apn, at, county, value, owner, second, phone, dnc, mail, day, flag: house(
        APN=apn, Address=at and f"{at} Oak St", County=county, Owner_1_First_Name=owner,
        Owner_2_First_Name=second, Owner_2_Last_Name=second and "Sampleton", Phone_1=phone,
        Phone_1_DNC=dnc, Mailing_Address=mail, MLS_Status=flag,
        **{"Est. Value": value, "Date Added to List": day},
    ),
    st.sampled_from(["", "A 1", "A 2", "A 3"]), STREETS,
    st.sampled_from(["New Haven", "Fairfield", ""]), st.sampled_from(["", "100000", "200000.555"]),
    st.sampled_from(["", "Testa", "Ada"]), st.sampled_from(["", "", "Ada", "Quint"]),
    st.sampled_from(["", "2035550101", "2035550102", "DO NOT CALL"]), st.sampled_from(["", "Yes"]),
    st.sampled_from(["", "1 Oak St", "9 Pine Rd"]),
    st.sampled_from(["", "06/15/2026", "01/02/2025"]), st.sampled_from(["", "EXPIRED"]),
)  # fmt: skip
FILES = st.lists(st.lists(ROW, min_size=1, max_size=8), min_size=1, max_size=3)
STEP = st.one_of(
    st.tuples(
        st.just("take"), st.integers(0, 2), st.sampled_from([50, 80]), st.sampled_from([0, 0, -9]),
        st.sampled_from(["", "", "Absentee"]),
    ),
    st.tuples(st.just("again"), st.sampled_from(["list.csv", "copy.csv"])),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("edit"), st.integers(0, 2)),
    st.tuples(st.just("owner"), st.integers(0, 2)),
    st.tuples(st.just("merge")),
    st.tuples(st.just("later")),
)  # fmt: skip


def _play(worlds: Worlds, files: list[Any], step: tuple[Any, ...], last: list[Any]) -> None:
    match step:
        case ("take", at, strength, days, lists):
            last[:] = [
                as_csv(files[at % len(files)]),
                {"strength": strength, "lists": lists,
                 "as_of": (worlds.now + timedelta(days=days)).date()},
            ]  # fmt: skip
            worlds.take(last[0], **last[1])
        case ("again", name):
            worlds.take(last[0], **last[1], file_name=name)
        case ("undo", at) if at < len(worlds.imports):
            worlds.imports[at][0].refresh_from_db()
            if worlds.imports[at][0].state == "done":
                worlds.undo(at)
        case ("edit", at):
            worlds.each(lambda workspace: _edit_nth(workspace, at, worlds.now))
        case ("owner", at):
            worlds.each(lambda workspace: _change_nth(workspace, at))
        case ("merge",):
            worlds.each(lambda workspace: _merge_two(workspace, worlds.now))
        case ("later",):
            worlds.later(days=1)


def _edit_nth(workspace: Any, at: int, now: Any) -> None:
    deals = list(Deal.objects.in_workspace(workspace).order_by("pk"))[at : at + 1]
    for deal in deals:
        edit_property(
            workspace=workspace, actor=SYSTEM, deal=deal, changes={"est_value_amount": "7"}, now=now
        )


def _change_nth(workspace: Any, at: int) -> None:
    for owner in list(Contact.objects.in_workspace(workspace).order_by("pk"))[at : at + 1]:
        owner.mailing_key, owner.mailing_line = "8 ELM ST||06511", "8 Elm St"
        owner.save()


def _merge_two(workspace: Any, now: Any) -> None:
    standing = Contact.objects.in_workspace(workspace).filter(merged_into=None).order_by("pk")
    pair = list(standing[:2])
    if len(pair) == 2:
        merge_contacts(
            workspace=workspace, actor=SYSTEM, survivor=pair[0], other=pair[1], choices={}, now=now
        )


@given(files=FILES, steps=st.lists(STEP, min_size=1, max_size=6), chunk=st.sampled_from([2, 2000]))
@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_any_story_is_the_same_told_either_way(db, now, deliver, files, steps, chunk):
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "CHUNK_ROWS", chunk)
        worlds = Worlds(now)
        last: list[Any] = []
        again = ("again", "list.csv")
        for step in [("take", 0, 50, 0, ""), again, *steps, again, again]:
            _play(worlds, files, step, last)
            if step[0] == "merge":
                deliver()
                worlds.compare()
        assert Property.objects.in_workspace(worlds.knows).count() == len(
            Property.objects.in_workspace(worlds.reads)
        )
        transaction.set_rollback(True)


def test_nobody_else_writes_what_keeps_no_history():
    """Parties, lists and signals: a further writer has to be seen by `ingestion.repeats`."""
    apps = REPO / "apps"
    found = {
        path.relative_to(apps).as_posix()
        for path in apps.rglob("*.py")
        if re.search(r"\b(DealParty|ListMembership|Signal)\.(objects|across)", path.read_text())
        or re.search(
            r"\.(parties|memberships|signals)\.(create|add|update|filter.*delete)", path.read_text()
        )
    }
    named = {name for name in found if "queries" not in name and "/ingestion/" not in name}
    only_read = {"deals/actions/correcting.py", "deals/feeds/calls/consents.py"}
    # Whoever a person adds from a look-up is no owner: rows say nothing of them.
    assert named - only_read == {"deals/actions/adding.py", "deals/actions/reassigning.py"}
