"""The one message that may follow an opt-out."""

from typing import Any

from apps.channels.models import Suppression
from apps.channels.types import Channel, Intent, SuppressionKind
from apps.events.catalog.channels import MessageReceived

# No marketing in it: 47 CFR 64.1200(a)(12).
CONFIRMATION = "{sender}: you are opted out and will get no more messages. Reply START to undo."


def opt_out_to_confirm(workspace: Any, fact: MessageReceived) -> Suppression | None:
    """The refusal this very message made, if it came by text; a repeated STOP makes none."""
    if fact.intent != Intent.STOP or fact.channel != Channel.SMS:
        return None
    rows = Suppression.objects.in_workspace(workspace).filter(
        kind=SuppressionKind.OPT_OUT, inbound_ref=fact.subject, address=fact.from_address
    )
    refusal: Suppression | None = rows.first()
    return refusal
