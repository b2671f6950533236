"""Writes of the sending room: each one transaction and one fact."""

from apps.channels.actions.canceling import cancel_message, cancel_waiting
from apps.channels.actions.claiming import Claim, claim_message
from apps.channels.actions.configuring import (
    TemplateInvalid,
    save_sending_policy,
    save_template,
)
from apps.channels.actions.consenting import ConsentGiven, record_consent, record_consents
from apps.channels.actions.doubting import mark_unknown, park_message, requeue_message
from apps.channels.actions.queueing import queue_message
from apps.channels.actions.receiving import receive_message
from apps.channels.actions.recording import record_accepted, record_failure, record_retry
from apps.channels.actions.reporting import StatusReport, apply_status_callback
from apps.channels.actions.suppressing import record_suppression

__all__ = [
    "Claim",
    "ConsentGiven",
    "StatusReport",
    "TemplateInvalid",
    "apply_status_callback",
    "cancel_message",
    "cancel_waiting",
    "claim_message",
    "mark_unknown",
    "park_message",
    "queue_message",
    "receive_message",
    "record_accepted",
    "record_consent",
    "record_consents",
    "record_failure",
    "record_retry",
    "record_suppression",
    "requeue_message",
    "save_sending_policy",
    "save_template",
]
