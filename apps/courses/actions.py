"""Finishing lessons, and writing courses from their files."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from apps.courses.models import Course, Lesson, LessonProgress, Module
from apps.courses.queries import get_progress
from apps.courses.types import CourseText, LessonText
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.courses import CourseLoaded, CourseSaved, LessonCompleted, LessonSaved
from apps.events.publish import publish, publish_many
from apps.workspaces.models import User, Workspace


class LessonNotPublished(Exception):
    """Only a published lesson can be finished."""


@action
def complete_lesson(
    *, workspace: Workspace, actor: Actor, user: User, lesson: Lesson, now: datetime
) -> LessonProgress:
    """Note that the person finished the lesson; a repeat keeps the first time.

    Raises LessonNotPublished, and Lesson.DoesNotExist for a lesson of another workspace.
    """
    lesson = (
        Lesson.objects.in_workspace(workspace).select_related("module__course").get(pk=lesson.pk)
    )
    course = lesson.module.course
    if not (lesson.is_published and course.is_published):
        raise LessonNotPublished(f"'{lesson.title}' is not published.")
    progress, is_new = LessonProgress.objects.in_workspace(workspace).get_or_create(
        workspace=workspace, user=user, lesson=lesson, defaults={"completed_at": now}
    )
    if not is_new:
        unchanged("the lesson was finished before")
        return progress
    counts = get_progress(workspace, user, course)
    publish(
        LessonCompleted(
            subject=lesson.public_id,
            course=course.public_id,
            user=user.email,
            completed_count=counts.completed_count,
            lesson_count=counts.lesson_count,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return progress


@action
def save_course(
    *,
    workspace: Workspace,
    actor: Actor,
    course: Course,
    now: datetime,
    modules: Sequence[Module] = (),
) -> Course:
    """Store what an admin wrote of a course, or of its modules."""
    course.workspace = workspace
    course.save()
    for module in modules:
        module.workspace, module.course = workspace, course
        module.save()
    rows = Module.objects.in_workspace(workspace).filter(course=course)
    publish(
        CourseSaved(
            subject=course.public_id,
            title=course.title,
            is_published=course.is_published,
            modules=list(rows.order_by("position", "id").values_list("title", flat=True)),
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return course


@action
def save_lesson(*, workspace: Workspace, actor: Actor, lesson: Lesson, now: datetime) -> Lesson:
    """Store what an admin wrote of a lesson; its module must be of the same workspace."""
    module = Module.objects.in_workspace(workspace).get(pk=lesson.module_id)
    lesson.workspace = workspace
    lesson.save()
    publish(
        LessonSaved(
            subject=lesson.public_id,
            course=module.course.public_id,
            title=lesson.title,
            is_published=lesson.is_published,
            body_sha256=hashlib.sha256(lesson.body.encode()).hexdigest(),
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return lesson


@action
def load_courses(
    *, workspace: Workspace, actor: Actor, courses: Sequence[CourseText], now: datetime
) -> list[Course]:
    """Create or refresh courses from their files; repeatable.

    A row that an admin changed since it was loaded is kept. Lessons that left the files stay
    too, because people may have finished them; an admin unpublishes them.
    """
    facts = []
    rows = []
    for text in courses:
        course, fact = _load_course(workspace, text)
        rows.append(course)
        if fact.created_count or fact.updated_count:
            facts.append(fact)
    if facts:
        publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    else:
        unchanged("every course is as its files say")
    return rows


def _load_course(workspace: Workspace, text: CourseText) -> tuple[Course, CourseLoaded]:
    counts = {"created": 0, "updated": 0, "kept": 0, "same": 0}
    course = Course.objects.in_workspace(workspace).filter(slug=text.slug).first()
    fields = {name: getattr(text, name) for name in ("title", "summary", "level", "body")}
    course = course or Course(workspace=workspace, slug=text.slug)
    counts[_write(course, fields, {})] += 1
    modules = {}
    for part in text.modules:
        module, is_new = Module.objects.in_workspace(workspace).get_or_create(
            workspace=workspace,
            course=course,
            slug=part.slug,
            defaults={"title": part.title, "position": part.position},
        )
        modules[part.slug] = module
        counts["created"] += is_new
    for one in text.lessons:
        counts[_load_lesson(course, modules[one.module_slug], one)] += 1
    fact = CourseLoaded(
        subject=course.public_id,
        slug=course.slug,
        created_count=counts["created"],
        updated_count=counts["updated"],
        kept_count=counts["kept"],
    )
    return course, fact


def _load_lesson(course: Course, module: Module, text: LessonText) -> str:
    lesson = (
        Lesson.objects.in_workspace(course.workspace)
        .filter(module__course=course, slug=text.slug)
        .first()
    )
    fields = asdict(text)
    del fields["slug"], fields["module_slug"]
    lesson = lesson or Lesson(workspace=course.workspace, slug=text.slug, module=module)
    return _write(lesson, fields, {"module": module})


def _write(row: Course | Lesson, fields: dict[str, object], links: dict[str, Module]) -> str:
    """created, updated, kept (an admin changed it) or same."""
    wanted = _digest(fields)
    if row.pk is not None:
        if row.source_digest == wanted:
            return "same"
        if row.source_digest != _digest({name: getattr(row, name) for name in fields}):
            return "kept"
    kind = "created" if row.pk is None else "updated"
    for name, value in {**fields, **links, "source_digest": wanted}.items():
        setattr(row, name, value)
    row.save()
    return kind


def _digest(fields: dict[str, object]) -> str:
    return hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()
