"""The presets of a workspace: the shipped ones, and what people chose for headers of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.common.ids import digest
from apps.deals.ingestion.mapping import check_mapping
from apps.deals.ingestion.vendors import Preset, shipped_layouts
from apps.deals.models import ListPreset
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.lists import ListPresetSaved, ListPresetsLaid
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class MappingNotUsable(ValueError):
    """The mapping names no property, or two columns for one field; the text says which."""


def list_presets(workspace: Workspace) -> Sequence[Preset]:
    """What `detect` asks: the workspace's rows, the shipped layouts until it has any of them."""
    rows = list(ListPreset.objects.in_workspace(workspace).order_by("-id"))
    held = {row.slug for row in rows}
    return [*rows, *(layout for layout in shipped_layouts() if layout.slug not in held)]


def create_shipped_presets(workspace: Workspace) -> list[str]:
    """Rows for the shipped layouts that the workspace lacks; their slugs. Inside an action only."""
    held = set(ListPreset.objects.in_workspace(workspace).values_list("slug", flat=True))
    new = [layout for layout in shipped_layouts() if layout.slug not in held]
    ListPreset.objects.bulk_create(
        ListPreset(
            workspace=workspace,
            vendor=layout.vendor,
            label=layout.label,
            slug=layout.slug,
            columns=list(layout.columns),
            mapping=dict(layout.mapping),
            is_person_rows=layout.is_person_rows,
            is_surname_first=layout.is_surname_first,
            is_shipped=True,
            strength=layout.strength,
        )
        for layout in new
    )
    return [layout.slug for layout in new]


@action
def lay_presets(*, workspace: Workspace, actor: Actor, now: datetime) -> None:
    """Give a workspace from before presets were rows the shipped ones."""
    slugs = create_shipped_presets(workspace)
    if not slugs:
        unchanged("the workspace has every shipped preset")
        return
    publish(
        ListPresetsLaid(subject=workspace.public_id, slugs=slugs),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


@action
def save_preset(
    *, workspace: Workspace, actor: Actor, preset: ListPreset, now: datetime
) -> ListPreset:
    """Store a preset as an admin typed it. Raises MappingNotUsable."""
    _require_usable(preset.columns, preset.mapping)
    preset.workspace = workspace
    preset.save()
    _publish_saved(preset, actor, now)
    return preset


@action
def remember_mapping(
    *,
    workspace: Workspace,
    actor: Actor,
    header: Sequence[str],
    mapping: Mapping[str, str],
    now: datetime,
    label: str = "",
    is_person_rows: bool = False,
    is_surname_first: bool = False,
) -> ListPreset:
    """Read files with this header like this from now on. Raises MappingNotUsable.

    `header` are the columns as `LeadImport.header` has them, repeats told apart.
    """
    wanted = {name: meant for name, meant in mapping.items() if meant}
    _require_usable(header, wanted)
    slug = f"own_{digest('|'.join(sorted(name.casefold() for name in header)))[:16]}"
    preset, is_new = ListPreset.objects.in_workspace(workspace).get_or_create(
        slug=slug,
        defaults={
            "workspace": workspace,
            "columns": list(header),
            "mapping": wanted,
            "label": label[:80] or f"List that begins with {header[0]}"[:80],
            "is_person_rows": is_person_rows,
            "is_surname_first": is_surname_first,
        },
    )
    values = {
        "mapping": wanted,
        "is_person_rows": is_person_rows,
        "is_surname_first": is_surname_first,
        "label": label[:80] or preset.label,
    }
    if not is_new and all(getattr(preset, name) == value for name, value in values.items()):
        unchanged("this header is remembered like this already")
        return preset
    for name, value in values.items():
        setattr(preset, name, value)
    preset.save()
    _publish_saved(preset, actor, now)
    return preset


def _require_usable(header: Sequence[str], mapping: Mapping[str, str]) -> None:
    there = {name: meant for name, meant in mapping.items() if name in header}
    if said := check_mapping(header, there):
        raise MappingNotUsable(" ".join(said))


def _publish_saved(preset: ListPreset, actor: Actor, now: datetime) -> None:
    publish(
        ListPresetSaved(
            subject=preset.public_id,
            slug=preset.slug,
            label=preset.label,
            mapping=preset.mapping,
        ),
        workspace_id=preset.workspace_id,
        actor=actor,
        now=now,
    )
