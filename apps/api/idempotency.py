"""The same request twice: one effect and the same answer."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from apps.api.errors import Unprocessable
from apps.api.models import IdempotencyRecord

HEADER = "Idempotency-Key"
_MAX_KEY_CHARS = 200


def answer_once(request: Any, perform: Callable[[], Response]) -> Response:
    """Run `perform`, or repeat the answer it gave to this key's first request with this header.

    The record, the action and its fact commit together, so a process killed at any point leaves
    all of them or none. Of requests at once the later ones wait for the first and get its answer.
    Refusals are not kept: a request that was refused may be mended and sent again. Raises
    Unprocessable when the header was used for another request, ParseError when it is malformed.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return perform()
    if len(key) > _MAX_KEY_CHARS or not key.isprintable():
        raise ParseError(f"{HEADER} must be printable and at most {_MAX_KEY_CHARS} characters.")
    wanted = _request_hash(request)
    known = _find(request.auth, key)
    if known is not None:
        return _repeat(known, wanted)
    try:
        with transaction.atomic():
            return _perform_and_keep(request.auth, key, wanted, perform)
    except IntegrityError:
        known = _find(request.auth, key)
        if known is None:
            raise
        return _repeat(known, wanted)


def _perform_and_keep(
    api_key: Any, key: str, wanted: str, perform: Callable[[], Response]
) -> Response:
    record = IdempotencyRecord.objects.create(
        workspace_id=api_key.workspace_id, api_key_id=api_key.pk, key=key, request_hash=wanted
    )
    response = perform()
    record.status = response.status_code
    record.location = response.headers.get("Location", "")
    record.body = json.dumps(response.data, cls=JSONEncoder)
    record.save()
    return response


def _find(api_key: Any, key: str) -> IdempotencyRecord | None:
    rows = IdempotencyRecord.objects.in_workspace(api_key.workspace_id)
    return rows.filter(api_key_id=api_key.pk, key=key).first()


def _repeat(record: IdempotencyRecord, wanted: str) -> Response:
    if record.request_hash != wanted:
        raise Unprocessable(f"This {HEADER} was used for another request.")
    response = Response(json.loads(record.body), status=record.status)
    if record.location:
        response["Location"] = record.location
    response["Idempotent-Replayed"] = "true"
    return response


def _request_hash(request: Any) -> str:
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
