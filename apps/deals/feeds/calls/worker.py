"""Carrying stored calls on to the importer, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from apps.common.failpoints import failpoint
from apps.deals.feeds.calls.actions import take_in_calls
from apps.deals.feeds.calls.due import claim_calls
from apps.deals.feeds.calls.reading import Reading, read_call
from apps.deals.feeds.calls.settings import SettingsInvalid, settings_of
from apps.deals.ingestion.reader import FileRefused
from apps.deals.models import LeadSource, WebhookCall
from apps.events.actions import Actor

ACTOR = Actor.system("deals.webhooks")


def process_calls(clock: Callable[[], datetime]) -> int:
    """Read one batch of waiting calls; returns how many there were, 0 when nothing waits."""
    calls = claim_calls(clock())
    if not calls:
        return 0
    failpoint("calls.after_claim")
    source = calls[0].source
    readings = readings_of(source, calls)
    try:
        _take_in(source, readings, clock())
    except FileRefused as refusal:
        _take_in(source, {key: Reading(refusal=str(refusal)) for key in readings}, clock())
    failpoint("calls.after_commit")
    return len(calls)


def _take_in(source: LeadSource, readings: Mapping[int, Reading], now: datetime) -> None:
    take_in_calls(
        workspace=source.workspace, actor=ACTOR, source=source, readings=readings, now=now
    )


def readings_of(source: LeadSource, calls: list[WebhookCall]) -> dict[int, Reading]:
    try:
        settings = settings_of(source.settings)
    except (SettingsInvalid, ValueError) as error:
        return {call.pk: Reading(refusal=str(error)) for call in calls}
    return {call.pk: read_call(bytes(call.body), call.content_type, settings) for call in calls}
