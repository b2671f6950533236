"""Courses a workspace teaches its people with, and who has read what."""

from django.conf import settings
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models

from apps.courses.rules import MAX_BODY_CHARS
from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class Course(WorkspaceRow):
    class Level(models.TextChoices):
        BEGINNER = "beginner"
        INTERMEDIATE = "intermediate"
        ADVANCED = "advanced"

    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    level = models.CharField(max_length=12, choices=Level, default=Level.BEGINNER)
    body = models.TextField(blank=True, validators=[MaxLengthValidator(MAX_BODY_CHARS)])
    position = models.PositiveIntegerField(default=1)
    is_published = models.BooleanField(default=True)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="course_slug_once")
        ]

    def __str__(self) -> str:
        return self.title


class Module(WorkspaceRow):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=1)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "course", "slug"], name="module_slug_once")
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.title}"


class Lesson(WorkspaceRow):
    """`source_digest` is the digest of the file the row was last loaded from, '' for none."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="lessons")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    minutes = models.PositiveIntegerField(default=10, validators=[MinValueValidator(1)])
    body = models.TextField(
        validators=[MaxLengthValidator(MAX_BODY_CHARS)],
        help_text="Markdown. Images from this site's static files only.",
    )
    position = models.PositiveIntegerField(default=1)
    is_published = models.BooleanField(default=True)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    history = history()

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "module", "slug"], name="lesson_slug_once")
        ]

    def __str__(self) -> str:
        return self.title


class LessonProgress(WorkspaceRow):
    """One person finished one lesson. How far they are is counted from these rows, never stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lesson_progress"
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="progress")
    completed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        verbose_name_plural = "lesson progress"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user", "lesson"], name="lesson_completed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} finished {self.lesson}"
