"""Texts and limits, as an admin saves them."""

from __future__ import annotations

from datetime import datetime

from apps.channels.models import MessageTemplate, SendingPolicy
from apps.channels.rules import content, merge
from apps.channels.types import Channel
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import MessageTemplateSaved, SendingPolicySaved
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class TemplateInvalid(ValueError):
    """A text that could not be sent may not be saved; the message says why."""


def check_template(channel: str, subject: str, body: str) -> None:
    """Raises TemplateInvalid for an unknown field, an empty or an oversized text."""
    try:
        merge.fields_in(subject)
        merge.fields_in(body)
    except merge.TemplateRefused as refusal:
        raise TemplateInvalid(str(refusal)) from refusal
    problem = content.length_problem(Channel(channel), body)
    if problem:
        raise TemplateInvalid(problem)
    if channel == Channel.EMAIL and not subject.strip():
        raise TemplateInvalid("An e-mail needs a subject.")


@action
def save_template(
    *,
    workspace: Workspace,
    actor: Actor,
    key: str,
    name: str,
    channel: str,
    subject: str,
    body: str,
    now: datetime,
) -> MessageTemplate:
    """Make or change the text with this key; a change raises its version.

    Raises TemplateInvalid.
    """
    check_template(channel, subject, body)
    values = {"name": name, "channel": channel, "subject": subject, "body": body}
    rows = MessageTemplate.objects.in_workspace(workspace).select_for_update(no_key=True)
    template: MessageTemplate | None = rows.filter(key=key).first()
    if template is None:
        template = MessageTemplate(workspace=workspace, key=key, version=0)
    elif all(getattr(template, field) == value for field, value in values.items()):
        unchanged("the text is the same")
        return template
    for field, value in values.items():
        setattr(template, field, value)
    template.version += 1
    template.save()
    publish(
        MessageTemplateSaved(
            subject=template.public_id, key=key, channel=channel, version=template.version
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return template


@action
def save_sending_policy(
    *, workspace: Workspace, actor: Actor, policy: SendingPolicy, now: datetime
) -> SendingPolicy:
    """Store the workspace's own limits."""
    policy.workspace = workspace
    policy.save()
    publish(
        SendingPolicySaved(
            subject=policy.public_id,
            opens_at=policy.opens_at.isoformat("minutes"),
            closes_at=policy.closes_at.isoformat("minutes"),
            is_sunday_closed=policy.is_sunday_closed,
            max_per_day=policy.max_per_day,
            is_cold_sms_acknowledged=policy.is_cold_sms_acknowledged,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return policy
