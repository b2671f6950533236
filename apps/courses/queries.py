"""Courses as one person sees them: published lessons in order, and how far they have come."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from apps.courses.models import Course, Lesson, LessonProgress
from apps.courses.types import Progress
from apps.workspaces.models import User, Workspace


@dataclass(frozen=True)
class LessonLine:
    lesson: Lesson
    is_completed: bool


@dataclass(frozen=True)
class ModuleOutline:
    title: str
    lines: list[LessonLine]


@dataclass(frozen=True)
class CourseOutline:
    """A published course. `next_lesson` is the first one not finished, None at the end."""

    course: Course
    modules: list[ModuleOutline]
    progress: Progress
    next_lesson: Lesson | None

    @property
    def minutes(self) -> int:
        return sum(line.lesson.minutes for module in self.modules for line in module.lines)


@dataclass(frozen=True)
class LessonPage:
    lesson: Lesson
    outline: CourseOutline
    is_completed: bool
    previous: Lesson | None
    following: Lesson | None


def list_courses(workspace: Workspace, user: User) -> list[CourseOutline]:
    """Published courses in their order, each with its outline; three statements in all."""
    courses = Course.objects.in_workspace(workspace).filter(is_published=True)
    lessons = _published_lessons(workspace)
    completed = _completed_ids(workspace, user)
    by_course: dict[int, list[Lesson]] = {}
    for lesson in lessons:
        by_course.setdefault(lesson.module.course_id, []).append(lesson)
    return [
        _outline(course, by_course.get(course.pk, []), completed)
        for course in courses.order_by("position", "title", "id")
    ]


def get_course_outline(workspace: Workspace, user: User, course_id: UUID) -> CourseOutline:
    """Raises Course.DoesNotExist for another workspace's or an unpublished course."""
    course = Course.objects.in_workspace(workspace).get(public_id=course_id, is_published=True)
    lessons = [one for one in _published_lessons(workspace) if one.module.course_id == course.pk]
    return _outline(course, lessons, _completed_ids(workspace, user))


def get_lesson(workspace: Workspace, lesson_id: UUID) -> Lesson:
    """A published lesson of a published course. Raises Lesson.DoesNotExist."""
    return (
        Lesson.objects.in_workspace(workspace)
        .select_related("module__course")
        .get(public_id=lesson_id, is_published=True, module__course__is_published=True)
    )


def get_lesson_page(workspace: Workspace, user: User, lesson_id: UUID) -> LessonPage:
    """The lesson with its neighbors across modules. Raises Lesson.DoesNotExist."""
    lesson = get_lesson(workspace, lesson_id)
    outline = get_course_outline(workspace, user, lesson.module.course.public_id)
    lines = [line for module in outline.modules for line in module.lines]
    index = next(n for n, line in enumerate(lines) if line.lesson.pk == lesson.pk)
    return LessonPage(
        lesson=lesson,
        outline=outline,
        is_completed=lines[index].is_completed,
        previous=lines[index - 1].lesson if index else None,
        following=lines[index + 1].lesson if index + 1 < len(lines) else None,
    )


def get_progress(workspace: Workspace, user: User, course: Course) -> Progress:
    """Completed and all published lessons of a course, counted from the rows."""
    lessons = Lesson.objects.in_workspace(workspace).filter(
        module__course=course, is_published=True
    )
    completed = LessonProgress.objects.in_workspace(workspace).filter(user=user, lesson__in=lessons)
    return Progress(completed.count(), lessons.count())


def _published_lessons(workspace: Workspace) -> list[Lesson]:
    rows = Lesson.objects.in_workspace(workspace).filter(is_published=True)
    return list(
        rows.select_related("module__course").order_by(
            "module__position", "module_id", "position", "id"
        )
    )


def _completed_ids(workspace: Workspace, user: User) -> set[int]:
    rows = LessonProgress.objects.in_workspace(workspace).filter(user=user)
    return set(rows.values_list("lesson_id", flat=True))


def _outline(course: Course, lessons: Iterable[Lesson], completed: set[int]) -> CourseOutline:
    modules: dict[int, ModuleOutline] = {}
    lines = [LessonLine(lesson, lesson.pk in completed) for lesson in lessons]
    for line in lines:
        module = line.lesson.module
        modules.setdefault(module.pk, ModuleOutline(module.title, [])).lines.append(line)
    return CourseOutline(
        course=course,
        modules=list(modules.values()),
        progress=Progress(sum(line.is_completed for line in lines), len(lines)),
        next_lesson=next((line.lesson for line in lines if not line.is_completed), None),
    )
