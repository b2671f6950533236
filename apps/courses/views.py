"""The catalogue, a course, a lesson and its complete button."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.common.markdown import render_markdown
from apps.courses import actions
from apps.courses.queries import (
    get_course_outline,
    get_lesson,
    get_lesson_page,
    list_courses,
)
from apps.workspaces.access import actor_of, member_required
from apps.workspaces.middleware import WorkspaceRequest

if TYPE_CHECKING:
    from apps.workspaces.models import User


@require_GET
@member_required
def course_list(request: HttpRequest) -> HttpResponse:
    outlines = list_courses(_scoped(request).workspace, _user(request))
    return render(request, "courses/course_list.html", {"outlines": outlines})


@require_GET
@member_required
def course_detail(request: HttpRequest, course_id: UUID) -> HttpResponse:
    try:
        outline = get_course_outline(_scoped(request).workspace, _user(request), course_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    context = {"outline": outline, "body": render_markdown(outline.course.body)}
    return render(request, "courses/course_detail.html", context)


@require_GET
@member_required
def lesson_detail(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    return _lesson_response(request, lesson_id, "courses/lesson_detail.html")


@require_POST
@member_required
def complete_lesson(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    workspace = _scoped(request).workspace
    try:
        lesson = get_lesson(workspace, lesson_id)
        actions.complete_lesson(
            workspace=workspace,
            actor=actor_of(request),
            user=_user(request),
            lesson=lesson,
            now=now(),
        )
    except (ObjectDoesNotExist, actions.LessonNotPublished) as error:
        raise Http404 from error
    messages.success(request, f"Lesson finished: {lesson.title}")
    if is_htmx(request):
        return _lesson_response(request, lesson_id, "courses/panels/lesson_footer.html")
    return redirect("courses:lesson_detail", lesson_id=lesson_id)


def _lesson_response(request: HttpRequest, lesson_id: UUID, template: str) -> HttpResponse:
    try:
        page = get_lesson_page(_scoped(request).workspace, _user(request), lesson_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    context = {"page": page, "outline": page.outline, "body": render_markdown(page.lesson.body)}
    return render(request, template, context)


def _scoped(request: HttpRequest) -> WorkspaceRequest:
    return cast(WorkspaceRequest, request)


def _user(request: HttpRequest) -> "User":
    return cast("User", request.user)
