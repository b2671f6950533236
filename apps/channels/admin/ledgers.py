"""Refusals and consents: added by hand where need be, never changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.channels.actions import ConsentGiven, record_consent, record_suppression
from apps.channels.models import Consent, Suppression
from apps.channels.models import choices as labels
from apps.channels.types import Channel, ConsentBasis
from apps.common.clock import now
from apps.workspaces.access import actor_of
from apps.workspaces.admin_scope import WorkspaceAdmin


class _AddOnlyAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    """A ledger: rows are added through actions and then stand."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SuppressionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Suppression
        fields = ["kind", "contact_ref", "address", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("contact_ref") and not cleaned.get("address"):
            raise forms.ValidationError("Name a contact, an address, or both.")
        return cleaned


@admin.register(Suppression)
class SuppressionAdmin(_AddOnlyAdmin):
    form = SuppressionForm
    list_display = ["kind", "address", "contact_ref", "suppressed_at", "lifted_at"]
    list_filter = ["kind"]
    search_fields = ["address", "contact_ref"]
    date_hierarchy = "suppressed_at"

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:
        saved = record_suppression(
            workspace=request.workspace,  # type: ignore[attr-defined]
            actor=actor_of(request),
            kind=obj.kind,
            contact_ref=obj.contact_ref,
            address=obj.address,
            reason=obj.reason,
            now=now(),
        )
        obj.pk, obj.address = saved.pk, saved.address


class ConsentForm(forms.ModelForm):  # type: ignore[type-arg]
    channels = forms.MultipleChoiceField(choices=labels.Channel.choices)

    class Meta:
        model = Consent
        fields = [
            "contact_ref", "address", "basis", "channels", "seller_name", "text_shown",
            "source_url", "source_hash", "ip_address", "certificate", "user_agent", "given_at",
        ]  # fmt: skip

    def clean_basis(self) -> str:
        basis: str = self.cleaned_data["basis"]
        if basis == ConsentBasis.START_WORD:
            raise forms.ValidationError("Only the seller's own message can do that.")
        return basis


@admin.register(Consent)
class ConsentAdmin(_AddOnlyAdmin):
    form = ConsentForm
    list_display = ["contact_ref", "basis", "channels", "address", "given_at", "recorded_by"]
    list_filter = ["basis"]
    search_fields = ["contact_ref", "address"]

    def save_model(self, request: HttpRequest, obj: Consent, form: Any, change: bool) -> None:
        given = ConsentGiven(
            basis=ConsentBasis(obj.basis),
            channels=[Channel(value) for value in form.cleaned_data["channels"]],
            given_at=obj.given_at,
            address=obj.address,
            seller_name=obj.seller_name,
            text_shown=obj.text_shown,
            source_url=obj.source_url,
            source_hash=obj.source_hash,
            ip_address=obj.ip_address,
            certificate=obj.certificate,
            user_agent=obj.user_agent,
        )
        saved = record_consent(
            workspace=request.workspace,  # type: ignore[attr-defined]
            actor=actor_of(request),
            contact_ref=obj.contact_ref,
            given=given,
            now=now(),
        )
        obj.pk = saved.pk
