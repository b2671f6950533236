"""Where in a row the cells of each field stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Columns:
    """Field -> index. A field without a column points at the empty cell behind the row's end."""

    def __init__(self, names: Sequence[str], mapping: Mapping[str, str]) -> None:
        self.width = len(names)
        self.names = tuple(names)
        self._at: dict[str, int] = {}
        for at, name in enumerate(names):
            if meant := mapping.get(name):
                # Where two columns claim a field, the first one has it.
                self._at.setdefault(meant, at)

    def __contains__(self, field: str) -> bool:
        return field in self._at

    def __getitem__(self, field: str) -> int:
        return self._at.get(field, self.width)

    def header_of(self, field: str) -> str:
        return self.names[self._at[field]]

    def fields(self) -> tuple[str, ...]:
        return tuple(self._at)
