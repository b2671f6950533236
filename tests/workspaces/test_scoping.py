"""Unscoped queries raise; keys are hashed; strangers are nobody."""

import pytest

from apps.workspaces.actions import (
    ScopeUnknown,
    WorkspaceSlugInvalid,
    WorkspaceSlugTaken,
    create_workspace,
    issue_api_key,
    revoke_api_key,
)
from apps.workspaces.models import ApiKey, Connection
from apps.workspaces.queries import find_api_key, find_connection, has_sandbox
from apps.workspaces.scoping import UnscopedQuery
from apps.workspaces.types import Capability

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "use",
    [
        lambda rows: list(rows.all()),
        lambda rows: rows.count(),
        lambda rows: rows.first(),
        lambda rows: rows.get(pk=1),
        lambda rows: rows.filter(pk=1).exists(),
        lambda rows: rows.values_list("pk", flat=True)[0],
        lambda rows: rows.update(is_active=False),
        lambda rows: rows.all().delete(),
        lambda rows: rows.get_or_create(pk=1),
        lambda rows: list(rows.iterator()),
        lambda rows: rows.aggregate(),
    ],
)
def test_an_unscoped_query_raises(use, workspace):
    with pytest.raises(UnscopedQuery):
        use(Connection.objects)


def test_a_scoped_query_sees_its_own_workspace_only(workspace, other_workspace):
    rows = Connection.objects.in_workspace(workspace)
    assert {row.workspace_id for row in rows.filter(is_active=True)} == {workspace.pk}
    assert rows.count() == len(Capability)
    assert has_sandbox(workspace)
    assert find_connection(workspace, "sms").workspace_id == workspace.pk


def test_slugs_are_checked_and_unique(workspace, system, now):
    with pytest.raises(WorkspaceSlugTaken):
        create_workspace(actor=system, slug="blue-gate", name="Twice", now=now)
    with pytest.raises(WorkspaceSlugInvalid):
        create_workspace(actor=system, slug="Blue Gate", name="Spaces", now=now)


def test_a_key_is_stored_hashed_and_dies_when_revoked(workspace, system, now):
    key, token = issue_api_key(
        workspace=workspace, actor=system, label="Partner", scopes=["deals:read"], now=now
    )
    assert token not in str(list(ApiKey.across_workspaces.values()))
    assert find_api_key(token, now=now) == key
    assert find_api_key(token[:-1] + ("a" if token[-1] != "a" else "b"), now=now) is None
    revoke_api_key(workspace=workspace, actor=system, key=key, now=now)
    assert find_api_key(token, now=now) is None
    with pytest.raises(ScopeUnknown):
        issue_api_key(workspace=workspace, actor=system, label="X", scopes=["all"], now=now)


def test_history_names_the_acting_task_and_the_action(workspace, make_user):
    first = workspace.history.first()
    assert first.history_actor == "system: tests"
    assert first.history_change_reason == "workspaces.actions.create_workspace"
