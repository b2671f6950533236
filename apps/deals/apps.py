from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def _install_tallies(sender: AppConfig, using: str, **kwargs: Any) -> None:
    # A later migration on SQLite rebuilds a counted table, which silently drops its triggers.
    from apps.deals.tallies import TABLE, install

    if TABLE in connections[using].introspection.table_names():
        install(connections[using])


class DealsConfig(AppConfig):
    name = "apps.deals"

    def ready(self) -> None:
        from apps.contacts.registry import (
            register_owned_address,
            register_owned_places,
            register_portfolios,
        )
        from apps.deals import subscribers  # noqa: F401
        from apps.deals.models.versions import KEPT
        from apps.deals.queries.places import owned_address, owned_places
        from apps.deals.queries.portfolio import count_properties, owners_of_at_least
        from apps.events.append_only import keep_rows

        post_migrate.connect(_install_tallies, sender=self, dispatch_uid="deals.tallies")
        keep_rows("deals_rulesetversion", KEPT)
        register_owned_places(owned_places)
        register_portfolios(owners_of_at_least, count_properties)
        register_owned_address(owned_address)
