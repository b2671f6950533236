"""Writing many rows at once."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import RFC_4122, UUID

import pytest
from django.db import connection

from apps.common.bulk import reserve_ids, update_rows
from apps.common.ids import new_uuid_texts, new_uuids
from apps.common.lookups import Many
from apps.contacts.models import Contact
from apps.events.actions import Actor
from apps.events.history import record_bulk

pytestmark = pytest.mark.django_db


def contacts(workspace, names):
    rows = Contact.objects.in_workspace(workspace)
    return [rows.create(workspace=workspace, name=name, match_key=name) for name in names]


def test_rows_are_locked_in_the_order_of_their_keys(workspace, monkeypatch):
    rows = contacts(workspace, "abc")
    keys = [row.pk for row in rows]
    written: list[list[object]] = []
    wrapper = type(connection.cursor())
    monkeypatch.setattr(wrapper, "executemany", lambda self, sql, params: written.extend(params))
    update_rows(Contact, ["name"], [[str(key), key] for key in (keys[2], keys[0], keys[1])])
    assert [row[-1] for row in written] == keys


def test_each_row_gets_its_own_values(workspace):
    rows = contacts(workspace, "ab")
    update_rows(Contact, ["name"], [[f"new {row.name}", row.pk] for row in reversed(rows)])
    found = Contact.objects.in_workspace(workspace).order_by("id").values_list("name", flat=True)
    assert list(found) == ["new a", "new b"]


def test_many_odd_names_are_found_at_once(workspace):
    names = ['say "hi"', "back\\slash", "a,b", "{curly}", "NULL", "", " ", "naïve", "o'clock"]
    contacts(workspace, [*names, "somebody else"])
    rows = Contact.objects.in_workspace(workspace)
    found = rows.filter(name__any_of=Many(names)).values_list("name", flat=True)
    assert sorted(found) == sorted(names)
    assert not rows.filter(name__any_of=Many([])).exists()
    keys = Many(rows.filter(name__any_of=names[:2]).values_list("pk", flat=True))
    assert rows.filter(pk__any_of=keys).count() == 2


def test_reserved_keys_are_fresh_and_distinct(workspace):
    taken = contacts(workspace, "a")[0].pk
    keys = [*reserve_ids(Contact, 3), *reserve_ids(Contact, 0)]
    assert len(set(keys)) == 3
    assert min(keys) > taken


@pytest.mark.parametrize("wanted", [[0, 1, 2], [0, 2], [2, 0], [1]])
def test_history_is_written_of_exactly_the_named_rows(workspace, wanted):
    keys = [row.pk for row in contacts(workspace, "abc")]
    chosen = [keys[at] for at in wanted]
    now = datetime(2026, 11, 20, tzinfo=UTC)
    actor = Actor.system("test")
    record_bulk(Contact, chosen, kind="~", reason="a test", actor=actor, now=now)
    found = Contact.history.filter(history_change_reason="a test").values_list("id", flat=True)
    assert sorted(found) == sorted(chosen)


def test_random_identifiers_are_of_version_4():
    made = [*new_uuids(500), *map(UUID, new_uuid_texts(500))]
    assert len(set(made)) == 1000
    assert {(one.version, one.variant) for one in made} == {(4, RFC_4122)}
    assert all(UUID(str(one)) == one for one in made)
