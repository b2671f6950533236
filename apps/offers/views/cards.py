"""An offer as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.offers.letters import public_link
from apps.offers.models import Offer, OfferDocument
from apps.offers.strategies.cash import dollars_text
from apps.offers.types import OfferState
from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class Step:
    """A line of the derivation, ready to print."""

    label: str
    expression: str
    amount: str
    note: str


@dataclass(frozen=True)
class OfferCard:
    """`link` is empty when the offer is over: then it opens nothing."""

    offer: Offer
    document: OfferDocument
    workspace: Workspace
    link: str
    steps: list[Step]

    @property
    def is_open(self) -> bool:
        return self.offer.state == OfferState.READY


def card_of(offer: Offer, document: OfferDocument, workspace: Workspace) -> OfferCard:
    is_alive = offer.state in {OfferState.READY, OfferState.ACCEPTED}
    link = public_link(offer) if is_alive else ""
    return OfferCard(offer, document, workspace, link, _steps(offer))


def _steps(offer: Offer) -> list[Step]:
    return [
        Step(
            line["label"],
            line["expression"],
            dollars_text(Decimal(line["amount"])),
            _note(offer, line["label"]),
        )
        for line in offer.derivation
    ]


def _note(offer: Offer, label: str) -> str:
    """Where an input came from; every other line follows from those above it."""
    if label == "Repairs":
        return _origin(offer.inputs["repairs"])
    if label.startswith("After-repair"):
        return _origin(offer.inputs["arv"])
    if label in {"Assignment fee", "Closing costs", "Holding costs"}:
        return f"{offer.strategy.name}, version {offer.strategy_version}"
    return ""


def _origin(given: dict[str, object]) -> str:
    source = str(given["source"])
    if given["is_estimate"] and "estimate" not in source:
        return f"{source} (estimate)"
    return source
