"""Reading a feed page by page, for as long as one turn may take."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from django.db import DatabaseError

from apps.common.failpoints import failpoint
from apps.deals.feeds.accepting import accept_page, fail_run
from apps.deals.feeds.due import Reading, release
from apps.deals.feeds.providers import provider_of
from apps.deals.feeds.providers.folder import put_away
from apps.deals.feeds.schemas import asked_settings
from apps.deals.feeds.types import (
    FeedError,
    FeedPage,
    FeedUnauthorized,
    FeedUnavailable,
)
from apps.deals.ingestion.reader import FileRefused, ListFile, inspect
from apps.deals.models import LeadSource, SourceRun
from apps.events.actions import Actor
from apps.workspaces.vault import KeyMissing, unseal

log = logging.getLogger(__name__)
ACTOR = Actor.system("deals.feeds")
TURN_SECONDS = 60.0


def run_source(
    reading: Reading,
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], float] = random.random,
    turn_seconds: float = TURN_SECONDS,
) -> SourceRun:
    """Read pages until the feed has no more or the turn is over; a failure is noted, not raised.

    A database that is away is raised: the lease runs out and the page is read again.
    """
    source, run = reading.source, reading.run
    end = time.monotonic() + turn_seconds
    while run.state == SourceRun.State.RUNNING:
        try:
            page = _read(reading.source, run)
        except FeedError as error:
            return fail_run(
                workspace=source.workspace,
                actor=ACTOR,
                source=source,
                run=run,
                error=error,
                chance=chance(),
                now=clock(),
            )
        failpoint("feed.before_accept")
        before = run.page_count
        run = _accept(reading, run, page, clock())
        failpoint("feed.after_accept")
        if run.page_count == before:
            # Changed under us, or in other hands.
            release(reading)
            return run
        source.refresh_from_db(fields=["watermark", "is_active"])
        if time.monotonic() > end or not source.is_active:
            release(reading)
            return run
    return run


def _read(source: LeadSource, run: SourceRun) -> FeedPage:
    """One page; whatever else goes wrong on the way is an answer we cannot use."""
    try:
        secrets = unseal(source.credentials)
    except KeyMissing as error:
        raise FeedUnauthorized(str(error)) from error
    try:
        return provider_of(source.type).read_page(
            asked_settings(source), secrets, source.watermark, run.page_token
        )
    except (FeedError, DatabaseError):
        raise
    except Exception as error:
        log.exception("source %s sent something unreadable", source.public_id)
        raise FeedUnavailable(f"it cannot be read ({type(error).__name__}).") from error


def _accept(reading: Reading, run: SourceRun, page: FeedPage, now: datetime) -> SourceRun:
    list_file, refused = _inspected(page)
    accepted = accept_page(
        workspace=reading.source.workspace,
        actor=ACTOR,
        source=reading.source,
        run=run,
        page=page,
        list_file=list_file,
        refused=refused,
        now=now,
    )
    if page.file is not None:
        failpoint("feed.before_put_away")
        put_away(asked_settings(reading.source), page.file, refused)
    return accepted


def _inspected(page: FeedPage) -> tuple[ListFile | None, str]:
    if page.file is None:
        return None, ""
    try:
        return inspect(BytesIO(page.file.content)), ""
    except FileRefused as error:
        return None, str(error)
