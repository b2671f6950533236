"""What people type about offers."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from apps.deals.models import Deal
from apps.offers.models import Strategy


class MakeOfferForm(forms.Form):
    """Choices are the deal's own parties and the workspace's active strategies, nothing else."""

    strategy = forms.ChoiceField()
    seller = forms.ChoiceField()

    def __init__(self, *args: Any, deal: Deal, strategies: list[Strategy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strategies = {strategy.key: strategy for strategy in strategies}
        parties = deal.parties.select_related("contact").order_by("rank", "id")
        self.sellers = {str(party.contact.public_id): party.contact for party in parties}
        if deal.seller is not None:
            self.sellers = {str(deal.seller.public_id): deal.seller, **self.sellers}
        self.choices("strategy", [(key, row.name) for key, row in self.strategies.items()])
        self.choices("seller", [(key, row.name) for key, row in self.sellers.items()])

    def choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


class AcceptForm(forms.Form):
    """The seller's signature."""

    typed_name = forms.CharField(
        label="Your full name",
        min_length=2,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your name to sign."},
    )
    consent = forms.BooleanField(
        error_messages={"required": "Tick the box if you agree; without it nothing is signed."}
    )
    document_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, consent_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = consent_text
