"""What can be done with offers."""

from apps.offers.actions.answering import accept_offer, expire_offer, record_view, withdraw_offer
from apps.offers.actions.intents import record_intent, record_intent_failure, write_intent
from apps.offers.actions.making import make_offer
from apps.offers.actions.printing import (
    record_document,
    record_render_failure,
)
from apps.offers.actions.strategies import install_strategies, save_strategy
from apps.offers.actions.structures import install_structures, save_structure

__all__ = [
    "accept_offer",
    "expire_offer",
    "install_strategies",
    "install_structures",
    "make_offer",
    "record_document",
    "record_intent",
    "record_intent_failure",
    "record_render_failure",
    "record_view",
    "save_strategy",
    "save_structure",
    "withdraw_offer",
    "write_intent",
]
