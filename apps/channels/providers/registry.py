"""Which adapter serves a connection."""

from collections.abc import Callable

from apps.channels.providers.base import MessageProvider
from apps.channels.providers.sandbox import SandboxProvider
from apps.workspaces.models import Connection


class ProviderUnknown(LookupError):
    """A connection names a provider that this installation does not have."""


_OPENERS: dict[str, Callable[[Connection], MessageProvider]] = {
    "sandbox": lambda connection: SandboxProvider(),
}


def has_provider(name: str) -> bool:
    return name in _OPENERS


def open_provider(connection: Connection) -> MessageProvider:
    """The adapter of a connection, with its credentials. Raises ProviderUnknown."""
    opener = _OPENERS.get(connection.provider)
    if opener is None:
        raise ProviderUnknown(f"There is no provider named {connection.provider}.")
    return opener(connection)
