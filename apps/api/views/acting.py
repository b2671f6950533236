"""Making offers and enrolling sellers: the same actions as the pages, the same facts."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from apps.api.errors import Unprocessable
from apps.api.filters import OfferFilter
from apps.api.idempotency import HEADER, answer_once
from apps.api.serializers import (
    EnrollmentRequestSerializer,
    EnrollmentSerializer,
    JobSerializer,
    OfferRequestSerializer,
    OfferSerializer,
    ProblemSerializer,
    SequenceSerializer,
)
from apps.api.views.base import Endpoint, ListEndpoint
from apps.api.views.reading import narrowed_offers
from apps.common.clock import now
from apps.deals.queries import get_deal
from apps.deals.queries.browse import find_party
from apps.offers.actions.making import make_offer
from apps.offers.errors import OfferRefused
from apps.offers.queries import current_document, get_job, get_strategy
from apps.sequences.actions.enrolling import CannotEnroll, enroll_contact
from apps.sequences.queries import get_sequence
from apps.sequences.queries.browse import browse_sequences

_ONCE = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Any text of your choice: the same request with it is carried out once.",
)
_REFUSED = OpenApiResponse(ProblemSerializer, description="Refused, with the reason.")
_ASK_AGAIN_SECONDS = "2"


class OfferList(ListEndpoint):
    scopes = {"GET": ("offers:read",), "POST": ("offers:write",)}
    serializer_class = OfferSerializer
    filter_class = OfferFilter

    def get_queryset(self) -> Any:
        return narrowed_offers(self.workspace, self.filters())

    @extend_schema(parameters=[OfferFilter], tags=["Offers"])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Offers, newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=OfferRequestSerializer,
        responses={202: JobSerializer, 404: _REFUSED, 422: _REFUSED},
        parameters=[_ONCE],
        tags=["Offers"],
    )
    def post(self, request: Any) -> Response:
        """Make an offer.

        A deal gets one offer per seller and strategy; asking again gives the same one. The answer
        is the job that prints it: poll it at `Location`.
        """
        return answer_once(request, self._make)

    def _make(self) -> Response:
        wanted = _checked(OfferRequestSerializer, self.request.data)
        deal = self.one("deal", get_deal, wanted["deal"])
        try:
            strategy = self.one("strategy", get_strategy, wanted["strategy"])
        except NotFound as error:
            raise ValidationError({"strategy": [str(error.detail)]}) from error
        try:
            offer = make_offer(
                workspace=self.workspace,
                actor=self.actor,
                deal=deal,
                seller=_party(self.workspace, deal, wanted.get("seller")),
                strategy=strategy,
                now=now(),
            )
        except OfferRefused as error:
            raise Unprocessable(str(error)) from error
        job = current_document(offer)
        location = reverse("api:job_detail", args=[job.public_id])
        body = JobSerializer(job).data
        return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": location})


class JobDetail(Endpoint):
    # Whoever may make an offer may see it through.
    scopes = {"GET": ("offers:read", "offers:write")}

    @extend_schema(responses=JobSerializer, tags=["Offers"])
    def get(self, request: Any, job_id: UUID) -> Response:
        """One job. While it runs, `Retry-After` says when to ask again."""
        job = self.one("job", get_job, job_id)
        response = Response(JobSerializer(job).data)
        if job.is_open:
            response["Retry-After"] = _ASK_AGAIN_SECONDS
        return response


@extend_schema(tags=["Sequences"])
class SequenceList(ListEndpoint):
    """Follow-up sequences with their steps, newest first."""

    scopes = {"GET": ("sequences:read",)}
    serializer_class = SequenceSerializer

    def get_queryset(self) -> Any:
        return browse_sequences(self.workspace)


class EnrollmentList(Endpoint):
    scopes = {"POST": ("sequences:write",)}

    @extend_schema(
        request=EnrollmentRequestSerializer,
        responses={
            200: OpenApiResponse(EnrollmentSerializer, description="Enrolled before."),
            201: EnrollmentSerializer,
            404: _REFUSED,
            422: _REFUSED,
        },
        parameters=[_ONCE],
        tags=["Sequences"],
    )
    def post(self, request: Any, sequence_id: UUID) -> Response:
        """Enroll a seller in a sequence.

        While the seller is in it already, the answer is that enrollment with status 200.
        """
        return answer_once(request, lambda: self._enroll(sequence_id))

    def _enroll(self, sequence_id: UUID) -> Response:
        sequence = self.one("sequence", get_sequence, sequence_id)
        wanted = _checked(EnrollmentRequestSerializer, self.request.data)
        deal = self.one("deal", get_deal, wanted["deal"])
        contact = _party(self.workspace, deal, wanted.get("contact")) or deal.seller
        if contact is None:
            raise Unprocessable("This deal has no seller yet; name a contact.")
        moment = now()
        try:
            enrollment = enroll_contact(
                workspace=self.workspace,
                actor=self.actor,
                sequence=sequence,
                deal=deal,
                contact=contact,
                now=moment,
            )
        except CannotEnroll as error:
            raise Unprocessable(str(error)) from error
        is_new = enrollment.started_at == moment
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(EnrollmentSerializer(enrollment).data, status=code)


def _checked(kind: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    wanted = kind(data=data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)


def _party(workspace: Any, deal: Any, contact_id: UUID | None) -> Any:
    """The named party of the deal; None when nobody is named. Raises NotFound for a stranger."""
    if contact_id is None:
        return None
    contact = find_party(workspace, deal, contact_id)
    if contact is None:
        raise NotFound(f"{contact_id} is no party of this deal.")
    return contact
