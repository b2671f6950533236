"""What lists can be narrowed by. Anything else in the query string is not looked at."""

from rest_framework import serializers

_STAGES = (
    "new",
    "qualified",
    "offered",
    "in_conversation",
    "under_contract",
    "closed",
    "dead",
)


class DealFilter(serializers.Serializer):
    stage = serializers.ChoiceField(choices=_STAGES, required=False)
    status = serializers.ChoiceField(choices=("open", "won", "lost"), required=False)
    verdict = serializers.ChoiceField(choices=("qualified", "review", "rejected"), required=False)
    min_score = serializers.IntegerField(min_value=0, max_value=100, required=False)


class ContactFilter(serializers.Serializer):
    search = serializers.CharField(
        max_length=100,
        required=False,
        help_text="Part of a name, a whole phone number in any writing, or the start of an e-mail.",
    )
    kind = serializers.ChoiceField(choices=("person", "company", "trust", "estate"), required=False)


class OfferFilter(serializers.Serializer):
    state = serializers.ChoiceField(
        choices=("ready", "accepted", "withdrawn", "expired"), required=False
    )
    deal = serializers.UUIDField(required=False, help_text="Offers for this deal.")


class EventFilter(serializers.Serializer):
    after = serializers.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        required=False,
        help_text="Facts numbered above this `seq`: where to go on after the last page.",
    )
    name = serializers.CharField(max_length=80, required=False)
    deal = serializers.UUIDField(required=False, help_text="Facts of this deal.")
    subject = serializers.UUIDField(required=False, help_text="Facts about this thing.")
