"""Strategies are edited here; offers and documents can only be looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from apps.common.clock import now
from apps.events.actions import Actor
from apps.offers.actions import save_strategy, save_structure
from apps.offers.models import (
    LetterOfIntent,
    Offer,
    OfferDocument,
    Strategy,
    StructureTerms,
)
from apps.offers.strategies.cash import dollars_text, quote
from apps.offers.structure_forms import StructureForm
from apps.workspaces.admin_scope import WorkspaceAdmin, WorkspaceReadOnlyAdmin
from apps.workspaces.models import Workspace

EXAMPLE_ARV = Decimal(250_000)
EXAMPLE_REPAIRS = Decimal(40_000)


class StrategyForm(ModelForm):
    """The key must be free in the workspace the row will land in."""

    workspace: Workspace | None = None

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if self.workspace is None:
            raise ValidationError("You belong to no workspace; a strategy needs one.")
        if Strategy.objects.in_workspace(self.workspace).filter(key=key).exists():
            raise ValidationError("Another strategy of this workspace has this key.")
        return key


@admin.register(Strategy)
class StrategyAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    list_display = ["name", "key", "formula", "version", "is_active", "example"]
    form = StrategyForm
    readonly_fields = ["version", "example"]
    fieldsets = [
        (None, {"fields": ["name", "key", "is_active", "version", "example"]}),
        (
            "Price",
            {
                "fields": [
                    "formula",
                    "arv_pct",
                    "profit_pct",
                    "fee_amount",
                    "closing_amount",
                    "holding_amount",
                ]
            },
        ),
        ("Terms", {"fields": ["emd_amount", "inspection_days", "closing_days", "valid_days"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Strategy | None = None) -> list[str]:
        # Facts and the API name a strategy by its key: it is chosen once.
        return [*self.readonly_fields, "key"] if obj else [*self.readonly_fields]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type[StrategyForm]:
        form = super().get_form(request, obj, **kwargs)
        form.workspace = getattr(request, "workspace", None)
        return form

    @admin.display(description="For a house of $250,000 that needs $40,000")
    def example(self, strategy: Strategy) -> str:
        answer = quote(strategy.terms(), arv_amount=EXAMPLE_ARV, repairs_amount=EXAMPLE_REPAIRS)
        if answer.amount is None:
            return answer.reason
        return f"{dollars_text(answer.amount)} = {answer.lines[-1].expression}"

    def save_model(
        self, request: HttpRequest, obj: Strategy, form: ModelForm[Any], change: bool
    ) -> None:
        workspace = obj.workspace if change else request.workspace  # type: ignore[attr-defined]
        save_strategy(workspace=workspace, actor=Actor.user(request.user), strategy=obj, now=now())


@admin.register(StructureTerms)
class StructureTermsAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    """Its fields are the terms of the row's own kind; every workspace has one row of each."""

    form = StructureForm
    list_display = ["kind", "version", "is_active"]
    readonly_fields = ["kind", "version"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return StructureForm.of_kind(obj.kind) if obj else StructureForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["kind", "version", "is_active", *(StructureForm.names(obj.kind) if obj else [])]

    def save_model(
        self, request: HttpRequest, obj: StructureTerms, form: ModelForm[Any], change: bool
    ) -> None:
        save_structure(
            workspace=obj.workspace,
            actor=Actor.user(request.user),
            kind=obj.kind,
            values=form.terms(),  # type: ignore[attr-defined]
            is_active=obj.is_active,
            now=now(),
        )


@admin.register(Offer)
class OfferAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["reference", "deal", "seller", "amount", "state", "made_at", "expires_at"]
    list_filter = ["state", "formula"]
    list_select_related = ["deal__property", "seller"]
    search_fields = ["public_id", "seller__name"]
    exclude = ["token_hash"]
    ordering = ["-id"]


@admin.register(OfferDocument)
class OfferDocumentAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["offer", "state", "attempts", "byte_count", "error", "rendered_at"]
    list_filter = ["state"]
    list_select_related = ["offer"]
    exclude = ["body", "letter"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfferDocument]:
        rows: QuerySet[OfferDocument] = super().get_queryset(request)
        return rows.defer("body")


@admin.register(LetterOfIntent)
class LetterOfIntentAdmin(WorkspaceReadOnlyAdmin):
    list_display = ["deal", "seller", "kinds", "state", "made_at", "error"]
    list_filter = ["state"]
    list_select_related = ["deal__property", "seller"]
    exclude = ["body", "letter"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LetterOfIntent]:
        rows: QuerySet[LetterOfIntent] = super().get_queryset(request)
        return rows.defer("body")
