"""The bytes of a call as a list of leads: JSON, form-encoded or multipart, one lead or many."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from apps.deals.feeds.calls.paths import child

MOST_LEADS = 400
_MOST_FIELDS = 2_000
_LISTS = ("leads", "records", "contacts", "properties", "results", "items", "entries", "data")
_ENVELOPES = ("results", "result", "data", "payload", "record")
# Page builders post one form field that holds the whole lead as JSON.
_JSON_FIELDS = ("payload", "data.json", "json", "data", "body")

Lead = dict[str, Any]


class CallUnreadable(ValueError):
    """The body holds no lead we can find; the text is one sentence for people."""


def read_body(raw: bytes, content_type: str) -> list[Lead]:
    """The leads of a call, as they stand in it. Raises CallUnreadable, whatever the bytes."""
    kind = content_type.partition(";")[0].strip().casefold()
    if not raw.strip():
        raise CallUnreadable("The call is empty.")
    if kind == "multipart/form-data":
        return _leads(_unwrapped(_multipart(raw, content_type)))
    if kind == "application/x-www-form-urlencoded" and raw.lstrip()[:1] not in (b"{", b"["):
        return _leads(_unwrapped(_form(raw)))
    return _leads(_json(raw))


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CallUnreadable("The call is neither JSON nor a form.") from error


def _form(raw: bytes) -> Lead:
    try:
        pairs = parse_qsl(raw.decode("utf-8", errors="replace"), max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise CallUnreadable("The form has too many fields.") from error
    return _nested(pairs)


def _multipart(raw: bytes, content_type: str) -> Lead:
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(raw)}
    try:
        fields, _ = MultiPartParser(meta, io.BytesIO(raw), [MemoryFileUploadHandler()]).parse()
    except (MultiPartParserError, SuspiciousOperation, BadRequest, ValueError, KeyError) as error:
        raise CallUnreadable("The multipart form cannot be read.") from error
    return _nested([(key, value) for key, values in fields.lists() for value in values])


def _nested(pairs: list[tuple[str, str]]) -> Lead:
    """contact[phones][0][number]=… as nested words; a repeated field is joined by commas."""
    found: Lead = {}
    for key, value in pairs:
        steps = [step for step in key.replace("]", "").split("[") if step][:6] or [key]
        node = found
        for step in steps[:-1]:
            deeper = node.setdefault(step, {})
            if not isinstance(deeper, dict):
                deeper = node[step] = {"": deeper}
            node = deeper
        before = node.get(steps[-1])
        if isinstance(before, dict):
            before[""] = value
        else:
            node[steps[-1]] = f"{before}, {value}" if before else value
    return found


def _unwrapped(form: Lead) -> Any:
    for name in _JSON_FIELDS:
        text = form.get(name)
        if isinstance(text, str) and text.lstrip()[:1] in ("{", "["):
            return _json(text.encode(errors="replace"))
    return form


def _leads(found: Any) -> list[Lead]:
    if isinstance(found, Mapping):
        inner = _list_in(found)
        found = inner if inner is not None else [_opened(found)]
    if not isinstance(found, list):
        raise CallUnreadable("The call holds a single value, not a lead.")
    if not all(isinstance(item, dict) for item in found):
        raise CallUnreadable("The call holds a list of values, not of leads.")
    if not found:
        raise CallUnreadable("The call holds no lead.")
    if len(found) > MOST_LEADS:
        raise CallUnreadable("The call holds more than 400 leads; send them in several calls.")
    return found


def _list_in(node: Any, depth: int = 0) -> list[Any] | None:
    """The leads of an answer, up to two envelopes down; None where there is one lead only."""
    for name in _LISTS:
        if _has_leads(found := child(node, name)):
            return list(found)
    persons = child(node, "persons")
    if _has_leads(persons) and all(child(one, "property", "property address") for one in persons):
        return list(persons)
    inner = _inner(node)
    return _list_in(inner, depth + 1) if inner and depth < 2 else None


def _inner(node: Any) -> Mapping[str, Any] | None:
    found = [child(node, name) for name in _ENVELOPES]
    return next((item for item in found if isinstance(item, Mapping)), None)


def _opened(lead: Any) -> Lead:
    """{"event": …, "data": {…}}: what stands in the envelope stands beside it too."""
    inner = _inner(lead)
    return {**inner, **lead} if inner else dict(lead)


def _has_leads(node: Any) -> bool:
    """A list of things that could each be a lead: phones and e-mails stand in lists too."""
    return isinstance(node, list) and bool(node) and all(isinstance(item, dict) for item in node)
