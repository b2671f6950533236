"""What partners get to see: every field is named here, nothing comes along by itself.

Amounts are decimal dollars as text; `_pct` are fractions of one; times are UTC.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class AddressSerializer(serializers.Serializer):
    line = serializers.CharField()
    unit = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    zip = serializers.CharField()
    county = serializers.CharField()
    apn = serializers.CharField()


class ScoreSerializer(serializers.Serializer):
    score = serializers.IntegerField()
    verdict = serializers.CharField()
    coverage = serializers.IntegerField(
        help_text="Percent of the rules' weight that could be answered."
    )
    rule_set_version = serializers.IntegerField(
        help_text="The published version that last moved this score; later ones confirmed it."
    )


class NumbersSerializer(serializers.Serializer):
    """What the rules read. Null is unknown, never zero."""

    est_value_amount = serializers.FloatField(source="est_value", allow_null=True)
    arv_amount = serializers.FloatField(source="arv", allow_null=True)
    is_arv_estimate = serializers.BooleanField()
    repairs_amount = serializers.FloatField(source="repairs", allow_null=True)
    is_repairs_estimate = serializers.BooleanField()
    equity_pct = serializers.FloatField(allow_null=True)
    is_absentee = serializers.BooleanField(allow_null=True)
    is_free_and_clear = serializers.BooleanField(allow_null=True)
    ownership_years = serializers.IntegerField(allow_null=True)
    days_on_market = serializers.IntegerField(allow_null=True)


class DealSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    address = AddressSerializer(source="property")
    stage = serializers.CharField(source="stage.kind")
    status = serializers.CharField()
    seller = serializers.UUIDField(source="seller.public_id", allow_null=True, default=None)
    score = serializers.SerializerMethodField()
    numbers = serializers.SerializerMethodField()
    source = serializers.CharField()  # type: ignore[assignment]
    stage_entered_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_score(self, deal: Any) -> Any:
        score = getattr(deal, "score", None)
        return ScoreSerializer(score).data if score else None

    @extend_schema_field(NumbersSerializer(allow_null=True))
    def get_numbers(self, deal: Any) -> Any:
        numbers = getattr(deal, "metrics", None)
        return NumbersSerializer(numbers).data if numbers else None


class PhoneSerializer(serializers.Serializer):
    number = serializers.CharField(source="e164")
    line_type = serializers.CharField()
    status = serializers.CharField()
    is_dnc = serializers.BooleanField(help_text="On the do-not-call registry.")
    dnc_checked_on = serializers.DateField(allow_null=True)


class EmailSerializer(serializers.Serializer):
    address = serializers.CharField()
    status = serializers.CharField()


class ContactSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.CharField()
    name = serializers.CharField()
    mailing_line = serializers.CharField()
    mailing_unit = serializers.CharField()
    mailing_city = serializers.CharField()
    mailing_state = serializers.CharField()
    mailing_zip = serializers.CharField()
    is_do_not_mail = serializers.BooleanField()
    is_litigator = serializers.BooleanField()
    is_deceased = serializers.BooleanField()
    phones = PhoneSerializer(many=True)
    emails = EmailSerializer(many=True)
    checked_at = serializers.DateTimeField(allow_null=True)
    last_responded_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class OfferSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    reference = serializers.CharField()
    deal = serializers.UUIDField(source="deal.public_id")
    seller = serializers.UUIDField(source="seller.public_id")
    strategy = serializers.CharField(source="strategy.key")
    state = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    formula = serializers.CharField()
    formula_version = serializers.IntegerField()
    emd_amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    inspection_days = serializers.IntegerField()
    closing_days = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    viewed_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class EventSerializer(serializers.Serializer):
    """One fact of the log. `seq` numbers the sealed facts of the workspace without gaps."""

    seq = serializers.IntegerField()
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    subject_kind = serializers.CharField()
    subject = serializers.UUIDField()
    deal = serializers.UUIDField(allow_null=True)
    actor_kind = serializers.CharField()
    actor_label = serializers.CharField()
    cause = serializers.UUIDField(allow_null=True)
    payload = serializers.DictField()
    occurred_at = serializers.DateTimeField()


class StepSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    channel = serializers.CharField()
    offset_minutes = serializers.IntegerField(help_text="From the start of the follow-up.")
    archives_after = serializers.BooleanField()


class SequenceSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    key = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    is_active = serializers.BooleanField()
    steps = StepSerializer(many=True)
