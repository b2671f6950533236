from django.apps import AppConfig


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

        keep_rows("deals_rulesetversion", KEPT)
        register_owned_places(owned_places)
        register_portfolios(owners_of_at_least, count_properties)
        register_owned_address(owned_address)
