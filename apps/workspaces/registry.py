"""Providers that rooms above can work with: what the admin may choose, ask for and try out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.workspaces.models import Connection


@dataclass(frozen=True)
class ProviderKind:
    """`secrets`: name in the vault -> label of its field. `hint` says what is usual."""

    capability: str
    name: str
    label: str
    secrets: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""


# Answers in a sentence; never raises for what a vendor may do. Runs outside any action.
ConnectionTest = Callable[[Connection], tuple[bool, str]]

_kinds: dict[tuple[str, str], ProviderKind] = {}
_tests: dict[str, ConnectionTest] = {}


def register_providers(
    capability: str, kinds: Sequence[ProviderKind], test: ConnectionTest
) -> None:
    """All providers of one capability, and how a connection to one of them is tried out."""
    _kinds.update({(kind.capability, kind.name): kind for kind in kinds})
    _tests[capability] = test


def list_providers() -> list[ProviderKind]:
    return list(_kinds.values())


def find_provider_kind(capability: str, name: str) -> ProviderKind | None:
    return _kinds.get((capability, name))


def is_choosable(capability: str) -> bool:
    """Whether the admin may choose the provider of this capability."""
    return capability in _tests


def try_connection(connection: Connection) -> tuple[bool, str]:
    """(works, sentence). Calls the provider: never inside an action."""
    test = _tests.get(connection.capability)
    return test(connection) if test else (True, "There is nothing to try out here.")
