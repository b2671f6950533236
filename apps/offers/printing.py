"""The worker's side of the printing job: claim, print outside any transaction, record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from apps.common.failpoints import failpoint
from apps.events.actions import Actor, assert_no_action
from apps.offers.actions import (
    record_document,
    record_intent,
    record_intent_failure,
    record_render_failure,
)
from apps.offers.actions.printing import Printed
from apps.offers.due import claim_document, claim_intent
from apps.offers.letters import public_link, restore
from apps.offers.models import OfferDocument
from apps.offers.pdf.document import content_key, template_version
from apps.offers.pdf.intent import intent_html, restore_intent
from apps.offers.pdf.markup import to_html
from apps.offers.pdf.render import DocumentRefused, RendererFailed, renderer
from apps.offers.rules import MAX_ATTEMPTS

log = logging.getLogger(__name__)
_ACTOR = Actor.system("offers.printing")


def print_next(*, clock: Callable[[], datetime]) -> bool:
    """Print one waiting document; False when none waits. Safe to kill at any line."""
    document = claim_document(now=clock())
    if document is None:
        return False
    failpoint("offers.after_claim")
    if document.attempts > MAX_ATTEMPTS:
        _fail(document, "The renderer was ended five times while printing this.", True, clock)
        return True
    try:
        printed = print_document(document)
    except DocumentRefused as refusal:
        _fail(document, str(refusal), True, clock)
    except RendererFailed as failure:
        log.warning("document not printed", extra={"document": str(document.public_id)})
        _fail(document, str(failure), False, clock)
    else:
        failpoint("offers.after_render")
        record_document(
            workspace=document.workspace,
            actor=_ACTOR,
            document=document,
            printed=printed,
            now=clock(),
        )
    return True


def print_document(document: OfferDocument) -> Printed:
    """The bytes of a document, the same at every call. Raises DocumentRefused, RendererFailed."""
    assert_no_action()
    letter = restore(document.letter, link=public_link(document.offer))
    pdf = renderer.render(to_html(letter), prepared_at=letter.prepared_at)
    return Printed(pdf, sha256(pdf).hexdigest(), content_key(letter), template_version())


def print_next_intent(*, clock: Callable[[], datetime]) -> bool:
    """Print one waiting letter of intent; False when none waits. Safe to kill at any line."""
    intent = claim_intent(now=clock())
    if intent is None:
        return False
    who: dict[str, Any] = {"workspace": intent.workspace, "actor": _ACTOR, "intent": intent}
    if intent.attempts > MAX_ATTEMPTS:
        error = "The renderer was ended five times while printing this."
        record_intent_failure(**who, error=error, is_final=True, now=clock())
        return True
    letter = restore_intent(intent.letter)
    try:
        pdf = renderer.render(intent_html(letter), prepared_at=letter.prepared_at)
    except (DocumentRefused, RendererFailed) as error:
        is_final = isinstance(error, DocumentRefused)
        record_intent_failure(**who, error=str(error), is_final=is_final, now=clock())
    else:
        failpoint("offers.after_intent_render")
        record_intent(**who, pdf=pdf, now=clock())
    return True


def _fail(
    document: OfferDocument, error: str, is_final: bool, clock: Callable[[], datetime]
) -> None:
    record_render_failure(
        workspace=document.workspace,
        actor=_ACTOR,
        document=document,
        error=error,
        is_final=is_final,
        now=clock(),
    )
