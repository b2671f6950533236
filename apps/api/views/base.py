"""What every endpoint shares: its workspace, its actor, its filters."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.views import APIView

from apps.events.actions import Actor


class Scoped:
    """`scopes`: method -> the scopes of which the key needs one. A missing method is refused."""

    scopes: dict[str, tuple[str, ...]] = {}
    request: Any

    @property
    def workspace(self) -> Any:
        return self.request.auth.workspace

    @property
    def actor(self) -> Actor:
        return Actor.api_key(self.request.auth)

    def one(self, what: str, getter: Any, public_id: UUID) -> Any:
        """What the query gives for this id, or 404: also for another workspace's id."""
        try:
            return getter(self.workspace, public_id)
        except ObjectDoesNotExist as error:
            raise NotFound(f"There is no {what} {public_id}.") from error


class Endpoint(Scoped, APIView):
    pass


class ListEndpoint(Scoped, generics.ListAPIView):
    """A list by cursor pages. `filter_class` names and checks what it can be narrowed by."""

    filter_class: type[serializers.Serializer] | None = None

    def filters(self) -> dict[str, Any]:
        if self.filter_class is None:
            return {}
        wanted = self.filter_class(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        return dict(wanted.validated_data)
