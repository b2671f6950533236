"""Skip-trace vendors by the name a connection carries."""

from apps.contacts.providers.base import SkipTraceProvider
from apps.contacts.providers.sandbox import SandboxSkipTrace

_PROVIDERS: dict[str, SkipTraceProvider] = {"sandbox": SandboxSkipTrace()}


def find_provider(name: str) -> SkipTraceProvider | None:
    return _PROVIDERS.get(name)
