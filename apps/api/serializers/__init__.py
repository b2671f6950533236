"""What goes over the wire."""

from apps.api.serializers.acting import (
    EnrollmentRequestSerializer,
    EnrollmentSerializer,
    JobSerializer,
    OfferRequestSerializer,
    ProblemSerializer,
)
from apps.api.serializers.reading import (
    AddressSerializer,
    ContactSerializer,
    DealSerializer,
    EmailSerializer,
    EventSerializer,
    NumbersSerializer,
    OfferSerializer,
    PhoneSerializer,
    ScoreSerializer,
    SequenceSerializer,
    StepSerializer,
)

__all__ = [
    "AddressSerializer",
    "ContactSerializer",
    "DealSerializer",
    "EmailSerializer",
    "EnrollmentRequestSerializer",
    "EnrollmentSerializer",
    "EventSerializer",
    "JobSerializer",
    "NumbersSerializer",
    "OfferRequestSerializer",
    "OfferSerializer",
    "PhoneSerializer",
    "ProblemSerializer",
    "ScoreSerializer",
    "SequenceSerializer",
    "StepSerializer",
]
