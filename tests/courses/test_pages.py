"""The catalogue, a course and a lesson as people see them."""

import pytest
from django.urls import reverse

from apps.courses.models import Course, Lesson, LessonProgress, Module
from apps.workspaces.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(workspace, deliver):
    deliver()
    return Lesson.objects.in_workspace(workspace).order_by("module__position").first()


def url(name: str, lesson: Lesson) -> str:
    return reverse(f"courses:{name}", args=[lesson.public_id])


def test_the_catalogue_leads_to_the_first_lesson_and_on(signed_in, workspace, lesson) -> None:
    client = signed_in(workspace)
    page = client.get(reverse("courses:course_list")).content.decode()
    assert "First offer, first text" in page
    assert "0 of 2 lessons" in page
    assert url("lesson_detail", lesson) in page
    course_url = reverse("courses:course_detail", args=[lesson.module.course.public_id])
    assert "The price" in client.get(course_url).content.decode()


def test_an_empty_catalogue_says_what_will_stand_there(signed_in, workspace) -> None:
    page = signed_in(workspace).get(reverse("courses:course_list")).content.decode()
    assert "No course is published yet" in page


def test_finishing_without_javascript_returns_to_the_lesson(signed_in, workspace, lesson) -> None:
    client = signed_in(workspace, "read_only")
    response = client.post(url("complete_lesson", lesson), follow=True)
    assert response.redirect_chain == [(url("lesson_detail", lesson), 302)]
    page = response.content.decode()
    assert "1 of 2 lessons" in page
    assert "I have read this" not in page


def test_finishing_with_htmx_returns_the_footer_and_the_outline(
    signed_in, workspace, lesson
) -> None:
    client = signed_in(workspace)
    response = client.post(url("complete_lesson", lesson), headers={"HX-Request": "true"})
    fragment = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in fragment
    assert 'id="lesson-outline" hx-swap-oob="innerHTML"' in fragment
    assert "1 of 2 lessons" in fragment


def test_reading_changes_nothing(signed_in, workspace, lesson) -> None:
    client = signed_in(workspace)
    client.get(url("lesson_detail", lesson))
    assert client.get(url("complete_lesson", lesson)).status_code == 405
    assert not LessonProgress.objects.in_workspace(workspace).exists()


def test_strangers_get_404_and_guests_the_sign_in_page(
    signed_in, workspace, other_workspace, lesson, client
) -> None:
    stranger = signed_in(other_workspace)
    course_url = reverse("courses:course_detail", args=[lesson.module.course.public_id])
    assert stranger.get(url("lesson_detail", lesson)).status_code == 404
    assert stranger.get(course_url).status_code == 404
    assert stranger.post(url("complete_lesson", lesson)).status_code == 404
    assert not LessonProgress.across_workspaces.exists()
    for address in (reverse("courses:course_list"), course_url, url("lesson_detail", lesson)):
        assert client.get(address).status_code == 302


def test_hidden_lessons_and_courses_are_404(signed_in, workspace, lesson) -> None:
    client = signed_in(workspace)
    Course.objects.in_workspace(workspace).update(is_published=False)
    assert client.get(url("lesson_detail", lesson)).status_code == 404
    assert client.post(url("complete_lesson", lesson)).status_code == 404
    Course.objects.in_workspace(workspace).update(is_published=True)
    lesson.is_published = False
    lesson.save()
    assert client.get(url("lesson_detail", lesson)).status_code == 404


def test_hostile_lesson_text_reaches_no_browser(signed_in, workspace, lesson) -> None:
    lesson.body = (
        "<script>alert(1)</script><p hx-get='/admin/' hx-trigger='load'>x</p>\n\n"
        "![p](https://evil.example/p.gif)"
    )
    lesson.title = "<b>Bold</b> title"
    lesson.save()
    page = signed_in(workspace).get(url("lesson_detail", lesson)).content.decode()
    for piece in ("alert(1)", "evil.example", "hx-get='/admin/'", 'hx-get="/admin/"', "<b>Bold"):
        assert piece not in page
    assert "hx-disable" in page


def test_admin_shows_preview_and_history_and_keeps_rows_in_the_workspace(
    workspace, other_workspace, make_user, lesson, client
) -> None:
    client.force_login(make_user(workspace, "admin", is_staff=True))
    change = reverse("admin:courses_lesson_change", args=[lesson.pk])
    page = client.get(change).content.decode()
    assert "Preview (as last saved)" in page
    assert "<h3>" in page
    fields = {
        "title": "Renamed",
        "slug": lesson.slug,
        "module": lesson.module_id,
        "summary": lesson.summary,
        "minutes": 5,
        "body": "New **body**.",
        "position": 1,
        "is_published": "on",
    }
    assert client.post(change, fields).status_code == 302
    lesson.refresh_from_db()
    assert lesson.title == "Renamed"
    assert lesson.history.count() == 2
    assert lesson.history.first().history_user.email == "admin@blue-gate.example.com"
    assert client.get(reverse("admin:courses_lesson_history", args=[lesson.pk])).status_code == 200
    foreign = Lesson.objects.in_workspace(other_workspace).first()
    foreign_url = reverse("admin:courses_lesson_change", args=[foreign.pk])
    assert client.get(foreign_url).status_code == 302
    assert "Renamed" in client.get(reverse("admin:courses_lesson_changelist")).content.decode()


def test_a_lesson_stays_in_the_workspace_of_its_module(
    workspace, other_workspace, make_user, lesson, client
) -> None:
    person = make_user(workspace, "owner", is_staff=True)
    Membership.objects.create(workspace=other_workspace, user=person, role="owner")
    client.force_login(person)
    fields = {"title": "Ours", "slug": "ours", "summary": "S", "minutes": 5, "body": "B",
              "position": 9}  # fmt: skip
    address = reverse("admin:courses_lesson_add")
    theirs = Module.objects.in_workspace(other_workspace).first()
    refused = client.post(address, {**fields, "module": theirs.pk})
    assert set(refused.context["adminform"].form.errors) == {"module"}
    assert client.post(address, {**fields, "module": lesson.module_id}).status_code == 302
    assert Lesson.objects.in_workspace(workspace).get(slug="ours").module == lesson.module


def test_admin_writes_a_course_with_modules(workspace, make_user, client) -> None:
    client.force_login(make_user(workspace, "owner", is_staff=True))
    fields = {
        "title": "Ours",
        "slug": "ours",
        "summary": "S",
        "level": "beginner",
        "body": "",
        "position": 2,
        "is_published": "on",
        "modules-TOTAL_FORMS": 1,
        "modules-INITIAL_FORMS": 0,
        "modules-0-title": "Basics",
        "modules-0-slug": "basics",
        "modules-0-position": 1,
    }
    response = client.post(reverse("admin:courses_course_add"), fields)
    assert response.status_code == 302
    course = Course.objects.in_workspace(workspace).get(slug="ours")
    assert [module.workspace_id for module in course.modules.all()] == [workspace.pk]
