"""Presets as rows: laid with the pipeline, edited by admins, remembered for a header."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.test import Client

from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.mapping import detect
from apps.deals.ingestion.presets import (
    MappingNotUsable,
    lay_presets,
    list_presets,
    remember_mapping,
)
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.stored import reader_of, stored_rows
from apps.deals.ingestion.vendors import shipped_layouts
from apps.deals.models import LeadImport, ListPreset, Property
from apps.events.models import Event
from tests.deals.ingestion.conftest import as_csv, house
from tests.deals.ingestion.layouts import MADE

pytestmark = pytest.mark.django_db


def test_a_workspace_starts_with_every_shipped_preset(laid, system, now):
    presets = ListPreset.objects.in_workspace(laid)
    assert presets.count() == len(shipped_layouts())
    known = detect(shipped_layouts()[0].columns, [], list_presets(laid))
    assert known.preset_slug == shipped_layouts()[0].slug
    before = Event.objects.count()
    lay_presets(workspace=laid, actor=system, now=now)
    assert Event.objects.count() == before
    presets.filter(slug="datatree").delete()
    lay_presets(workspace=laid, actor=system, now=now)
    assert presets.filter(slug="datatree").exists()
    assert Event.objects.filter(name="deals.list_presets_laid.v1").count() == 1


def test_a_remembered_mapping_wins(laid, system, now):
    taken = inspect(io.BytesIO(MADE["NOISE"].text.encode()))
    names = taken.header.names
    mapping = taken.detection.mapping | {"Batch": "external_id"}
    remember_mapping(workspace=laid, actor=system, header=names, mapping=mapping, now=now)
    known = detect(names[::-1], [], list_presets(laid))
    assert known.is_remembered
    assert known.mapping == mapping
    remember_mapping(workspace=laid, actor=system, header=names, mapping=mapping, now=now)
    assert Event.objects.filter(name="deals.list_preset_saved.v1").count() == 1
    with pytest.raises(MappingNotUsable, match="Nothing names the property"):
        remember_mapping(
            workspace=laid, actor=system, header=names, mapping={"Batch": "notes"}, now=now
        )


def test_a_chosen_mapping_is_stored_and_resumed(laid, system, now):
    taken = inspect(io.BytesIO(MADE["COUNTY_ROLL"].text.encode()))
    held = start_import(
        workspace=laid,
        actor=system,
        file_name="roll.csv",
        list_file=taken,
        mapping={"SITUS ADDRESS": "line", "SITUS ZIP": "zip", "OWNER": "owner_name"},
        now=now,
    )
    rows = list(stored_rows(held))
    assert [row_no for row_no, _ in rows] == [5, 6]
    lead = reader_of(held).read(*rows[0])
    assert (lead.place.line, lead.apn) == ("77 Madeup Rd", "")


def test_an_import_from_before_mappings_resumes_by_its_vendor(take):
    held = take(as_csv([house()]))
    held.mapping, held.header_row = {}, 0
    (row,) = stored_rows(held)
    assert reader_of(held).read(*row).place.line == "12 Sample St"


def test_dry_run_is_one_line_and_writes_nothing(laid, tmp_path, capsys):
    path = tmp_path / "mine.csv"
    path.write_bytes(as_csv([house(), house(), house(Address="", APN="")]))
    call_command("import_leads", str(path), workspace="blue-gate", dry_run=True, json=True)
    (line,) = capsys.readouterr().out.splitlines()
    answer = json.loads(line)
    assert answer["vendor"] == "propstream_70"
    assert answer["mapping"]["Owner 1 Last Name"] == "owner_last"
    assert answer["counts"] == {
        "created": 1, "updated": 0, "unchanged": 0, "duplicate": 1, "rejected": 1,
    }  # fmt: skip
    assert not LeadImport.across_workspaces.exists()
    assert not Property.across_workspaces.exists()


def test_a_mapping_from_a_file_overrules(laid, tmp_path, capsys):
    path, chosen = tmp_path / "mine.csv", tmp_path / "mapping.json"
    path.write_text("Where,What\n12 Sample St,roof\n")
    chosen.write_text(json.dumps({"Where": "line", "What": "notes"}))
    call_command(
        "import_leads", str(path), workspace="blue-gate", dry_run=True, json=True, mapping=chosen
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["mapping"] == {"Where": "line", "What": "notes"}
    assert answer["counts"]["created"] == 1


def test_an_admin_edits_a_preset(laid, make_user):
    client = Client()
    client.force_login(make_user(laid, "admin", is_staff=True))
    preset = ListPreset.objects.in_workspace(laid).get(slug="datatree")
    address = f"/admin/deals/listpreset/{preset.pk}/change/"
    data = {
        "label": "DataTree, ours",
        "vendor": "DataTree",
        "slug": "datatree",
        "columns": json.dumps(preset.columns),
        "mapping": json.dumps({"COUNTY": "nonsense"}),
        "strength": preset.strength,
    }
    refused = client.post(address, data)
    assert refused.status_code == 200
    assert "is no field" in refused.content.decode()
    assert client.post(address, data | {"mapping": json.dumps(preset.mapping)}).status_code == 302
    preset.refresh_from_db()
    assert preset.label == "DataTree, ours"
    assert Event.objects.filter(name="deals.list_preset_saved.v1").count() == 1
