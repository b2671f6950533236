"""Telling the admin which vendors of look-ups there are, and trying a connection out."""

from __future__ import annotations

from datetime import timedelta

from apps.common.clock import now
from apps.contacts.vendors import VENDORS, find_vendor, price_of
from apps.events.actions import Actor
from apps.workspaces.models import Connection
from apps.workspaces.registry import ProviderKind, register_providers
from apps.workspaces.types import Capability
from apps.workspaces.vault import KeyMissing, unseal

ACTOR = Actor.system("contacts.try_connection")


def register() -> None:
    for capability in (Capability.SKIP_TRACE, Capability.PHONE_LOOKUP):
        kinds = [
            ProviderKind(
                capability, vendor.name, vendor.label, vendor.secrets, f"${vendor.price} a match"
            )
            for vendor in VENDORS
            if vendor.capability == capability
        ]
        register_providers(capability, kinds, try_connection)


def try_connection(connection: Connection) -> tuple[bool, str]:
    """(works, sentence): one call that costs nothing; trouble found here rests the vendor."""
    from apps.contacts.actions.troubles import end_trouble, note_trouble
    from apps.contacts.providers import make_lookup, make_tracer
    from apps.contacts.providers.base import AnswerLost, TraceUnavailable

    kind, workspace = connection.capability, connection.workspace
    vendor = find_vendor(kind, connection.provider)
    if vendor is None:
        return False, "Nobody knows this vendor."
    make = make_tracer if kind == Capability.SKIP_TRACE else make_lookup
    try:
        provider = make(
            vendor.name,
            secrets=unseal(connection.credentials),
            settings=connection.settings,
            price=price_of(kind, vendor.name, connection.settings),
        )
        if provider is not None:
            provider.probe()
    except AnswerLost as error:
        return False, f"{error} Nothing was ordered, so nothing was charged."
    except (TraceUnavailable, KeyMissing) as error:
        pause = getattr(error, "pause", None) or timedelta(hours=1)
        if isinstance(error, KeyMissing) or error.pause is not None:
            note_trouble(
                workspace=workspace, actor=ACTOR, connection=connection, problem=str(error),
                until=now() + pause, now=now(),
            )  # fmt: skip
        return False, str(error)
    end_trouble(workspace=workspace, actor=ACTOR, connection=connection, now=now())
    return True, f"{vendor.label} answers and accepts the key. Nothing was bought."
