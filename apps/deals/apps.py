from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "apps.deals"

    def ready(self) -> None:
        from apps.contacts.registry import register_owned_places
        from apps.deals import subscribers  # noqa: F401
        from apps.deals.queries.places import owned_places

        register_owned_places(owned_places)
