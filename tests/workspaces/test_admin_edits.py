"""Edits in the admin are actions: each leaves a fact, and history with the person."""

import re

import pytest
from django.urls import reverse

from apps.courses.models import Course, Lesson
from apps.events.models import Event
from apps.workspaces.models import ApiKey
from apps.workspaces.queries import find_api_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, make_user, workspace, deliver):
    deliver()
    client.force_login(make_user(workspace, "owner", is_staff=True))
    return client


def form_values(page) -> dict[str, str]:
    """What a browser would send back unchanged, inlines included."""
    values = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                values[field.html_name] = "on"
            elif value not in (None, False):
                values[field.html_name] = str(value)
    return values


def facts(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name).order_by("id"))


def test_workspace_settings(admin, workspace):
    url = reverse("admin:workspaces_workspace_change", args=[workspace.pk])
    values = form_values(admin.get(url))
    assert admin.post(url, {**values, "sender_name": "Ana"}).status_code == 302
    assert admin.post(url, {**values, "sender_name": "Ana"}).status_code == 302
    [fact] = facts("workspaces.workspace_changed.v1")
    assert fact.payload["changes"] == {"sender_name": ["Dana", "Ana"]}
    workspace.refresh_from_db()
    assert workspace.sender_name == "Ana"
    assert workspace.history.first().history_actor.startswith("user: owner@")


def test_course_and_modules(admin, workspace):
    course = Course.objects.in_workspace(workspace).first()
    url = reverse("admin:courses_course_change", args=[course.pk])
    values = form_values(admin.get(url))
    assert admin.post(url, {**values, "title": "Deals, plainly"}).status_code == 302
    assert facts("courses.course_saved.v1")[-1].payload["title"] == "Deals, plainly"
    values = form_values(admin.get(url))
    assert admin.post(url, {**values, "modules-0-title": "Prices"}).status_code == 302
    assert "Prices" in facts("courses.course_saved.v1")[-1].payload["modules"]


def test_lesson(admin, workspace):
    lesson = Lesson.objects.in_workspace(workspace).first()
    url = reverse("admin:courses_lesson_change", args=[lesson.pk])
    values = form_values(admin.get(url))
    assert admin.post(url, {**values, "body": "Shorter."}).status_code == 302
    [fact] = facts("courses.lesson_saved.v1")
    assert fact.subject == lesson.public_id
    lesson.refresh_from_db()
    assert lesson.body == "Shorter."


def test_an_api_key_is_shown_once_and_has_known_scopes_only(admin, workspace, now):
    url = reverse("admin:workspaces_apikey_add")
    bad = admin.post(url, {"label": "Partner", "scopes": ["everything"]})
    assert bad.status_code == 200
    assert not ApiKey.objects.in_workspace(workspace).exists()
    page = admin.post(url, {"label": "Partner", "scopes": ["deals:read"]}, follow=True)
    token = re.search(r"dw_[0-9a-f]+_[\w-]+", page.content.decode())
    assert token is not None
    key = find_api_key(token.group(0), now=now)
    assert key is not None
    assert key.scopes == ["deals:read"]
    assert token.group(0) not in admin.get(reverse("admin:index")).content.decode()
