"""What partners send, what they get back for it, and what a refusal looks like."""

from rest_framework import serializers


class OfferRequestSerializer(serializers.Serializer):
    deal = serializers.UUIDField()
    strategy = serializers.SlugField(max_length=40, help_text="The strategy's key, like `cash`.")
    seller = serializers.UUIDField(
        required=False, help_text="A party of the deal; left out: the deal's own seller."
    )


class JobSerializer(serializers.Serializer):
    """Printing one offer. Ask again while `state` is queued or rendering."""

    id = serializers.UUIDField(source="public_id")
    offer = serializers.UUIDField(source="offer.public_id")
    state = serializers.ChoiceField(choices=("queued", "rendering", "done", "failed"))
    attempts = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the PDF; empty until it stands.")
    byte_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    rendered_at = serializers.DateTimeField(allow_null=True)


class EnrollmentRequestSerializer(serializers.Serializer):
    deal = serializers.UUIDField()
    contact = serializers.UUIDField(
        required=False, help_text="A party of the deal; left out: the deal's own seller."
    )


class EnrollmentSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    sequence = serializers.UUIDField(source="sequence.public_id")
    deal = serializers.UUIDField(source="deal.public_id")
    contact = serializers.UUIDField(source="contact.public_id")
    state = serializers.CharField()
    next_position = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField()


class ProblemSerializer(serializers.Serializer):
    """Every refusal."""

    type = serializers.CharField(help_text="A stable word for programs.")
    title = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence for people.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
