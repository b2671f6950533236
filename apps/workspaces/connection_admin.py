"""Connections in the admin: provider, order, price, budget, and a key that is never shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from apps.common.clock import now
from apps.events.actions import Actor
from apps.workspaces.actions import save_connection
from apps.workspaces.admin_scope import WorkspaceAdmin
from apps.workspaces.models import Connection
from apps.workspaces.registry import (
    find_provider_kind,
    is_choosable,
    list_providers,
    try_connection,
)
from apps.workspaces.types import Capability
from apps.workspaces.vault import KeyMissing, seal, unseal

SANDBOX = "sandbox"
OPTIONS = ("base_url", "price", "monthly_budget", "reuse_days", "fields")


class _SecretInput(forms.PasswordInput):
    """Never filled with what is stored."""

    def __init__(self) -> None:
        css = UnfoldAdminTextInputWidget().attrs.get("class", "")
        super().__init__(attrs={"class": css, "autocomplete": "new-password"}, render_value=False)


def _amount(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(1_000_000),
        decimal_places=4,
        widget=UnfoldAdminDecimalFieldWidget(),
    )


class LookupConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A connection whose provider may be chosen. Empty key fields keep what is stored."""

    provider = forms.ChoiceField()
    base_url = forms.CharField(
        label="Address",
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Empty: the vendor's usual address. Must begin with https://."
        " Another address asks for the key again.",
    )
    price = _amount("Price per match", "Dollars. Empty: the vendor's usual price.")
    monthly_budget = _amount(
        "Monthly budget", "Dollars. Buying stops when it is used up. Empty: no limit."
    )
    reuse_days = forms.IntegerField(
        label="Days a number's look-up answers",
        required=False,
        min_value=1,
        max_value=3650,
        help_text="Phone look-ups only. Empty: 90.",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )
    account_sid = forms.CharField(
        label="Account SID", required=False, max_length=120, widget=_SecretInput()
    )
    key = forms.CharField(
        label="API key or token",
        required=False,
        max_length=400,
        widget=_SecretInput(),
        help_text="Stored sealed and never shown again. Leave empty to keep the one stored.",
    )

    class Meta:
        model = Connection
        fields = ["capability", "provider", "position", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.capability if self.instance.pk else ""
        kinds = [kind for kind in list_providers() if chosen in ("", kind.capability)]
        labels = {kind.name: kind.label for kind in kinds}
        provider = self.fields["provider"]
        provider.choices = list(labels.items())  # type: ignore[attr-defined]
        if "capability" in self.fields:
            self.fields["capability"].choices = [  # type: ignore[attr-defined]
                (value, label) for value, label in Capability.choices if is_choosable(value)
            ]
        for name in OPTIONS:
            if name in self.fields and name in (self.instance.settings or {}):
                self.initial[name] = self.instance.settings[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        capability = cleaned.get("capability") or self.instance.capability
        kind = find_provider_kind(capability, cleaned.get("provider", ""))
        if cleaned.get("provider") and kind is None:
            self.add_error("provider", "This vendor does not offer that; choose another one.")
        url = cleaned.get("base_url", "")
        if url and not url.startswith(("https://", "http://")):
            self.add_error("base_url", "An address begins with https://.")
        if kind is not None and cleaned.get("is_active"):
            stored = self._stored()
            for name, label in kind.secrets.items():
                if not cleaned.get(name) and not stored.get(name):
                    self.add_error(name, f"{kind.label} needs its {label}.")
        return cleaned

    def _stored(self) -> dict[str, str]:
        """Only the secrets of the provider and address that stay: a key goes to nobody else."""
        has_moved = {"provider", "base_url"} & set(self.changed_data)
        return {} if has_moved else self._unsealed()

    def _unsealed(self) -> dict[str, str]:
        try:
            return unseal(self.instance.credentials)
        except KeyMissing:
            return {}

    def apply(self, connection: Connection) -> None:
        """Write options and secrets to the row that is about to be saved."""
        data = self.cleaned_data
        options = dict(connection.settings or {})
        for name in OPTIONS:
            if name not in data:
                continue
            options.pop(name, None)
            if data[name] not in (None, ""):
                options[name] = str(data[name])
        connection.settings = options
        kind = find_provider_kind(connection.capability, connection.provider)
        kept = self._stored()
        wanted = kind.secrets if kind else {}
        given = {name: data[name].strip() for name in wanted if data.get(name)}
        secrets = {name: kept[name] for name in wanted if name in kept} | given
        if secrets != self._unsealed() or not secrets:
            connection.credentials = seal(secrets)
        connection.is_sandbox = connection.provider == SANDBOX


class SenderConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Channels: their provider is not chosen here."""

    class Meta:
        model = Connection
        fields = ["capability", "from_address", "is_active", "is_registered"]


@admin.register(Connection)
class ConnectionAdmin(SimpleHistoryAdmin, WorkspaceAdmin):
    list_display = ["capability", "provider", "position", "from_address", "is_sandbox", "is_active"]
    list_filter = ["capability", "is_active"]
    ordering = ["capability", "position", "pk"]
    actions = ["try_out"]
    actions_submit_line = ["save_and_test"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        is_lookup = obj is None or is_choosable(obj.capability)
        kwargs["form"] = LookupConnectionForm if is_lookup else SenderConnectionForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not is_choosable(obj.capability):
            names = ["capability", "provider", "from_address", "is_sandbox", "is_active"]
            return [(None, {"fields": [*names, "is_registered"]})]
        return [
            (None, {"fields": ["capability", "provider", "position", "is_active"]}),
            ("Money", {"fields": ["price", "monthly_budget", "reuse_days"]}),
            ("Access", {"fields": ["base_url", "account_sid", "key"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return ["capability"] if is_choosable(obj.capability) else ["provider", "is_sandbox"]

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        workspace = obj.workspace if change else request.workspace  # type: ignore[attr-defined]
        if isinstance(form, LookupConnectionForm):
            form.apply(obj)
        save_connection(
            workspace=workspace, actor=Actor.user(request.user), connection=obj, now=now()
        )
        if "save_and_test" in request.POST:
            self.save_and_test(request, obj)

    @action(description="Save and test")
    def save_and_test(self, request: HttpRequest, obj: Connection) -> None:
        """The admin saves inside a transaction; the vendor is called when that is over."""
        transaction.on_commit(lambda: self._tell(request, obj))

    @admin.action(description="Test the connection")
    def try_out(self, request: HttpRequest, queryset: Any) -> None:
        for connection in queryset.select_related("workspace"):
            self._tell(request, connection)

    def _tell(self, request: HttpRequest, connection: Connection) -> None:
        works, sentence = try_connection(connection)
        level = messages.SUCCESS if works else messages.ERROR
        self.message_user(request, f"{connection}: {sentence}", level)
