"""Facts in the admin: seen by those who administer the workspace, changed by nobody."""

import pytest
from django.urls import reverse

from apps.events.models import Delivery, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_of(make_user, client):
    def sign_in(workspace, role="admin", is_staff=True):
        client.force_login(make_user(workspace, role, is_staff=is_staff))
        return client

    return sign_in


def test_an_admin_sees_the_facts_of_the_own_workspace_only(admin_of, workspace, other_workspace):
    client = admin_of(workspace)
    page = client.get(reverse("admin:events_event_changelist"))
    shown = {row.workspace_id for row in page.context["cl"].result_list}
    assert shown == {workspace.pk}
    foreign = Event.objects.filter(workspace_id=other_workspace.pk).first()
    response = client.get(reverse("admin:events_event_change", args=[foreign.pk]))
    assert response.status_code == 302  # the admin's way of saying: not there
    own = Event.objects.filter(workspace_id=workspace.pk).first()
    page = client.get(reverse("admin:events_event_change", args=[own.pk]))
    assert page.status_code == 200
    assert b'name="_save"' not in page.content


def test_staff_without_the_role_see_no_facts(admin_of, workspace):
    page = admin_of(workspace, role="acquisitions").get(reverse("admin:events_event_changelist"))
    assert list(page.context["cl"].result_list) == []


def test_members_who_are_not_staff_stay_outside(admin_of, workspace):
    response = admin_of(workspace, is_staff=False).get(reverse("admin:events_event_changelist"))
    assert response.status_code == 302


def test_a_parked_delivery_is_replayed_from_the_admin(admin_of, workspace, other_workspace):
    client = admin_of(workspace)
    Delivery.objects.update(state="dead", attempts=8, error="boom")
    ids = list(Delivery.objects.values_list("pk", flat=True))
    client.post(
        reverse("admin:events_delivery_changelist"),
        {"action": "replay", "_selected_action": ids},
    )
    own = Delivery.objects.filter(event__workspace_id=workspace.pk)
    assert set(own.values_list("state", flat=True)) == {"ready"}
    foreign = Delivery.objects.filter(event__workspace_id=other_workspace.pk)
    assert set(foreign.values_list("state", flat=True)) == {"dead"}
