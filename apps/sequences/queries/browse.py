"""Sequences for readers who page through all of them, like the partner API."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.sequences.models import Sequence
from apps.workspaces.models import Workspace


def browse_sequences(workspace: Workspace) -> QuerySet[Sequence]:
    """Active and inactive sequences with their steps, in no order yet."""
    return Sequence.objects.in_workspace(workspace).prefetch_related("steps").order_by()
