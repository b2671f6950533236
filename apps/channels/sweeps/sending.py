"""From due row to provider and back: claim, call, record. The call stands in no transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q

from apps.channels import places
from apps.channels.actions import (
    Claim,
    claim_message,
    mark_unknown,
    park_message,
    record_accepted,
    record_failure,
    record_retry,
)
from apps.channels.models import Message
from apps.channels.providers.base import Accepted, Outcome, Rejected
from apps.channels.providers.registry import open_provider
from apps.channels.types import MessageState
from apps.common.failpoints import failpoint
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from apps.workspaces.queries import get_workspace_by_id

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
ACTOR = Actor.system("channels.sending")
PAGE = 200
# A worker that wakes up with less of its lease left than a call may take does not call.
CALL_TIME = timedelta(seconds=20)


def send_due(*, clock: Clock, limit: int = 1000) -> int:
    """Take up to `limit` due messages one by one; returns how many were looked at.

    Any number of workers may run this at once. One bad message never holds up the others.
    """
    places.load()
    count = 0
    for message_pk, workspace_id in _due(clock(), limit):
        count += 1
        try:
            send_one(get_workspace_by_id(workspace_id), message_pk, clock)
        except DatabaseError:
            log.warning("message %s waits for the database", message_pk, exc_info=True)
        except Exception as error:
            log.exception("message %s cannot be taken up", message_pk)
            _park(workspace_id, message_pk, error, clock())
    return count


def send_one(workspace: Workspace, message_pk: int, clock: Clock) -> None:
    """Claim, call and record one message; a crash at any line is settled by reconciliation."""
    claim = claim_message(workspace=workspace, actor=ACTOR, message_pk=message_pk, now=clock())
    if claim is None:
        return
    failpoint("send.after_claim")
    outcome, doubt = _call(claim, clock)
    if outcome is None and not doubt:
        return
    failpoint("send.after_call")
    _record(workspace, claim, outcome, doubt, clock())
    failpoint("send.after_record")


def _call(claim: Claim, clock: Clock) -> tuple[Outcome | None, str]:
    """The provider's answer, or why it is unknown; neither when the lease was too short to call."""
    provider = open_provider(claim.connection)
    if clock() > claim.lease_until - CALL_TIME:
        return None, ""
    failpoint("send.before_call")
    try:
        return provider.send(claim.outbound), ""
    except Exception as error:  # whatever is raised, the provider may have the message
        log.warning("message %s is in doubt", claim.message_pk, exc_info=True)
        return None, f"{type(error).__name__} while sending"


def _record(
    workspace: Workspace, claim: Claim, outcome: Outcome | None, doubt: str, now: datetime
) -> None:
    pk, attempt = claim.message_pk, claim.attempt
    if outcome is None:
        mark_unknown(
            workspace=workspace, actor=ACTOR, message_pk=pk, attempt=attempt, reason=doubt, now=now
        )
    elif isinstance(outcome, Accepted):
        record_accepted(
            workspace=workspace,
            actor=ACTOR,
            message_pk=pk,
            provider=claim.connection.provider,
            sid=outcome.sid,
            now=now,
        )
    elif isinstance(outcome, Rejected):
        record_failure(
            workspace=workspace,
            actor=ACTOR,
            message_pk=pk,
            attempt=attempt,
            code=outcome.code,
            text=outcome.text,
            suppresses=outcome.suppresses,
            now=now,
        )
    else:
        record_retry(
            workspace=workspace,
            actor=ACTOR,
            message_pk=pk,
            attempt=attempt,
            after=outcome.after,
            reason=outcome.text,
            now=now,
        )


def _due(now: datetime, limit: int) -> Iterator[tuple[int, int]]:
    """Due messages of all workspaces, oldest first, each once per sweep."""
    due = Message.across_workspaces.filter(state=MessageState.QUEUED, due_at__lte=now)
    after: tuple[datetime, int] | None = None
    while limit > 0:
        rows = due
        if after is not None:
            rows = due.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], pk__gt=after[1]))
        page = list(
            rows.order_by("due_at", "pk").values_list("due_at", "pk", "workspace_id")[
                : min(PAGE, limit)
            ]
        )
        if not page:
            return
        yield from ((pk, workspace_id) for _, pk, workspace_id in page)
        after = (page[-1][0], page[-1][1])
        limit -= len(page)


def _park(workspace_id: int, message_pk: int, error: Exception, now: datetime) -> None:
    park_message(
        workspace=get_workspace_by_id(workspace_id),
        actor=ACTOR,
        message_pk=message_pk,
        reason=f"{type(error).__name__}: {error}"[:300],
        now=now,
    )
