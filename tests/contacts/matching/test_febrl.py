"""FEBRL: made-up people with typists' slips; the answer key only judges, it never tunes."""

import csv
import time
from itertools import combinations

import pytest

from apps.contacts.matching import block, compare, identity
from apps.contacts.rules import SUGGEST_FROM
from tests.conftest import SHARED_DATA

pytestmark = pytest.mark.shared_data
SAME = SUGGEST_FROM


def people_of(number):
    path = SHARED_DATA / "dedupe" / f"febrl_dataset{number}.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    return {
        row["rec_id"]: identity(
            first=row["given_name"],
            last=row["surname"],
            line=f"{row['street_number']} {row['address_1']}",
            place=row["address_2"],
            city=row["suburb"],
            state=row["state"],
            postal=row["postcode"],
            born=row["date_of_birth"],
            tax_id=row["soc_sec_id"],
        )
        for row in rows
    }


def true_pairs(names):
    groups = {}
    for name in names:
        groups.setdefault(name.split("-")[1], []).append(name)
    return {frozenset(pair) for group in groups.values() for pair in combinations(group, 2)}


@pytest.mark.parametrize(("number", "records", "duplicates"), [(1, 1_000, 500), (3, 5_000, 6_538)])
def test_finds_nearly_all_duplicates_and_nobody_else(number, records, duplicates, capsys):
    people, started = people_of(number), time.process_time()
    pairs = block(people)
    found = {
        frozenset(pair) for pair in pairs if compare(people[pair[0]], people[pair[1]]).score >= SAME
    }
    seconds = time.process_time() - started
    wanted = true_pairs(people)
    precision = len(found & wanted) / len(found)
    recall = len(found & wanted) / len(wanted)
    with capsys.disabled():
        print(
            f"\nFEBRL {number}: precision {precision:.4f}, recall {recall:.4f},"
            f" {len(pairs)} of {records * (records - 1) // 2} pairs compared, {seconds:.2f} CPU s"
        )
    assert (len(people), len(wanted)) == (records, duplicates)
    assert precision >= 0.99
    assert recall >= 0.95
    # Blocking must not grow with the square: each record meets a handful of others.
    assert len(pairs) < 10 * records
    assert seconds < 60
