"""Time stands still for intake, which reads the clock at the edge."""

from __future__ import annotations

from datetime import datetime

import pytest

from apps.deals.feeds import webhooks
from apps.workspaces.models import Workspace
from tests.deals.webhooks.sender import Sender, make_source


@pytest.fixture
def intake_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(webhooks, "now", lambda: now)


@pytest.fixture
def website(workspace: Workspace, intake_clock: None, now: datetime) -> Sender:
    """A signed webhook source and its sender."""
    return Sender(make_source(workspace), now)
