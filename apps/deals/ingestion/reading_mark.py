"""One digest for everything that decides what the rows of an import say and what becomes of them.

Two imports of one workspace with the same mark hold the same rows, read in the same way.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import phonenumbers
from django.conf import settings

from apps.deals.models import LeadImport
from apps.events.queries import count_facts

# What reads rows, weighs them and writes them down, and the tables these consult.
_SOURCES = (
    ("apps/common", "*.py"),
    ("apps/contacts", "*.py"),
    ("apps/deals", "*.py"),
    ("fixtures/presets", "*.yaml"),
    ("fixtures/counties", "*.csv"),
)


def reading_mark(lead_import: LeadImport) -> str:
    """64 hexadecimal characters; '' where no other import can be told to be the same.

    A feed has none: it may tell of one house several times. Nor is there one while an import is
    being undone, for its rows change from batch to batch.
    """
    others = LeadImport.objects.in_workspace(lead_import.workspace_id)
    if lead_import.as_of is None or lead_import.source_id is not None:
        return ""
    if others.filter(state=LeadImport.State.UNDOING).exists():
        return ""
    said = [
        *_reading(lead_import),
        # Both only ever grow: whatever a list was called or an undoing took away before, is seen.
        count_facts(lead_import.workspace_id, "deals.list_renamed.v1"),
        others.filter(state=LeadImport.State.UNDONE).count(),
        version_of_code(),
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _reading(held: LeadImport) -> list[object]:
    """The name of the file is left out: it is written only where a row has something to say."""
    return [
        held.sha256, held.encoding, held.delimiter, held.header_row, held.header, held.mapping,
        held.vendor, held.is_person_rows, held.is_surname_first, str(held.as_of), held.strength,
        held.source_label, held.lead_list_id,
    ]  # fmt: skip


@lru_cache(maxsize=1)
def version_of_code() -> str:
    """Changes with every line of code that reads rows: what an older version made of them counts
    for nothing."""
    found = hashlib.sha256(f"{phonenumbers.__version__} {unicodedata.unidata_version}".encode())
    for path in _files():
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    for folder, pattern in _SOURCES:
        yield from sorted((settings.BASE_DIR / folder).rglob(pattern))
