"""Courses are edited here: modules inline, lessons with a preview, all with history."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import TabularInline

from apps.common.clock import now
from apps.common.markdown import render_markdown
from apps.courses.actions import save_course, save_lesson
from apps.courses.models import Course, Lesson, LessonProgress, Module
from apps.workspaces.access import actor_of
from apps.workspaces.admin_scope import (
    WorkspaceAdmin,
    WorkspaceReadOnlyAdmin,
    administered_by,
)


class ModuleInline(TabularInline):
    model = Module
    extra = 0
    fields = ["title", "slug", "position"]
    ordering = ["position", "id"]
    can_delete = False
    prepopulated_fields = {"slug": ["title"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.filter(workspace__in=administered_by(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_staff)


@admin.register(Course)
class CourseAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    list_display = ["title", "level", "position", "is_published"]
    list_filter = ["is_published", "level"]
    search_fields = ["title", "summary"]
    fields = ["title", "slug", "summary", "level", "body", "position", "is_published", "preview"]
    readonly_fields = ["preview"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [ModuleInline]

    @admin.display(description="Preview (as last saved)")
    def preview(self, course: Course) -> SafeString:
        return render_markdown(course.body)

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        workspace = obj.workspace if change else request.workspace  # type: ignore[attr-defined]
        save_course(workspace=workspace, actor=actor_of(request), course=obj, now=now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        modules = formset.save(commit=False)
        if modules:
            save_course(
                workspace=form.instance.workspace,
                actor=actor_of(request),
                course=form.instance,
                modules=modules,
                now=now(),
            )


@admin.register(Lesson)
class LessonAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    list_display = ["title", "module", "position", "minutes", "is_published"]
    list_filter = ["is_published"]
    list_select_related = ["module__course"]
    search_fields = ["title", "summary", "body"]
    ordering = ["module__course__position", "module__position", "position"]
    fields = [
        "title",
        "slug",
        "module",
        "summary",
        "minutes",
        "body",
        "position",
        "is_published",
        "preview",
    ]
    readonly_fields = ["preview"]
    prepopulated_fields = {"slug": ["title"]}

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Modules of the lesson's own workspace, though one person may administer several."""
        form = super().get_form(request, obj, **kwargs)
        if "module" in form.base_fields:
            workspace = obj.workspace if obj else request.workspace  # type: ignore[attr-defined]
            modules = Module.objects.in_workspace(workspace).select_related("course")
            form.base_fields["module"].queryset = modules
        return form

    def save_model(self, request: HttpRequest, obj: Lesson, form: Any, change: bool) -> None:
        workspace = obj.workspace if change else request.workspace  # type: ignore[attr-defined]
        save_lesson(workspace=workspace, actor=actor_of(request), lesson=obj, now=now())

    @admin.display(description="Preview (as last saved)")
    def preview(self, lesson: Lesson) -> SafeString:
        return render_markdown(lesson.body)


@admin.register(LessonProgress)
class LessonProgressAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["user", "lesson", "completed_at"]
    list_select_related = ["user", "lesson"]
    search_fields = ["user__email", "lesson__title"]
    date_hierarchy = "completed_at"
