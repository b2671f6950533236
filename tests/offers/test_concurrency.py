"""Fifty at once, on both databases: one offer, one file, one signature."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from apps.events.queries import list_facts
from apps.offers import actions
from apps.offers.actions.answering import Signature
from apps.offers.models import Offer, OfferDocument
from apps.offers.printing import print_next
from apps.offers.queries import current_document

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 50
THREADS = 10


def at_once(work: Callable[[int], Any]) -> list[str]:
    """Run `work` CROWD times over THREADS threads that start together; the names of the ends."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> str:
        if number < THREADS:
            gate.wait()
        try:
            work(number)
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(CROWD)))


def test_fifty_requests_make_one_offer_and_one_file(workspace, deal, strategy, system, now):
    ends = at_once(
        lambda _: actions.make_offer(
            workspace=workspace, actor=system, deal=deal, seller=None, strategy=strategy, now=now
        )
    )
    assert Counter(ends) == {"done": CROWD}
    offer = Offer.objects.in_workspace(workspace).get()
    assert OfferDocument.objects.in_workspace(workspace).count() == 1
    assert len(list_facts(workspace.pk, subject=offer.public_id)) == 1
    assert offer.history.count() == 1


def test_many_printers_print_one_file(workspace, offer, now):
    ends = at_once(lambda _: print_next(clock=lambda: now))
    assert Counter(ends) == {"done": CROWD}
    document = current_document(offer)
    assert (document.state, document.attempts) == ("done", 1)
    assert len(list_facts(workspace.pk, subject=offer.public_id)) == 2


def test_fifty_signatures_have_one_winner(workspace, offer, printed, system, now):
    def accept(number: int) -> None:
        signature = Signature(
            typed_name=f"Signer {number}",
            consent_version="2026-11",
            consent_text="I accept.",
            document_sha256=printed.sha256,
            ip="203.0.113.9",
            user_agent="Phone",
        )
        actions.accept_offer(
            workspace=workspace, actor=system, offer=offer, signature=signature, now=now
        )

    assert Counter(at_once(accept)) == {"done": 1, "OfferAlreadyAccepted": CROWD - 1}
    names = [fact.name for fact in list_facts(workspace.pk, subject=offer.public_id)]
    assert names.count("offers.offer_accepted.v1") == 1


def test_signing_and_withdrawing_at_once_end_in_one_of_the_two(
    workspace, offer, printed, system, now
):
    signature = Signature(
        typed_name="Signer",
        consent_version="2026-11",
        consent_text="I accept.",
        document_sha256=printed.sha256,
        ip="",
        user_agent="",
    )
    common = {"workspace": workspace, "actor": system, "offer": offer, "now": now}

    def either(number: int) -> None:
        if number % 2:
            actions.withdraw_offer(reason="race", **common)
        else:
            actions.accept_offer(signature=signature, **common)

    at_once(either)
    names = [fact.name for fact in list_facts(workspace.pk, subject=offer.public_id)]
    ends = [n for n in names if n in {"offers.offer_accepted.v1", "offers.offer_withdrawn.v1"}]
    assert len(ends) == 1
    state = Offer.objects.in_workspace(workspace).get().state
    assert ends[0] == f"offers.offer_{state}.v1"
