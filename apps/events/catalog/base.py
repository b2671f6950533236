"""What a fact is: a frozen dataclass with a versioned name, a subject and a JSON-safe payload."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Self, get_args, get_origin
from uuid import UUID

FACTS: dict[str, type[Fact]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of all facts. `subject` is the public id of the thing it is about.

    Field types: str, int, float, bool, Decimal, UUID, date, datetime, dict/list of JSON values,
    and Optional of these.
    """

    name: ClassVar[str] = ""
    subject_kind: ClassVar[str] = ""
    subject: UUID

    def __init_subclass__(cls) -> None:
        if cls.name:
            if cls.name in FACTS:
                raise TypeError(f"two facts are named {cls.name}")
            FACTS[cls.name] = cls

    def deal_id(self) -> UUID | None:
        """The deal this fact belongs to: its subject, or its `deal` field."""
        return self.subject if self.subject_kind == "deal" else getattr(self, "deal", None)

    def to_payload(self) -> dict[str, Any]:
        """JSON-safe values of all fields but the subject."""
        return {
            name: value if type(value := getattr(self, name)) in _SIMPLE else _plain(value)
            for name in _names(type(self))
        }

    @classmethod
    def from_payload(cls, subject: UUID, payload: dict[str, Any]) -> Self:
        """The fact as it was published; fields added since then take their defaults."""
        hints = _hints(cls)
        known = {
            name: _typed(value, hints[name]) for name, value in payload.items() if name in hints
        }
        return cls(subject=subject, **known)


_HINTS: dict[type[Fact], dict[str, Any]] = {}
_SIMPLE = frozenset({str, int, float, bool, type(None)})


_NAMES: dict[type[Fact], tuple[str, ...]] = {}


def _names(cls: type[Fact]) -> tuple[str, ...]:
    """Looked up once: an import asks for every one of its facts."""
    if cls not in _NAMES:
        fields = dataclasses.fields(cls)
        _NAMES[cls] = tuple(field.name for field in fields if field.name != "subject")
    return _NAMES[cls]


def _hints(cls: type[Fact]) -> dict[str, Any]:
    if cls not in _HINTS:
        _HINTS[cls] = typing.get_type_hints(cls)
    return _HINTS[cls]


def _plain(value: Any) -> Any:
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _typed(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if hint in (Decimal, UUID):
        return hint(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if get_origin(hint) is list and get_args(hint) == (UUID,):
        return [UUID(item) for item in value]
    return value
