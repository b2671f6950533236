"""Finding words in nested JSON whose spelling differs from vendor to vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 12
LONGEST_TEXT = 5_000


def plain_key(key: str) -> str:
    """'Property Address', 'property_address' and 'propertyAddress' are one key."""
    return "".join(letter for letter in key.casefold() if letter.isalnum())


def text_of(value: Any) -> str:
    """A leaf as a cell of a list would hold it; '' for nothing and for what is no leaf."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    # NUL cannot be stored, and a lone surrogate cannot be encoded.
    text = str(value).replace("\x00", "").encode(errors="replace").decode()
    return text.strip()[:LONGEST_TEXT]


def child(node: Any, *names: str) -> Any:
    """The first of `names` that `node` has, whatever its spelling; None where there is none."""
    if not isinstance(node, Mapping):
        return None
    plain = {plain_key(str(key)): value for key, value in reversed(list(node.items()))}
    for name in names:
        found = plain.get(plain_key(name))
        if found not in (None, "", [], {}):
            return found
    return None


def word(node: Any, *names: str) -> str:
    """Text of the first of `names` that holds some."""
    for name in names:
        if text := text_of(child(node, name)):
            return text
    return ""


def at_path(node: Any, path: str) -> str:
    """Text at a dotted path: 'contact.phones.0.number'. '' where it leads nowhere."""
    for step in path.split("."):
        if isinstance(node, list):
            node = node[int(step)] if step.isdecimal() and int(step) < len(node) else None
        else:
            node = child(node, step)
    return text_of(node)


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path, text) of every leaf that says something, no deeper than DEEPEST."""
    if len(path) > DEEPEST:
        return
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from leaves(value, (*path, str(at)))
    elif text := text_of(node):
        yield path, text


def items_of(node: Any) -> list[Any]:
    """A list as it is, {"0": …, "1": …} and single things as one."""
    if isinstance(node, list):
        return node
    if isinstance(node, Mapping) and node and all(str(key).isdecimal() for key in node):
        return list(node.values())
    return [] if node in (None, "", {}) else [node]
