"""What a course looks like as files, and how far one person has come."""

from dataclasses import dataclass


class CourseTextError(ValueError):
    """A course file cannot be read; the message names the file and the reason."""


@dataclass(frozen=True)
class LessonText:
    slug: str
    title: str
    module_slug: str
    position: int
    minutes: int
    summary: str
    body: str


@dataclass(frozen=True)
class ModuleText:
    slug: str
    title: str
    position: int


@dataclass(frozen=True)
class CourseText:
    slug: str
    title: str
    summary: str
    level: str
    body: str
    modules: tuple[ModuleText, ...]
    lessons: tuple[LessonText, ...]


@dataclass(frozen=True)
class Progress:
    """Counts published lessons only, so that it never shows 7 of 6 or sticks below all of them."""

    completed_count: int
    lesson_count: int

    @property
    def percent(self) -> int:
        """Whole percent rounded down: 100 stands for every lesson and for nothing less."""
        return self.completed_count * 100 // self.lesson_count if self.lesson_count else 0

    @property
    def is_complete(self) -> bool:
        return 0 < self.lesson_count == self.completed_count
