"""The shipped sequences, from files to rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from apps.channels.actions import save_template
from apps.events.actions import Actor
from apps.sequences.actions.saving import save_sequence
from apps.sequences.models import Sequence, Step
from apps.sequences.queries.rows import find_sequence
from apps.workspaces.models import Workspace


def load_sequences(*, workspace: Workspace, actor: Actor, now: datetime) -> list[Sequence]:
    """Create the shipped sequences a workspace does not have; one that stands is left alone.

    Repeatable, and a load that was cut short is completed by the next: texts come first, each
    as its own action, and the sequence with all its steps last, as one.
    """
    loaded = []
    for path in sorted((Path(settings.BASE_DIR) / "fixtures" / "sequences").glob("*.yaml")):
        shipped = yaml.safe_load(path.read_text(encoding="utf-8"))
        standing = find_sequence(workspace, shipped["key"])
        loaded.append(standing or _load(workspace, actor, shipped, now))
    return loaded


def _load(workspace: Workspace, actor: Actor, shipped: dict[str, Any], now: datetime) -> Sequence:
    steps = []
    for row in shipped["steps"]:
        text = row["template"]
        template = save_template(
            workspace=workspace,
            actor=actor,
            key=text["key"],
            name=text["name"],
            channel=row["channel"],
            subject=text.get("subject", ""),
            body=text["body"],
            now=now,
        )
        steps.append(
            Step(
                position=row["position"],
                channel=row["channel"],
                offset_minutes=row["offset_minutes"],
                archives_after=row.get("archives_after", False),
                template=template,
            )
        )
    sequence = Sequence(key=shipped["key"], name=shipped["name"], trigger=shipped["trigger"])
    return save_sequence(workspace=workspace, actor=actor, sequence=sequence, steps=steps, now=now)
