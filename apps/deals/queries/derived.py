"""What an admin's own metric says of some real deals."""

from __future__ import annotations

from apps.deals.models import Deal
from apps.deals.qualification.rows import known_derived
from apps.deals.qualification.values import words
from apps.workspaces.models import Workspace

SHOWN = 10


def preview_derived(workspace: Workspace, name: str) -> list[tuple[str, str]]:
    """Address and value of the newest deals that were looked at, at most SHOWN."""
    spec = known_derived(workspace.pk).get(name)
    if spec is None:
        return []
    rows = Deal.objects.in_workspace(workspace).filter(metrics__isnull=False)
    found = []
    for deal in rows.select_related("property", "metrics").order_by("-pk")[:SHOWN]:
        value = spec.formula.value(vars(deal.metrics))
        shown = "not known" if value is None else words(spec.metric, value)
        found.append((deal.property.address, shown))
    return found
