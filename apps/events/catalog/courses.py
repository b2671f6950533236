"""Facts of the courses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class CourseLoaded(Fact):
    """A course was written from its files. Lessons an admin edited were kept as they are."""

    name: ClassVar[str] = "courses.course_loaded.v1"
    subject_kind: ClassVar[str] = "course"
    slug: str
    created_count: int
    updated_count: int
    kept_count: int


@dataclass(frozen=True, kw_only=True)
class LessonCompleted(Fact):
    """A person finished a lesson for the first time; their course then stood as counted here."""

    name: ClassVar[str] = "courses.lesson_completed.v1"
    subject_kind: ClassVar[str] = "lesson"
    course: UUID
    user: str
    completed_count: int
    lesson_count: int


@dataclass(frozen=True, kw_only=True)
class CourseSaved(Fact):
    """An admin wrote a course or its modules. `modules`: their titles in order."""

    name: ClassVar[str] = "courses.course_saved.v1"
    subject_kind: ClassVar[str] = "course"
    title: str
    is_published: bool
    modules: list[str]


@dataclass(frozen=True, kw_only=True)
class LessonSaved(Fact):
    """An admin wrote a lesson."""

    name: ClassVar[str] = "courses.lesson_saved.v1"
    subject_kind: ClassVar[str] = "lesson"
    course: UUID
    title: str
    is_published: bool
    body_sha256: str
