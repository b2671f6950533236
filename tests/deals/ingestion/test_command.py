import json

import pytest
from django.core.management import CommandError, call_command

from apps.deals.models import LeadImport, Property
from tests.deals.ingestion.conftest import VENDOR_FILES, as_csv, house

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(laid, capsys):
    def command(path, slug="blue-gate", **options):
        call_command("import_leads", str(path), workspace=slug, **options)
        return capsys.readouterr()

    return command


def test_last_line_is_json_whose_counts_add_up(run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(
        as_csv([house(), house(), house(Address="", APN=""), house(APN="B 1", Zip="65")])
    )
    said = run(path, json=True)
    answer = json.loads(said.out.strip().splitlines()[-1])
    assert answer["counts"] == {
        "created": 2, "updated": 0, "unchanged": 0, "duplicate": 1, "rejected": 1,
    }  # fmt: skip
    assert sum(answer["counts"].values()) == answer["rows"] == 4
    held = LeadImport.across_workspaces.get()
    assert answer["import"] == str(held.public_id)
    assert "4 of 4 rows" in said.err
    assert "row 3: duplicate. Duplicate of row 2." in said.err
    assert "row 4: rejected. No property address" in said.err
    assert "row 5: created. ZIP is missing or not a US ZIP (65)." in said.err


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "vendor", "field", "counts"),
    [
        ("propstream_2021_new_haven_ct", "propstream_42", "owner_last", {"created": 2523}),
        ("propstream_2021_hartford_43col_sample", "propstream_43", "apn",
         {"created": 5, "duplicate": 4}),
        ("propstream_2021_bad_data", "propstream_43", "apn", {"created": 5, "duplicate": 4}),
        ("propstream_2021_zip_lost_leading_zero", "propstream_42", "zip",
         {"created": 5, "duplicate": 1}),
        ("vendor_sample_propstream_contacts", "propstream_70", "phone_5", {"created": 72}),
        ("vendor_sample_batchleads", "batchleads", "phone_1", {"created": 72}),
        ("vendor_sample_dealmachine_contacts", "dealmachine_contacts", "contact_flags",
         {"created": 72}),
        ("vendor_sample_batchdata_skiptrace", "batchdata_skiptrace", "phone_1_dnc",
         {"created": 72}),
        ("vendor_sample_datatree", "datatree", "lot_acres", {"created": 72}),
    ],
)  # fmt: skip
def test_a_dry_run_of_every_vendor_file_is_one_line(run, name, vendor, field, counts):
    said = run(VENDOR_FILES / f"{name}.csv", dry_run=True, json=True)
    (line,) = said.out.splitlines()
    answer = json.loads(line)
    assert answer["vendor"] == vendor
    assert field in answer["mapping"].values()
    assert {kind: count for kind, count in answer["counts"].items() if count} == counts
    assert not Property.across_workspaces.exists()
    assert not LeadImport.across_workspaces.exists()


def test_plain_words_without_json(run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(as_csv([house()]))
    assert run(path).out.strip() == (
        "1 rows: 1 created, 0 updated, 0 unchanged, 0 duplicate, 0 rejected."
    )


@pytest.mark.parametrize(
    ("content", "slug", "words"),
    [
        (b"", "blue-gate", "mine.csv: The file is empty."),
        (b"Name\nTesta\n", "blue-gate", "Nothing names the property"),
        (None, "blue-gate", "cannot be read: No such file"),
        (b"x", "no-such", "There is no workspace 'no-such'."),
    ],
)
def test_a_refused_file_is_one_sentence_and_leaves_nothing(run, tmp_path, content, slug, words):
    path = tmp_path / "mine.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        run(path, slug)
    assert words in str(refused.value)
    assert refused.value.returncode == 1
    assert not LeadImport.across_workspaces.exists()
    assert not Property.across_workspaces.exists()
