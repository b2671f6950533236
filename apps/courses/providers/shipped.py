"""The course files shipped with the product."""

from pathlib import Path

from django.conf import settings

from apps.courses.rules import read_course
from apps.courses.types import CourseText


def read_shipped_courses(folder: Path | None = None) -> list[CourseText]:
    """Every folder with a course. Raises CourseTextError naming the file that cannot be read."""
    root = folder or Path(settings.BASE_DIR) / "fixtures" / "courses"
    return [
        read_course({path.name: path.read_text() for path in sorted(home.glob("*.md"))})
        for home in sorted(root.iterdir())
        if home.is_dir()
    ]
