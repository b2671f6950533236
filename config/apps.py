from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Carries the commands that start the whole house."""

    name = "config"
