"""Secrets at rest: sealed, told apart by key, and sealed again when the key is changed."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from apps.deals.models import LeadSource
from apps.workspaces.models import Connection
from apps.workspaces.vault import KeyMissing, seal, unseal

pytestmark = pytest.mark.django_db
SECRET = {"api_key": "k1", "password": "ü"}


def rotate() -> None:
    call_command("rotate_secrets", verbosity=0)


@pytest.fixture
def held(workspace):
    source = LeadSource.objects.create(
        workspace=workspace, name="Feed", type="rentcast", credentials=seal(SECRET)
    )
    connection = Connection.objects.in_workspace(workspace).get(capability="sms")
    connection.credentials = seal(SECRET)
    connection.save()
    return source, connection


def stored(rows):
    return [row.__class__.across_workspaces.get(pk=row.pk).credentials for row in rows]


def test_what_is_stored_does_not_show_the_secret(held):
    assert all("k1" not in text and unseal(text) == SECRET for text in stored(held))
    assert (seal({}), unseal("")) == ("", {})


def test_after_rotation_the_old_key_can_go(held, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the newest key"
    histories = LeadSource.history.count()
    rotate()
    settings.SECRET_KEY_FALLBACKS = []
    assert [unseal(text) for text in stored(held)] == [SECRET, SECRET]
    assert LeadSource.history.count() == histories
    rotate()
    assert [unseal(text) for text in stored(held)] == [SECRET, SECRET]


def test_rows_under_a_lost_key_are_named_and_the_others_are_done(held, settings, workspace):
    lost = LeadSource.objects.create(
        workspace=workspace, name="Old feed", type="rentcast", credentials=seal({"api_key": "x"})
    )
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "a key of long ago"
    LeadSource.across_workspaces.filter(pk=lost.pk).update(credentials=seal({"api_key": "x"}))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the newest key", [before]
    with pytest.raises(CommandError, match="Old feed"):
        rotate()
    settings.SECRET_KEY_FALLBACKS = []
    assert [unseal(text) for text in stored(held)] == [SECRET, SECRET]
    with pytest.raises(KeyMissing):
        unseal(stored([lost])[0])
