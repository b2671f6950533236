"""Loading courses, finishing lessons, and progress that is right after every change."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.courses.actions import LessonNotPublished, complete_lesson, load_courses
from apps.courses.models import Course, Lesson, LessonProgress, Module
from apps.courses.providers.shipped import read_shipped_courses
from apps.courses.queries import get_lesson_page, get_progress, list_courses
from apps.courses.types import Progress
from apps.events.actions import Actor
from apps.events.catalog.courses import CourseLoaded, LessonCompleted
from apps.events.queries import list_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(workspace, deliver):
    deliver()
    return Course.objects.in_workspace(workspace).get()


@pytest.fixture
def user(workspace, make_user):
    return make_user(workspace, "read_only")


def lessons_of(workspace) -> list[Lesson]:
    rows = Lesson.objects.in_workspace(workspace).select_related("module__course")
    return list(rows.order_by("module__position", "position"))


def finish(workspace, user, lesson, now):
    return complete_lesson(
        workspace=workspace, actor=Actor.user(user), user=user, lesson=lesson, now=now
    )


def facts(workspace, fact):
    return list_facts(workspace.pk, names=[fact.name])


def test_a_new_workspace_gets_the_shipped_course(shipped, workspace) -> None:
    assert shipped.slug == "first-offer-first-text"
    assert [lesson.slug for lesson in lessons_of(workspace)] == [
        "maximum-allowable-offer",
        "before-you-text",
    ]
    [loaded] = facts(workspace, CourseLoaded)
    assert loaded.payload["created_count"] == 5
    assert shipped.history.get().history_change_reason == "courses.actions.load_courses"


def test_loading_again_changes_nothing(shipped, workspace, now) -> None:
    call_command("load_courses", "--workspace", workspace.slug)
    assert len(facts(workspace, CourseLoaded)) == 1
    assert Lesson.objects.in_workspace(workspace).count() == 2
    assert lessons_of(workspace)[0].history.count() == 1


def test_a_changed_file_updates_a_lesson_unless_an_admin_changed_it(
    shipped, workspace, system, now
) -> None:
    first, second = lessons_of(workspace)
    second.body = "Our own words."
    second.save()
    [text] = read_shipped_courses()
    newer = replace(
        text, lessons=tuple(replace(one, body=one.body + "\nNew.\n") for one in text.lessons)
    )
    load_courses(workspace=workspace, actor=system, courses=[newer], now=now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.body.endswith("New.\n")
    assert second.body == "Our own words."
    latest = facts(workspace, CourseLoaded)[0].payload
    assert (latest["created_count"], latest["updated_count"], latest["kept_count"]) == (0, 1, 1)


def test_the_command_names_an_unknown_workspace(db) -> None:
    with pytest.raises(CommandError, match="no workspace 'nowhere'"):
        call_command("load_courses", "--workspace", "nowhere")


def test_finishing_a_lesson_is_one_fact_and_a_repeat_none(shipped, workspace, user, now) -> None:
    lesson = lessons_of(workspace)[0]
    first = finish(workspace, user, lesson, now)
    again = finish(workspace, user, lesson, now + timedelta(days=1))
    assert again.pk == first.pk
    assert again.completed_at == now
    [fact] = facts(workspace, LessonCompleted)
    assert fact.subject == lesson.public_id
    assert fact.payload["completed_count"] == 1
    assert fact.payload["lesson_count"] == 2


def test_progress_is_right_after_every_change_of_the_course(shipped, workspace, user, now) -> None:
    first, second = lessons_of(workspace)
    assert get_progress(workspace, user, shipped) == Progress(0, 2)
    finish(workspace, user, first, now)
    assert get_progress(workspace, user, shipped) == Progress(1, 2)

    added = Lesson.objects.create(
        workspace=workspace, module=second.module, slug="x", title="X", body="x", position=9
    )
    assert get_progress(workspace, user, shipped) == Progress(1, 3)

    first.is_published = False
    first.save()
    assert get_progress(workspace, user, shipped) == Progress(0, 2)

    first.is_published = True
    first.save()
    elsewhere = Course.objects.create(workspace=workspace, slug="other", title="Other")
    first.module = Module.objects.create(workspace=workspace, course=elsewhere, slug="m", title="M")
    first.save()
    assert get_progress(workspace, user, shipped) == Progress(0, 2)
    assert get_progress(workspace, user, elsewhere) == Progress(1, 1)

    for lesson in (second, added):
        finish(workspace, user, lesson, now)
    assert get_progress(workspace, user, shipped).is_complete

    added.delete()
    assert get_progress(workspace, user, shipped) == Progress(1, 1)
    for outline in list_courses(workspace, user):
        assert outline.progress == get_progress(workspace, user, outline.course)


def test_progress_belongs_to_one_person(shipped, workspace, user, make_user, now) -> None:
    finish(workspace, user, lessons_of(workspace)[0], now)
    other = make_user(workspace, "admin")
    assert get_progress(workspace, other, shipped) == Progress(0, 2)


def test_an_unpublished_lesson_cannot_be_finished(shipped, workspace, user, now) -> None:
    lesson = lessons_of(workspace)[0]
    Lesson.objects.in_workspace(workspace).update(is_published=False)
    with pytest.raises(LessonNotPublished):
        finish(workspace, user, lesson, now)
    Lesson.objects.in_workspace(workspace).update(is_published=True)
    Course.objects.in_workspace(workspace).update(is_published=False)
    with pytest.raises(LessonNotPublished):
        finish(workspace, user, lesson, now)
    assert not LessonProgress.objects.in_workspace(workspace).exists()


def test_another_workspaces_lesson_cannot_be_finished(
    shipped, workspace, other_workspace, user, now
) -> None:
    with pytest.raises(Lesson.DoesNotExist):
        finish(other_workspace, user, lessons_of(workspace)[0], now)


def test_neighbors_run_across_modules_and_skip_what_is_hidden(
    shipped, workspace, user, now
) -> None:
    first, second = lessons_of(workspace)
    page = get_lesson_page(workspace, user, first.public_id)
    assert (page.previous, page.following) == (None, second)
    page = get_lesson_page(workspace, user, second.public_id)
    assert (page.previous, page.following) == (first, None)
    second.is_published = False
    second.save()
    assert get_lesson_page(workspace, user, first.public_id).following is None


def test_the_catalogue_costs_the_same_for_one_and_many_courses(
    shipped, workspace, user, django_assert_num_queries
) -> None:
    for number in range(5):
        course = Course.objects.create(workspace=workspace, slug=f"c{number}", title="C")
        module = Module.objects.create(workspace=workspace, course=course, slug="m", title="M")
        Lesson.objects.create(workspace=workspace, module=module, slug="l", title="L", body="x")
    with django_assert_num_queries(3):
        outlines = list_courses(workspace, user)
    assert len(outlines) == 6
