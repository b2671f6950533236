"""Which stored secrets of a feed may still be used after its settings were edited."""

from __future__ import annotations

from urllib.parse import urlsplit

from apps.deals.feeds.schemas import settings_of
from apps.deals.models import LeadSource
from apps.workspaces.vault import unseal


def kept_secrets(source: LeadSource) -> dict[str, str]:
    """Those stored for this source, as long as they go to the addresses they were entered for.

    `source` may hold edited settings that are not saved. Raises KeyMissing.
    """
    rows = LeadSource.objects.in_workspace(source.workspace_id)
    held = rows.filter(pk=source.pk).first() if source.pk else None
    if held is None or held.type != source.type or _places(held) != _places(source):
        return {}
    return unseal(held.credentials)


def _places(source: LeadSource) -> list[str]:
    addresses = [setting.name for setting in settings_of(source.type) if setting.kind == "url"]
    return [_place(str(source.settings.get(name) or "")) for name in addresses]


def _place(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    return f"{parts.scheme}://{parts.netloc}".casefold()
