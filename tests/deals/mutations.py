"""JSON broken the way the world breaks it: wrong types, nulls, huge, NUL, deep, half a letter."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

Path = list[str | int]


def deep(depth: int) -> Any:
    node: Any = "x"
    for _ in range(depth):
        node = [node]
    return node


HOSTILE: list[Any] = [
    None, "", " ", [], {}, [None], {"": None}, 0, -1, True, False, 1e308, float("nan"),
    float("inf"), 10**30, "x" * 60_000, "\x00", "a\x00b", "\ud800", "=cmd|' /C calc'!A0", "\u202e",
    "💥" * 2_000, deep(40), deep(400), ["\ud800", {"\x00": "\x00"}], {"number": {"number": []}},
    "9" * 400, "0000-00-00", "2026-13-45T99:99:99Z", "NaN", "-0", "::|::", "tax_lien:x", ",,,,",
    "\r\n\"',;\t", "null", "٣٤", "1e999",
]  # fmt: skip


def paths_of(node: Any, here: Path | None = None) -> Iterator[Path]:
    here = here or []
    if here:
        yield here
    items = node.items() if isinstance(node, dict) else ()
    for key, child in enumerate(node) if isinstance(node, list) else items:
        yield from paths_of(child, [*here, key])


def mutate(record: Any, chance: random.Random, most: int = 4) -> Any:
    """A copy with one to `most` values replaced, dropped or moved to another key."""
    changed = copy.deepcopy(record)
    for _ in range(chance.randint(1, most)):
        places = list(paths_of(changed))
        if not places:
            break
        *way, last = chance.choice(places)
        node = changed
        for step in way:
            node = node[step]
        how = chance.random()
        if how < 0.75:
            node[last] = copy.deepcopy(chance.choice(HOSTILE))
        elif how < 0.9 or isinstance(node, list):
            del node[last]
        else:
            node[f"{last}\x00\ud800"] = node.pop(last)
    return changed
