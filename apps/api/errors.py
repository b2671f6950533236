"""Every refusal has one shape: type, title, detail, errors."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

_TITLES = {
    400: "The request cannot be read",
    401: "A valid key is needed",
    403: "This key may not do that",
    404: "Not found",
    405: "Not possible here",
    406: "Only JSON is spoken here",
    409: "In conflict with the current state",
    415: "Only JSON is spoken here",
    422: "The request cannot be carried out",
    429: "Too many requests",
}


class Conflict(exceptions.APIException):
    """The thing exists and its state forbids what was asked."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Unprocessable(exceptions.APIException):
    """Well formed, but it cannot be done."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "unprocessable"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets Django answer 500 and log the traceback."""
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = problem(response.status_code, _code(error), response.data)
    return response


def problem(status_code: int, code: str, data: Any) -> dict[str, Any]:
    """The body of a refusal. `errors` maps a field to its messages; `detail` is one sentence."""
    is_plain = isinstance(data, dict) and set(data) == {"detail"}
    detail = str(data["detail"]) if is_plain else "Some fields are missing or wrong."
    return {
        "type": code,
        "title": _TITLES.get(status_code, "Refused"),
        "detail": detail,
        "errors": {} if is_plain else _by_field(data),
    }


def _by_field(data: Any) -> dict[str, list[str]]:
    if isinstance(data, dict):
        return {str(field): _messages(value) for field, value in data.items()}
    return {"non_field_errors": _messages(data)}


def _messages(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _code(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    return str(getattr(error, "default_code", "error"))
