"""The secret that proves a source's calls: made here, shown once, replaced without a gap."""

from __future__ import annotations

from apps.common.ids import new_token
from apps.deals.models import LeadSource
from apps.workspaces.vault import unseal

CURRENT, PREVIOUS = "secret", "previous_secret"


def secrets_of(source: LeadSource) -> list[str]:
    """Secrets accepted now: the current one and, while senders are being changed, the one before.

    Raises KeyMissing.
    """
    held = unseal(source.credentials)
    return [held[name] for name in (CURRENT, PREVIOUS) if held.get(name)]


def new_secret() -> str:
    return f"whsec_{new_token()}"
