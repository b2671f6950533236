"""For which deal somebody is taken over, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from apps.deals.actions import ADDABLE
from apps.deals.models import Deal, DealParty

_PARTS = [(part.value, part.label) for part in ADDABLE]


class CandidateForm(forms.Form):
    """`deals` are those of the person the look-up was for."""

    part = forms.ChoiceField(label="What they are to the owner", choices=_PARTS)
    deal_id = forms.ChoiceField(label="Deal")

    def __init__(self, *args: Any, deals: Sequence[Deal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deals = {str(deal.public_id): deal for deal in deals}
        choices = [(key, deal.property.address) for key, deal in self._deals.items()]
        self.fields["deal_id"].choices = choices  # type: ignore[attr-defined]
        self.fields["part"].initial = DealParty.Part.OTHER.value

    def deal(self) -> Deal:
        return self._deals[self.cleaned_data["deal_id"]]
