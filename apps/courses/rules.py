"""Reading course files: Markdown with YAML front matter, one folder per course."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from apps.courses.types import CourseText, CourseTextError, LessonText, ModuleText

COURSE_FILE = "course.md"
LEVELS = ("beginner", "intermediate", "advanced")
MAX_BODY_CHARS = 100_000
_FENCE = "---\n"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def read_course(files: Mapping[str, str]) -> CourseText:
    """A whole course from its files (name -> text), lessons in reading order.

    Raises CourseTextError naming the file when a field is missing, a slug is malformed or used
    twice, or a lesson belongs to a module the course does not have.
    """
    if COURSE_FILE not in files:
        raise CourseTextError(f"{COURSE_FILE} is missing.")
    fields, body = split_front_matter(COURSE_FILE, files[COURSE_FILE])
    modules = _read_modules(fields)
    lessons = [_read_lesson(name, files[name]) for name in sorted(files) if name != COURSE_FILE]
    order = {module.slug: module.position for module in modules}
    for name, lesson in zip(sorted(set(files) - {COURSE_FILE}), lessons, strict=True):
        if lesson.module_slug not in order:
            raise CourseTextError(f"{name}: there is no module '{lesson.module_slug}'.")
    _refuse_repeats("lesson", (lesson.slug for lesson in lessons))
    level = _text(COURSE_FILE, fields, "level")
    if level not in LEVELS:
        raise CourseTextError(f"{COURSE_FILE}: level must be one of {', '.join(LEVELS)}.")
    return CourseText(
        slug=_slug(COURSE_FILE, fields, "slug"),
        title=_text(COURSE_FILE, fields, "title"),
        summary=_text(COURSE_FILE, fields, "summary"),
        level=level,
        body=body,
        modules=modules,
        lessons=tuple(sorted(lessons, key=lambda one: (order[one.module_slug], one.position))),
    )


def split_front_matter(name: str, text: str) -> tuple[dict[str, Any], str]:
    """The YAML mapping between two lines of three dashes, and the Markdown after it."""
    head, fence, body = text.replace("\r\n", "\n").removeprefix(_FENCE).partition("\n" + _FENCE)
    if not fence or not text.startswith("---"):
        raise CourseTextError(f"{name}: front matter between two lines of '---' is missing.")
    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise CourseTextError(f"{name}: the front matter is not valid YAML ({error}).") from error
    if not isinstance(fields, dict):
        raise CourseTextError(f"{name}: the front matter must be a list of 'field: value' lines.")
    if len(body) > MAX_BODY_CHARS:
        raise CourseTextError(f"{name}: the text is longer than {MAX_BODY_CHARS:,} characters.")
    return fields, body.strip() + "\n"


def _read_modules(fields: Mapping[str, Any]) -> tuple[ModuleText, ...]:
    rows = fields.get("modules")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CourseTextError(f"{COURSE_FILE}: 'modules' must be a list of slug and title.")
    modules = tuple(
        ModuleText(_slug(COURSE_FILE, row, "slug"), _text(COURSE_FILE, row, "title"), position)
        for position, row in enumerate(rows, start=1)
    )
    _refuse_repeats("module", (module.slug for module in modules))
    return modules


def _read_lesson(name: str, text: str) -> LessonText:
    fields, body = split_front_matter(name, text)
    return LessonText(
        slug=_slug(name, fields, "slug"),
        title=_text(name, fields, "title"),
        module_slug=_slug(name, fields, "module"),
        position=_count(name, fields, "position"),
        minutes=_count(name, fields, "minutes"),
        summary=_text(name, fields, "summary"),
        body=body,
    )


def _text(name: str, fields: Mapping[str, Any], field: str) -> str:
    value = fields.get(field)
    if not isinstance(value, str) or not value.strip():
        raise CourseTextError(f"{name}: '{field}' is missing.")
    return value.strip()


def _slug(name: str, fields: Mapping[str, Any], field: str) -> str:
    slug = _text(name, fields, field)
    if not _SLUG.match(slug):
        raise CourseTextError(f"{name}: '{field}' may hold a-z, 0-9 and single dashes only.")
    return slug


def _count(name: str, fields: Mapping[str, Any], field: str) -> int:
    value = fields.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10_000:
        raise CourseTextError(f"{name}: '{field}' must be a whole number above zero.")
    return value


def _refuse_repeats(what: str, slugs: Iterable[str]) -> None:
    seen: set[str] = set()
    for slug in slugs:
        if slug in seen:
            raise CourseTextError(f"Two {what}s share the slug '{slug}'.")
        seen.add(slug)
