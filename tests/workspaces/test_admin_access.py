"""What staff may do in the admin, and where."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.workspaces.actions import add_member
from apps.workspaces.models import ApiKey, Connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_here_reader_there(workspace, other_workspace, make_user, system, now):
    """Staff, admin of `workspace`, read-only in `other_workspace`, which is the one at hand."""
    user = make_user(workspace, "admin", is_staff=True)
    add_member(workspace=other_workspace, actor=system, user=user, role="read_only", now=now)
    client = Client()
    client.force_login(user)
    client.post(reverse("workspaces:switch"), {"workspace": other_workspace.slug})
    return client


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("workspaces_apikey", {"label": "mine", "scopes": ["deals:read"]}),
        ("workspaces_connection", {"capability": "sms", "from_address": "+12035550100"}),
        ("channels_consent", {}),
        ("sequences_sequence", {}),
    ],
)
def test_an_admin_adds_nothing_where_they_only_read(
    admin_here_reader_there, other_workspace, page, values
):
    before = Connection.objects.in_workspace(other_workspace).count()
    url = reverse(f"admin:{page}_add")
    assert admin_here_reader_there.get(url).status_code == 403
    assert admin_here_reader_there.post(url, values).status_code == 403
    assert not ApiKey.across_workspaces.exists()
    assert Connection.objects.in_workspace(other_workspace).count() == before


def test_an_admin_adds_a_key_at_home(admin_here_reader_there, workspace):
    client = admin_here_reader_there
    client.post(reverse("workspaces:switch"), {"workspace": workspace.slug})
    values = {"label": "mine", "scopes": ["deals:read"]}
    assert client.post(reverse("admin:workspaces_apikey_add"), values).status_code == 302
    assert ApiKey.across_workspaces.get().workspace == workspace


def test_a_superuser_without_a_workspace_is_told_no(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("root@example.com", "x" * 12))
    assert client.get(reverse("admin:workspaces_connection_add")).status_code == 403


@pytest.mark.parametrize("page", ["workspaces_user", "workspaces_membership"])
def test_people_and_roles_are_not_for_workspace_admins(workspace, make_user, page):
    client = Client()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    for view in ("changelist", "add"):
        assert client.get(reverse(f"admin:{page}_{view}")).status_code == 403


def test_a_zone_that_does_not_exist_is_refused(workspace, make_user):
    client = Client()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    url = reverse("admin:workspaces_workspace_change", args=[workspace.pk])
    values = {"name": workspace.name, "time_zone": "Mars/Olympus"}
    assert b"Write a zone such as" in client.post(url, values).content
    workspace.refresh_from_db()
    assert workspace.time_zone == "America/New_York"
    assert client.post(url, values | {"time_zone": "America/Denver"}).status_code == 302
    assert client.get("/").status_code == 200


@pytest.fixture
def marked(workspace):
    """A seller who was put on the litigator list after the list was loaded."""
    from apps.contacts.models import Contact

    contact = Contact.objects.create(workspace=workspace, name="Ann Example", match_key="ann")
    contact.is_litigator = True
    contact.save()
    return contact


def old_version(contact):
    version = contact.history.earliest()
    return reverse("admin:contacts_contact_simple_history", args=[contact.pk, version.pk])


def test_an_old_version_cannot_be_put_back_over_a_read_only_row(workspace, make_user, marked):
    client = Client()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    url = old_version(marked)
    assert client.get(url).status_code == 200
    values = {"kind": "person", "name": "Ann Example", "match_key": "ann"}
    assert client.post(url, values).status_code == 403
    marked.refresh_from_db()
    assert marked.is_litigator


def test_history_of_another_workspace_is_closed(other_workspace, make_user, marked):
    client = Client()
    client.force_login(make_user(other_workspace, "owner", is_staff=True))
    history = reverse("admin:contacts_contact_history", args=[marked.pk])
    for url in (old_version(marked), history):
        assert client.get(url).status_code == 403
