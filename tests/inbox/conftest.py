"""Sellers who write back: the people and deals of the follow-up tests."""

from __future__ import annotations

import pytest

from tests.sequences.conftest import (  # noqa: F401 - fixtures are found by name
    deal,
    enroll,
    hours,
    make_deal,
    reply,
    sent,
    sequence,
    tick,
)


@pytest.fixture
def conversation_of(workspace):
    def find(deal):  # noqa: F811
        from apps.inbox.queries import find_conversation

        return find_conversation(workspace, deal.seller.public_id)

    return find


@pytest.fixture
def written(deal, enroll, tick, reply, conversation_of, now, hours):  # noqa: F811
    """A conversation: we texted, the seller answered an hour later."""
    enroll(deal)
    tick(now)
    reply(deal, "What is your price?", now + hours(1))
    tick(now + hours(1))
    return conversation_of(deal)
