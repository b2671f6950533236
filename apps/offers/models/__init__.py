"""Strategies, the offers made by them and the printed documents."""

from apps.offers.models.document import OfferDocument
from apps.offers.models.intent import LetterOfIntent
from apps.offers.models.offer import Offer
from apps.offers.models.strategy import Strategy
from apps.offers.models.structures import StructureTerms

__all__ = ["LetterOfIntent", "Offer", "OfferDocument", "Strategy", "StructureTerms"]
