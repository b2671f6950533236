"""Writing many rows at once."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.common.bulk import update_rows
from apps.contacts.models import Contact

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
