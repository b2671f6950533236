"""The walk of a list without JavaScript: drop, columns, preview, run, result, undo."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.deals.actions import edit_property
from apps.deals.ingestion import limits
from apps.deals.ingestion.tasks import continue_imports
from apps.deals.models import Deal, LeadImport, LeadList, ListPreset, Property
from tests.deals.ingestion.conftest import UNSEEN, as_csv, house

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def send(client, content, name="mine.csv", **fields):
    upload = SimpleUploadedFile(name, content)
    return client.post(reverse("deals:import_upload"), {"file": upload, **fields})


def step(name: str, held: LeadImport) -> str:
    return reverse(f"deals:import_{name}", args=[held.public_id])


def newest(workspace) -> LeadImport:
    return LeadImport.objects.in_workspace(workspace).order_by("-pk")[0]


def selects(page: str) -> dict[str, str]:
    """Name of each select of the columns -> the chosen field."""
    found = {}
    for name, body in re.findall(r'<select name="(column_\d+)"(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_list_nobody_has_seen_walks_all_the_way_and_back(laid, signed_in, now):
    client = signed_in(laid, "acquisitions")
    answer = send(client, UNSEEN, list_name="Tax roll", as_of="2026-10-01")
    held = newest(laid)
    assert (held.state, held.as_of, held.lead_list.name) == (
        "draft", date(2026, 10, 1), "Tax roll",
    )  # fmt: skip
    assert answer["Location"] == step("columns", held)

    page = client.get(answer["Location"]).content.decode()
    chosen = selects(page)
    assert chosen["column_0"] == "line"
    assert chosen["column_8"] == ""
    assert page.index("Taxpayer") < page.index("Left out") < page.index("Mood")
    assert "12 Sample St" in page
    assert "Nothing is imported yet" in page

    wanted = {**chosen, "column_8": "notes", "list_name": "Tax roll 2026", "remember": "on"}
    answer = client.post(step("columns", held), wanted)
    assert answer["Location"] == step("preview", held)
    assert ListPreset.objects.in_workspace(laid).filter(is_shipped=False).count() == 1

    page = client.get(answer["Location"]).content.decode()
    assert "Tax roll 2026" in page
    assert re.search(r'tile-created"><div class="kpi-value">3<', page)
    assert "14 Sample St" in page
    assert not Property.objects.in_workspace(laid).exists()

    assert client.post(step("start", held))["Location"] == step("detail", held)
    assert "waiting for a worker" in client.get(step("detail", held)).content.decode()
    continue_imports()
    page = client.get(step("detail", held)).content.decode()
    lead_list = LeadList.objects.in_workspace(laid).get(name="Tax roll 2026")
    assert f"?list={lead_list.public_id}" in page
    assert "Undo this import" in page
    deal = Deal.objects.in_workspace(laid).get(property__line="14 Sample St")
    edit_property(
        workspace=laid, actor=_me(client), deal=deal, changes={"year_built": 1925}, now=now
    )

    assert client.post(step("undo", held))["Location"] == step("detail", held)
    page = client.get(step("detail", held)).content.decode()
    assert "Undoing this import" in page
    assert 'hx-trigger="every 1s"' in page
    continue_imports()
    page = client.get(step("detail", held)).content.decode()
    assert "Left as they are" in page
    assert "It was edited after this import." in page
    assert reverse("deals:deal_detail", args=[deal.public_id]) in page
    kept = Property.objects.in_workspace(laid).values_list("line", flat=True)
    assert list(kept) == ["14 Sample St"]


def _me(client):
    from apps.events.actions import Actor
    from apps.workspaces.models import User

    return Actor.user(User.objects.get(pk=client.session["_auth_user_id"]))


def test_a_remembered_header_goes_straight_to_the_preview(laid, signed_in):
    client = signed_in(laid)
    send(client, UNSEEN)
    held = newest(laid)
    chosen = selects(client.get(step("columns", held)).content.decode())
    client.post(step("columns", held), {**chosen, "column_8": "notes", "remember": "on"})
    again = send(client, UNSEEN.replace(b"1,600", b"1,650"), "next_week.csv")
    held = newest(laid)
    assert held.file_name == "next_week.csv"
    assert again["Location"] == step("preview", held)
    assert held.mapping["Mood"] == "notes"
    page = client.get(step("columns", held)).content.decode()
    assert "remembered" in page


def test_a_vendors_list_goes_straight_to_the_preview(laid, signed_in):
    client = signed_in(laid)
    answer = send(client, as_csv([house(), house(APN="", Address="")]))
    held = newest(laid)
    assert answer["Location"] == step("preview", held)
    page = client.get(answer["Location"]).content.decode()
    assert "PropStream" in page
    assert step("columns", held) in page
    assert "No property address" in page


def test_the_preview_tells_what_would_change(laid, signed_in, take):
    take(as_csv([house()]))
    client = signed_in(laid)
    send(client, as_csv([house(**{"Est._Value": "260000"})]))
    page = client.get(step("preview", newest(laid))).content.decode()
    text = " ".join(page.split())
    assert "Estimated value: <del>$250,000</del> → <ins>$260,000</ins>" in text
    assert re.search(r'tile-updated"><div class="kpi-value">1<', page)


def test_a_long_list_is_previewed_in_part_and_says_so(laid, signed_in, monkeypatch):
    monkeypatch.setattr(limits, "PREVIEW_ROWS", 2)
    client = signed_in(laid)
    send(client, as_csv([house(APN=f"A {n}", Address=f"{n} Sample St") for n in range(1, 6)]))
    page = client.get(step("preview", newest(laid))).content.decode()
    assert "<strong>2</strong> of 5 rows looked at" in page


def test_columns_that_cannot_be_are_told_at_the_column(laid, signed_in):
    client = signed_in(laid)
    send(client, UNSEEN)
    held = newest(laid)
    before = held.mapping
    chosen = selects(client.get(step("columns", held)).content.decode())
    answer = client.post(step("columns", held), {**chosen, "column_1": "line"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "keep one of them" in text
    assert 'id="id_column_0_error"' in text
    nothing = client.post(step("columns", held), dict.fromkeys(chosen, ""))
    assert nothing.status_code == 422
    assert "Nothing names the property" in nothing.content.decode()
    odd = client.post(step("columns", held), {**chosen, "column_1": "no_field"})
    assert odd.status_code == 422
    held.refresh_from_db()
    assert held.mapping == before


def test_a_draft_without_usable_columns_does_not_start(laid, signed_in):
    client = signed_in(laid)
    send(client, b"Mood,Tint\ncalm,blue\nloud,red\n")
    held = newest(laid)
    assert client.get(step("preview", held))["Location"] == step("columns", held)
    assert client.post(step("start", held))["Location"] == step("columns", held)
    held.refresh_from_db()
    assert held.state == "draft"


def test_a_draft_is_thrown_away(laid, signed_in):
    client = signed_in(laid)
    send(client, UNSEEN)
    held = newest(laid)
    assert "waits for your word" in client.get(reverse("deals:import_list")).content.decode()
    page = client.post(step("discard", held), follow=True).content.decode()
    assert "Nothing was imported" in page
    held.refresh_from_db()
    assert held.state == "canceled"
    for name in ("columns", "preview"):
        assert client.get(step(name, held))["Location"] == step("detail", held)
    assert "Thrown away" in client.get(step("detail", held)).content.decode()
    assert "is no draft any more" in client.post(step("start", held), follow=True).content.decode()


def test_starting_twice_imports_once(laid, signed_in):
    client = signed_in(laid)
    send(client, as_csv([house()]))
    held = newest(laid)
    for _ in range(2):
        assert client.post(step("start", held)).status_code == 302
    continue_imports()
    client.post(step("start", held))
    held.refresh_from_db()
    assert (held.state, held.created_count) == ("done", 1)


def test_who_may_look_at_a_draft_and_who_may_act(laid, other_workspace, signed_in, client):
    owner = signed_in(laid)
    send(owner, UNSEEN)
    held = newest(laid)
    reader = signed_in(laid, "read_only")
    for name in ("columns", "preview"):
        page = reader.get(step(name, held))
        assert page.status_code == 200
        assert "Import now" not in page.content.decode()
        assert ">Preview</button>" not in page.content.decode()
    stranger = signed_in(other_workspace)
    for name in ("columns", "start", "discard", "undo"):
        assert reader.post(step(name, held)).status_code == 403
        assert stranger.post(step(name, held)).status_code == 404
    for name in ("columns", "preview", "detail"):
        assert stranger.get(step(name, held)).status_code == 404
        assert client.get(step(name, held)).status_code == 302


def test_an_import_that_runs_is_not_undone(laid, signed_in):
    client = signed_in(laid)
    send(client, as_csv([house()]))
    held = newest(laid)
    client.post(step("start", held))
    assert (
        "stop it or let it finish first"
        in client.post(step("undo", held), follow=True).content.decode()
    )
    held.refresh_from_db()
    assert held.state == "queued"


def test_the_pages_ask_few_queries(laid, signed_in):
    client = signed_in(laid)
    send(client, UNSEEN)
    held = newest(laid)
    for url in (step("columns", held), reverse("deals:import_list")):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        assert len(queries) <= 15
