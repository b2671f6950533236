"""What a person does with one number."""

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from apps.common.clock import now
from apps.contacts.actions import answering, phones
from apps.contacts.forms import PhoneMarkForm, PhoneMoveForm
from apps.contacts.models import Phone
from apps.contacts.queries import get_phone
from apps.contacts.views import answer
from apps.workspaces.access import actor_of, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest


@require_POST
@seller_side_required
def mark_phone(request: HttpRequest, contact_id: UUID, phone_id: UUID) -> HttpResponse:
    """Verified parks the other numbers; "use again" brings a parked one back."""
    phone = _phone(request, contact_id, phone_id)
    form = PhoneMarkForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose one of the marks.", status=422)
    status = form.cleaned_data["status"]
    frame: dict[str, Any] = {
        "workspace": phone.workspace, "actor": actor_of(request), "phone": phone, "now": now(),
    }  # fmt: skip
    if status == Phone.Status.VERIFIED:
        phones.verify_phone(**frame)
        return answer(request, contact_id, "The number is verified; the others are parked.")
    if status == Phone.Status.UNVERIFIED:
        phones.unpark_phone(**frame)
        return answer(request, contact_id, "The number is in use again.")
    answering.mark_phone(**frame, status=status, reason="by hand")
    return answer(request, contact_id, "The number is marked.")


@require_POST
@seller_side_required
def move_phone(request: HttpRequest, contact_id: UUID, phone_id: UUID) -> HttpResponse:
    phone = _phone(request, contact_id, phone_id)
    form = PhoneMoveForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Move the number up or down.", status=422)
    phones.move_phone(
        workspace=phone.workspace,
        actor=actor_of(request),
        phone=phone,
        is_up=form.cleaned_data["direction"] == "up",
        now=now(),
    )
    return answer(request, contact_id, "The order is changed.")


def _phone(request: HttpRequest, contact_id: UUID, phone_id: UUID) -> Phone:
    workspace = cast(WorkspaceRequest, request).workspace
    try:
        return get_phone(workspace, contact_id, phone_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
