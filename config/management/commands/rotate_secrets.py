"""`manage.py rotate_secrets`: seal all stored credentials again under the newest SECRET_KEY.

Put the new key into SECRET_KEY and the old one into SECRET_KEY_FALLBACKS, run this, then take the
old one away. Running it again does no harm.
"""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from apps.workspaces.scoping import WorkspaceRow
from apps.workspaces.vault import KeyMissing, reseal


class Command(BaseCommand):
    help = "Seal the credentials of sources and connections again under the newest SECRET_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        lost = [name for model in _holders() for name in self._reseal(model)]
        if lost:
            raise CommandError(
                "These were stored under a key that is neither SECRET_KEY nor one of its"
                f" fallbacks; enter them again: {', '.join(lost)}."
            )

    def _reseal(self, model: type[WorkspaceRow]) -> list[str]:
        """Names of the rows whose key is missing; all others are done."""
        lost, done = [], 0
        rows = model.across_workspaces.exclude(credentials="")
        for pk in list(rows.values_list("pk", flat=True).order_by("pk")):
            with transaction.atomic():
                row = model.across_workspaces.select_for_update(of=("self",)).get(pk=pk)
                try:
                    sealed = reseal(row.credentials)  # type: ignore[attr-defined]
                except KeyMissing:
                    lost.append(str(row))
                    continue
                # Past the record history: nothing that a person knows of has changed.
                model.across_workspaces.filter(pk=pk).update(credentials=sealed)
                done += 1
        self.stdout.write(f"{model._meta.verbose_name_plural}: {done} sealed again.")
        return lost


def _holders() -> list[type[WorkspaceRow]]:
    """Every model whose rows hold sealed credentials, those of later versions too."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, WorkspaceRow)
        and any(
            isinstance(f, models.Field) and f.name == "credentials"
            for f in model._meta.get_fields()
        )
    ]
