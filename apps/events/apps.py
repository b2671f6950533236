from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate

from apps.events import catalog


def _install_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    # A later migration on SQLite rebuilds the table, which silently drops its triggers.
    from apps.events.append_only import install

    if "events_event" in connections[using].introspection.table_names():
        install(connections[using])


class EventsConfig(AppConfig):
    name = "apps.events"

    def ready(self) -> None:
        from simple_history.signals import pre_create_historical_record

        from apps.events.history import stamp

        pre_create_historical_record.connect(stamp, dispatch_uid="events.stamp")
        post_migrate.connect(_install_triggers, sender=self, dispatch_uid="events.triggers")
        for module in iter_modules(catalog.__path__):
            import_module(f"{catalog.__name__}.{module.name}")
        # Every process must know every subscriber, or facts published there would miss them.
        for config in apps.get_app_configs():
            if config.name.startswith("apps.") and find_spec(f"{config.name}.subscribers"):
                import_module(f"{config.name}.subscribers")
